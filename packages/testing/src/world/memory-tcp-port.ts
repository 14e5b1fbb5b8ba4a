/**
 * A simulated TCP port that listens.
 *
 * | state    | connection comes     | serve()                      | stopListening()                  |
 * |----------|----------------------|------------------------------|----------------------------------|
 * | held     | waits, or is refused | serving; the waiting come in | stopping; the waiting are reset  |
 * | serving  | served, or refused   | -                            | stopping                         |
 * | stopping | -                    | -                            | joins                            |
 * | stopped  | -                    | -                            | -                                |
 *
 * A connection is refused when there are too many: it is closed at once, and counted.
 *
 * @module
 */
import type {
  ConnectionHandler,
  Description,
  IInspectable,
  IListeningPort,
  ILog,
  IProtocol,
  IProtocolFactory,
  IReactorTime,
  ISocketHandler,
  IStopRequested,
  IStreamHandler,
  Seconds,
  TCPListenOptions,
} from '@sennit/interfaces'
import {
  ConnectionLost,
  type HandlerKind,
  type InternetAddress,
  handlerKind,
  internetAddress,
} from '@sennit/protocol'
import {
  ConnectionContext,
  ConnectionSet,
  type ServedConnection,
  StreamSession,
} from '@sennit/protocol/internal'
import { toSeconds } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import type { Machine } from './machine.ts'
import { MemorySocket } from './memory-socket.ts'
import type { MemoryTransport } from './memory-transport.ts'
import type { Acceptor, Network } from './network.ts'

/** The platform's own. */
const BACKLOG = 511

/** Where a port is, and what it takes from its reactor. */
export interface PortSurroundings {
  readonly network: Network
  readonly machine: Machine
  readonly clock: IReactorTime
  readonly log: ILog
}

/** Hands connections to a handler. */
export class MemoryTCPPort implements IListeningPort, IInspectable, Acceptor {
  readonly isOurs = true
  readonly #network: Network
  readonly #machine: Machine
  readonly #clock: IReactorTime
  readonly #log: ILog
  readonly #handler: ConnectionHandler
  readonly #kind: HandlerKind
  readonly #host: InternetAddress
  readonly #connections: ConnectionSet
  readonly #maxWaiting: number
  readonly #idleTimeout: Seconds
  readonly #waiting: MemoryTransport[] = []
  #state: 'held' | 'serving' | 'stopping' | 'stopped'
  #stopped: Promise<void> | undefined

