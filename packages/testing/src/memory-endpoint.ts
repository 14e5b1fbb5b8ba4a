/**
 * Endpoints without sockets: a name at which one part of a program listens and another connects, in a process or in a world.
 *
 * They are no types of endpoint strings until somebody registers them: `@sennit/testing` does not know `@sennit/endpoints`.
 *
 * @module
 */
import type {
  ConnectionHandler,
  ConnectOptions,
  IListeningPort,
  IProtocol,
  IProtocolFactory,
  IReactorTime,
  IStreamClientEndpoint,
  IStreamServerEndpoint,
  StreamListenOptions,
} from '@sennit/interfaces'
import {
  CannotListenError,
  ConnectingCancelledError,
  ConnectionTimeoutError,
  NoProtocolError,
} from '@sennit/protocol'
import { defaultLog, systemClock, toSeconds } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import { MemoryAddress } from './memory-address.ts'
import { placeOf } from './world/host-base.ts'
import type { Ends } from './world/network/ends.ts'
import { type Acceptor, Network } from './world/network/network.ts'
import { Dial } from './world/streams/dial.ts'
import { type Bound, MemoryStreamPort, type PortSurroundings } from './world/streams/memory-stream-port.ts'
import type { MemoryTransport } from './world/streams/memory-transport.ts'
import { systemError } from './world/system-error.ts'
import { ClockTime } from './world/time/network-time.ts'

/** Options of a memory endpoint. */
export interface MemoryEndpointOptions {
  /**
   * A `MemoryWorld` or `MemoryHost` for a name within that world; anything else for one within the process.
   *
   * @defaultValue the `context`'s, in the options of `listen` and `connect`
   */
  readonly reactor?: IReactorTime | undefined
}

/** As much of the arguments of an endpoint string as the parsers here ask for. */
export interface MemoryEndpointArguments {
  readonly reactor: IReactorTime | undefined
  required<T>(name: string, kind: { readonly wanted: string; read(text: string): T | undefined }): T
}

/** The connections within this process. */
let processNetwork: Network | undefined

/**
 * Listens at a name.
 *
 * @example
 * ```ts
 * const port = await new MemoryServerEndpoint('chat').listen(handler(serve))
 * ```
 */
export class MemoryServerEndpoint implements IStreamServerEndpoint {
  readonly name: string
  readonly #reactor: IReactorTime | undefined

  constructor(name: string, { reactor }: MemoryEndpointOptions = {}) {
    this.name = name
    this.#reactor = reactor
  }

  /**
   * Listens.
   *
   * @throws CannotListenError (`EADDRINUSE`), as a rejection
   */
  async listen(handler: ConnectionHandler, options: StreamListenOptions = {}): Promise<IListeningPort> {
    options.signal?.throwIfAborted()
    const surroundings = surroundingsOf(this.#reactor, options.context)
    const { named } = surroundings.network
    const { name } = this
    const bind = (acceptor: Acceptor): Bound => {
      if (named.has(name)) throw new CannotListenError('', this.toString(), inUse(this.toString()))
      named.set(name, { acceptor, machine: surroundings.machine })
      return { host: new MemoryAddress(name), release: () => named.delete(name) }
    }
    return new MemoryStreamPort({ kind: 'MemoryPort', bind }, handler, options, surroundings)
  }

  toString(): string {
    return `memory:${this.name}`
  }
}

/**
 * Connects to a name.
 *
 * @example
 * ```ts
 * await new MemoryServerEndpoint('chat').listen(handler(serve))
 * const socket = await new MemoryClientEndpoint('chat').connect(duplexFactory())
 * ```
 */
export class MemoryClientEndpoint implements IStreamClientEndpoint {
  readonly name: string
  readonly #reactor: IReactorTime | undefined

  constructor(name: string, { reactor }: MemoryEndpointOptions = {}) {
    this.name = name
    this.#reactor = reactor
  }

