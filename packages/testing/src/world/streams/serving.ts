/**
 * Serving the connections of a simulated port, by each kind of handler.
 *
 * @module
 */
import type {
  ConnectionHandler,
  ILog,
  IProtocol,
  IProtocolFactory,
  IReactorTime,
  ISocketHandler,
  IStopRequested,
  IStreamHandler,
  Seconds,
  StreamListenOptions,
} from '@sennit/interfaces'
import { ConnectionLost, type HandlerKind, handlerKind } from '@sennit/protocol'
import {
  ConnectionContext,
  type ConnectionSet,
  type ServedConnection,
  StreamSession,
} from '@sennit/protocol/internal'
import { toSeconds } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import type { Network } from '../network/network.ts'
import { MemorySocket } from './memory-socket.ts'
import type { MemoryTransport } from './memory-transport.ts'

/** What is served with. */
export interface ServingSurroundings {
  readonly network: Network
  readonly clock: IReactorTime
  readonly log: ILog
}

/** Hands connections that were admitted to a handler. */
export class Serving {
  readonly #handler: ConnectionHandler
  readonly #kind: HandlerKind
  readonly #connections: ConnectionSet
  readonly #surroundings: ServingSurroundings
  readonly #idleTimeout: Seconds
  readonly #receiveTimeout: Seconds

  constructor(
    handler: ConnectionHandler,
    connections: ConnectionSet,
    { idleTimeout = Infinity, receiveTimeout = Infinity }: StreamListenOptions,
    surroundings: ServingSurroundings,
  ) {
    this.#handler = handler
    this.#kind = handlerKind(handler)
    this.#connections = connections
    this.#surroundings = surroundings
    this.#idleTimeout = toSeconds(idleTimeout, 'idleTimeout')
    this.#receiveTimeout = toSeconds(receiveTimeout, 'receiveTimeout')
  }

  serve(transport: MemoryTransport): void {
    if (this.#idleTimeout !== Infinity) this.#watchIdle(transport, this.#idleTimeout)
    if (this.#receiveTimeout !== Infinity) this.#watchReceived(transport, this.#receiveTimeout)
    if (this.#kind === 'protocol') this.#serveProtocol(transport, this.#handler as IProtocolFactory)
    else if (this.#kind === 'stream') this.#serveStream(transport, this.#handler as IStreamHandler)
    else this.#serveSocket(transport, this.#handler as ISocketHandler)
  }

  /** Closes a connection that nobody serves. */
  refuse(transport: MemoryTransport): void {
    this.#attach(transport, undefined)
    transport.loseConnection()
  }

  #serveProtocol(transport: MemoryTransport, factory: IProtocolFactory): void {
    let protocol: (IProtocol & Partial<IStopRequested>) | undefined
    this.#guard('buildProtocol', () => {
      protocol = factory.buildProtocol(transport.getPeer())
    })
    if (protocol === undefined) {
      this.#connections.refused++
      this.refuse(transport)
      return
    }
    const built = protocol
    const served: ServedConnection = {
      seat: -1,
      get bytesRead() {
        return transport.bytesRead
      },
      get bytesWritten() {
        return transport.bytesWritten
      },
      requestStop: () => transport.call('stopRequested', () => built.stopRequested?.()),
      abort: () => transport.abortConnection(),
      closeNow: (reason) => transport.closeNow(reason),
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
      seat: -1,
      get bytesRead() {
        return transport.bytesRead
      },
      get bytesWritten() {
        return transport.bytesWritten
      },
      requestStop: () => context.abort(),
      abort: () => {
        context.abort()
        socket.destroy()
      },
    }
    this.#connections.add(served)
    socket.once('close', () => this.#connections.delete(served))
    const error = this.#guard('handleSocket', () => handler.handleSocket(socket, context))
    if (error !== undefined) transport.closeNow(error)
  }

  #socket(transport: MemoryTransport): MemorySocket {
    const socket = new MemorySocket(this.#surroundings.network.time, transport, { allowHalfOpen: true })
    this.#attach(transport, socket, () => {}, socket)
    return socket
  }

  #context(transport: MemoryTransport): ConstructorParameters<typeof ConnectionContext>[0] {
    const { clock, log } = this.#surroundings
    return { peer: () => transport.getPeer(), host: () => transport.getHost(), clock, log }
  }

  #attach(
    transport: MemoryTransport,
    protocol: IProtocol | undefined,
    onLost: () => void = () => {},
    connection?: MemorySocket,
  ): void {
    const { clock, log } = this.#surroundings
    transport.attach(protocol, { side: 'server', connection, onLost, log, clock })
  }

  /** Closes a connection on which nothing has come or gone for too long. */
  #watchIdle(transport: MemoryTransport, timeout: Seconds): void {
    this.#watch(transport, timeout, () => transport.lastActivity, idleError)
  }

  /** Closes a connection on which nothing has come for too long; what is not read cannot come. */
  #watchReceived(transport: MemoryTransport, timeout: Seconds): void {
    const { time } = this.#surroundings.network
    const last = () => (transport.isReading ? transport.lastReceived : time.seconds())
    this.#watch(transport, timeout, last, silentError)
  }

  #watch(
    transport: MemoryTransport,
    timeout: Seconds,
    last: () => Seconds,
    error: (timeout: Seconds) => Error,
  ): void {
    const { time } = this.#surroundings.network
    const look = () => {
      if (transport.lost) return
      const due = last() + timeout
      if (due > time.seconds()) time.at(due, look)
      else transport.closeNow(error(timeout))
    }
    time.after(timeout, look)
  }

  #guard(hook: string, call: () => void): Error | undefined {
    try {
      call()
      return undefined
    } catch (thrown) {
      const error = asError(thrown)
      this.#surroundings.log.error({ err: error }, `${hook} threw`)
      return error
    }
  }
}

function idleError(timeout: Seconds): ConnectionLost {
  return new ConnectionLost(`nothing came or went for ${timeout} s`, { code: 'ERR_SENNIT_IDLE' })
}

function silentError(timeout: Seconds): ConnectionLost {
  return new ConnectionLost(`nothing came for ${timeout} s`, { code: 'ERR_SENNIT_RECEIVE' })
}