  /**
   * Binds.
   *
   * @param address - a literal of the machine, or one that means all of a family
   * @throws Error with Node's fields when it cannot be bound
   */
  constructor(
    port: number,
    address: string,
    handler: ConnectionHandler,
    options: TCPListenOptions,
    { network, machine, clock, log }: PortSurroundings,
  ) {
    const { maxConnections, backlog = BACKLOG, held = false, drain = true } = options
    const drainTimeout = toSeconds(options.drainTimeout ?? 5, 'drainTimeout')
    this.#idleTimeout = toSeconds(options.idleTimeout ?? Infinity, 'idleTimeout')
    this.#network = network
    this.#machine = machine
    this.#clock = clock
    this.#log = log
    this.#handler = handler
    this.#kind = handlerKind(handler)
    this.#connections = new ConnectionSet({ handler, clock, log, maxConnections, drain, drainTimeout })
    this.#maxWaiting = Math.min(maxConnections ?? Infinity, backlog)
    this.#host = internetAddress('TCP', address, network.tcp(machine).bind(address, port, this))
    this.#state = held ? 'held' : 'serving'
    try {
      if (this.#kind === 'protocol') (handler as IProtocolFactory).doStart()
    } catch (error) {
      this.#release()
      throw error
    }
    network.open.add(this)
  }

  getHost(): InternetAddress {
    return this.#host
  }

  serve(): void {
    if (this.#state !== 'held') return
    this.#state = 'serving'
    for (const transport of this.#waiting.splice(0)) this.#serve(transport)
  }

  stopListening(): Promise<void> | undefined {
    if (this.#state === 'stopped') return undefined
    // Each call gets a promise of its own.
    if (this.#stopped !== undefined) return this.#stopped.then(() => {})
    this.#state = 'stopping'
    this.#release()
    for (const transport of this.#waiting.splice(0)) transport.abortConnection()
    this.#stopped = this.#finish()
    return this.#stopped
  }

  describe(): Description {
    const { accepted, refused, size } = this.#connections
    return {
      kind: 'TCPPort',
      name: undefined,
      state: this.#state,
      since: undefined,
      error: undefined,
      facts: { address: this.#host.toString(), connections: size, accepted, refused },
      children: [],
    }
  }

  accept(transport: MemoryTransport): void {
    if (this.#state === 'serving') this.#serve(transport)
    else if (this.#waiting.length < this.#maxWaiting) this.#waiting.push(transport)
    else {
      this.#connections.refused++
      transport.abortConnection()
    }
  }

  toString(): string {
    return `listener ${this.#host.toString()}`
  }

  async #finish(): Promise<void> {
    const drained = this.#connections.drain()
    await new Promise<void>((resolve) => this.#network.time.soon(resolve))
    await drained
    this.#state = 'stopped'
    this.#network.open.delete(this)
    if (this.#kind === 'protocol') this.#guard('doStop', () => (this.#handler as IProtocolFactory).doStop())
  }

  #release(): void {
    this.#network.tcp(this.#machine).release(this.#host.port, this)
  }

  #serve(transport: MemoryTransport): void {
    if (transport.lost) return
    if (!this.#connections.admit()) {
      this.#attach(transport, undefined)
      transport.loseConnection()
      return
    }
    if (this.#idleTimeout !== Infinity) this.#watch(transport)
    if (this.#kind === 'protocol') this.#serveProtocol(transport, this.#handler as IProtocolFactory)
    else if (this.#kind === 'stream') this.#serveStream(transport, this.#handler as IStreamHandler)
    else this.#serveSocket(transport, this.#handler as ISocketHandler)
  }

  #serveProtocol(transport: MemoryTransport, factory: IProtocolFactory): void {
    let protocol: (IProtocol & Partial<IStopRequested>) | undefined
    this.#guard('buildProtocol', () => {
      protocol = factory.buildProtocol(transport.getPeer())
    })
    if (protocol === undefined) {
      this.#connections.refused++
      this.#attach(transport, undefined)
      transport.loseConnection()
      return
    }
    const built = protocol
    const served: ServedConnection = {
      requestStop: () => transport.call('stopRequested', () => built.stopRequested?.()),
      abort: () => transport.abortConnection(),
    }
    this.#connections.add(served)
    this.#attach(transport, built, () => this.#connections.delete(served))
  }

  #serveStream(transport: MemoryTransport, handler: IStreamHandler): void {
    const socket = this.#socket(transport)
    const session: StreamSession = new StreamSession(handler, socket, {
      ...this.#context(transport),
      ended: () => this.#connections.delete(session),
    })
    this.#connections.add(session)
  }

  #serveSocket(transport: MemoryTransport, handler: ISocketHandler): void {
    const socket = this.#socket(transport)
    const context = new ConnectionContext(this.#context(transport))
    const served: ServedConnection = {
      requestStop: () => context.abort(),
      abort: () => {
        context.abort()
        socket.destroy()
      },
    }
    this.#connections.add(served)
    socket.once('close', () => this.#connections.delete(served))
    const error = this.#guard('handleSocket', () => handler.handleSocket(socket, context))
    if (error !== undefined) socket.destroy(error)
  }

  #socket(transport: MemoryTransport): MemorySocket {
    const socket = new MemorySocket(this.#network.time, transport)
    this.#attach(transport, socket)
    return socket
  }

  #context(transport: MemoryTransport): ConstructorParameters<typeof ConnectionContext>[0] {
    return {
      peer: () => transport.getPeer(),
      host: () => transport.getHost(),
      clock: this.#clock,
      log: this.#log,
    }
  }

  #attach(transport: MemoryTransport, protocol: IProtocol | undefined, onLost: () => void = () => {}): void {
    transport.attach(protocol, { onLost, log: this.#log })
  }

  /** Closes a connection on which nothing has come or gone for too long. */
  #watch(transport: MemoryTransport): void {
    const { time } = this.#network
    const timeout = this.#idleTimeout
    const look = () => {
      if (transport.lost) return
      const due = transport.lastActivity + timeout
      if (due > time.seconds()) time.at(due, look)
      else transport.closeNow(idleError(timeout))
    }
    time.after(timeout, look)
  }

  #guard(hook: string, call: () => void): Error | undefined {
    try {
      call()
      return undefined
    } catch (thrown) {
      const error = asError(thrown)
      this.#log.error({ err: error }, `${hook} threw`)
      return error
    }
  }
}

function idleError(timeout: Seconds): ConnectionLost {
  return new ConnectionLost(`nothing came or went for ${timeout} s`, { code: 'ERR_SENNIT_IDLE' })
}