  /**
   * Connects, and yields the protocol that the factory built, after its `makeConnection`.
   *
   * @throws ConnectionRefusedError, as a rejection, when nobody listens at the name
   * @throws ConnectingCancelledError, as a rejection, when the signal is aborted
   * @throws NoProtocolError, as a rejection, when the factory builds no protocol
   */
  connect<P extends IProtocol>(factory: IProtocolFactory<P>, options: ConnectOptions = {}): Promise<P> {
    const { signal, timeout = 30, context } = options
    const address = new MemoryAddress(this.name)
    const seconds = toSeconds(timeout, 'timeout')
    return new Promise((resolve, reject) => {
      const cancelled = () => new ConnectingCancelledError(address, { cause: signal?.reason })
      if (signal?.aborted) throw cancelled()
      const surroundings = surroundingsOf(this.#reactor, context)
      const over = () => {
        signal?.removeEventListener('abort', abort)
        if (timer?.active()) timer.cancel()
      }
      const failed = (error: Error) => {
        over()
        factory.doStop()
        reject(error)
      }
      const giveUp = (error: Error) => {
        dial.cancel()
        failed(error)
      }
      const abort = () => giveUp(cancelled())
      const late = () =>
        giveUp(new ConnectionTimeoutError(`no connection to ${address.toString()} within ${seconds} s`))
      const timer = seconds === Infinity ? undefined : surroundings.clock.callLater(seconds, late)
      signal?.addEventListener('abort', abort)
      factory.doStart()
      const dial = this.#dial(surroundings, {
        connected(transport) {
          over()
          serve(transport, factory, surroundings, resolve, reject)
        },
        failed,
      })
    })
  }

  toString(): string {
    return `memory:${this.name}`
  }

  #dial({ network, machine }: PortSurroundings, result: ConstructorParameters<typeof Dial>[1]): Dial {
    const find = (): Acceptor => {
      const found = network.named.get(this.name)
      if (found === undefined) throw systemError('ECONNREFUSED', 'connect', this.toString())
      return found.acceptor
    }
    const to = network.named.get(this.name)?.machine ?? machine
    const [here, there] = [new MemoryAddress(''), new MemoryAddress(this.name)]
    const [client, server] = [ends(here, there), ends(there, here)]
    return new Dial({ network, from: machine, to, client, server, find, isOurs: true }, result)
  }
}

/** The parser of `memory:NAME`, to be registered with the types of server endpoints. */
export function memoryServerEndpoint(args: MemoryEndpointArguments): MemoryServerEndpoint {
  return new MemoryServerEndpoint(args.required('name', nameArgument), { reactor: args.reactor })
}

/** The parser of `memory:NAME`, to be registered with the types of client endpoints. */
export function memoryClientEndpoint(args: MemoryEndpointArguments): MemoryClientEndpoint {
  return new MemoryClientEndpoint(args.required('name', nameArgument), { reactor: args.reactor })
}

const nameArgument = { wanted: 'a name', read: (text: string) => text || undefined }

function serve<P extends IProtocol>(
  transport: MemoryTransport,
  factory: IProtocolFactory<P>,
  { log, clock }: PortSurroundings,
  resolve: (protocol: P) => void,
  reject: (error: Error) => void,
): void {
  const onLost = () => factory.doStop()
  let protocol: P | undefined
  try {
    protocol = factory.buildProtocol(transport.getPeer())
    if (protocol === undefined) throw new NoProtocolError()
  } catch (error) {
    transport.attach(undefined, { log, clock, onLost })
    transport.loseConnection()
    reject(asError(error))
    return
  }
  const error = transport.attach(protocol, { log, clock, onLost })
  if (error === undefined) resolve(protocol)
  else reject(error)
}

function surroundingsOf(
  given: IReactorTime | undefined,
  { reactor = given, clock = reactor ?? systemClock, log }: ConnectOptions['context'] = {},
): PortSurroundings {
  const place = placeOf(given ?? reactor)
  if (place !== undefined) return { ...place, clock, log: log ?? place.network.log }
  processNetwork ??= new Network({
    time: new ClockTime(systemClock),
    log: defaultLog,
    seed: 0,
    latency: [0, 0],
  })
  return { network: processNetwork, machine: processNetwork.machine('here'), clock, log: log ?? defaultLog }
}

function ends(host: MemoryAddress, peer: MemoryAddress): Ends {
  return { resets: true, host: () => host, peer: () => peer }
}

function inUse(address: string): Error {
  return systemError('EADDRINUSE', 'listen', address)
}
