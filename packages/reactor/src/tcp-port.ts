/**
 * A TCP port that listens.
 *
 * | state    | connection comes      | serve()                      | stopListening()                  |
 * |----------|-----------------------|------------------------------|----------------------------------|
 * | held     | waits, or is refused  | serving; the waiting come in | stopping; the waiting are closed |
 * | serving  | served, or is refused | -                            | stopping                         |
 * | stopping | served, or is refused | -                            | joins                            |
 * | stopped  | -                     | -                            | -                                |
 *
 * A connection is refused when there are too many, or too few descriptors left, or no protocol is built for it: it is closed at
 * once, and counted. Node cannot bind without accepting, so a held port keeps what the system accepts, unserved, up to the
 * backlog. A port that stops first takes in what the system has accepted already, since closing would reset it.
 *
 * Source: Twisted, `twisted/internet/tcp.py`, `Port`.
 * Differs: can be held; has limits; stopping drains.
 *
 * @module
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type {
  ConnectionHandler,
  Description,
  IInspectable,
  IListeningPort,
  IProtocolFactory,
  Seconds,
  TCPListenOptions,
} from '@sennit/interfaces'
import { CannotListenError, handlerKind, type InternetAddress, internetAddress } from '@sennit/protocol'
import { ConnectionSet } from '@sennit/protocol/internal'
import { realTurn, systemClock, toSeconds, wallClock } from '@sennit/runtime'
import { descriptorOf, firstReserved } from './descriptors.ts'
import { guarded } from './guarded.ts'
import { keepAliveDelay } from './keep-alive.ts'
import { LateKeepAlive } from './late-keep-alive.ts'
import { checkedCount, checkedInterface, checkedPort } from './option-checks.ts'
import type { PortSurroundings } from './port-surroundings.ts'
import { HIGH_WATER_MARK } from './producer-slot.ts'
import { type Serve, serveConnections } from './serve-connections.ts'

/** Node's own. */
const BACKLOG = 511

/** How long a stopping port takes in what the system has accepted already, at most. */
const INTAKE: Seconds = 1

/** The time between two log entries about the want of descriptors. */
const WANT_INTERVAL: Seconds = 10

/** Options that were checked. */
type Checked = TCPListenOptions & {
  readonly idleTimeout: Seconds
  readonly drainTimeout: Seconds
  readonly lateKeepAlive: LateKeepAlive | undefined
}

/** Binds, and listens. */
export async function openTCPPort(
  port: number,
  handler: ConnectionHandler,
  options: TCPListenOptions,
  surroundings: PortSurroundings,
): Promise<TCPPort> {
  const { interface: local = '', backlog = BACKLOG, noDelay = true, keepAlive = '15s', signal } = options
  checkedPort('listen', port)
  const { host, family } = checkedInterface('listen', local)
  checkedCount('listen', backlog, 'backlog', 1)
  checkedCount('listen', options.maxConnections, 'maxConnections', 0)
  const keepAliveInitialDelay = keepAliveDelay(keepAlive)
  const idleTimeout = toSeconds(options.idleTimeout ?? Infinity, 'idleTimeout')
  const drainTimeout = toSeconds(options.drainTimeout ?? 5, 'drainTimeout')
  const isProtocol = handlerKind(handler) === 'protocol'
  const lateKeepAlive = isProtocol ? LateKeepAlive.for(keepAliveInitialDelay) : undefined
  signal?.throwIfAborted()

  const server = createServer({
    // What becomes of a connection that the other side has ended is for the handler, or the transport, to say.
    allowHalfOpen: true,
    highWaterMark: HIGH_WATER_MARK,
    noDelay,
    keepAlive: keepAliveInitialDelay !== undefined && lateKeepAlive === undefined,
    keepAliveInitialDelay,
  })
  try {
    await listening(server, { port, host, backlog, ipv6Only: family === 6 })
  } catch (error) {
    throw new CannotListenError(local, port, error)
  }
  try {
    signal?.throwIfAborted()
    if (isProtocol) (handler as IProtocolFactory).doStart()
  } catch (error) {
    server.close()
    throw error
  }
  if (options.unref) server.unref()
  return new TCPPort(server, handler, { ...options, idleTimeout, drainTimeout, lateKeepAlive }, surroundings)
}

function listening(server: Server, options: object): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(options, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** A port that listens; made by `openTCPPort`. */
export class TCPPort implements IListeningPort, IInspectable {
  readonly #server: Server
  readonly #host: InternetAddress
  readonly #handler: ConnectionHandler
  readonly #connections: ConnectionSet
  readonly #serve: Serve
  readonly #drains: boolean
  readonly #surroundings: PortSurroundings
  /** The connections that wait to be served, and what forgets each when it is gone. */
  readonly #waiting = new Map<Socket, () => void>()
  readonly #firstReserved: number = firstReserved()
  readonly #backlog: number
  readonly #maxWaiting: number
  #state: 'held' | 'serving' | 'stopping' | 'stopped'
  #since: Seconds = wallClock.now()
  #error: Error | undefined
  /** How many connections the system has accepted. */
  #arrived = 0
  #wantLoggedAt = -Infinity
  #stopped: Promise<void> | undefined

  constructor(server: Server, handler: ConnectionHandler, options: Checked, surroundings: PortSurroundings) {
    const { clock, log } = surroundings
    const { maxConnections, drain = true, held = false, backlog = BACKLOG } = options
    const { address, port } = server.address() as AddressInfo
    this.#server = server
    this.#host = internetAddress('TCP', address, port)
    this.#handler = handler
    this.#connections = new ConnectionSet({
      handler,
      clock,
      log,
      maxConnections,
      drain,
      drainTimeout: options.drainTimeout,
    })
    this.#serve = serveConnections(handler, {
      connections: this.#connections,
      clock,
      log,
      idleTimeout: options.idleTimeout,
      keepAlive: options.lateKeepAlive,
    })
    this.#drains = drain
    this.#surroundings = surroundings
    this.#backlog = backlog
    this.#maxWaiting = Math.min(maxConnections ?? Infinity, backlog)
    this.#state = held ? 'held' : 'serving'
    server.on('connection', (socket) => this.#arrive(socket))
    server.on('error', (error) => {
      this.#error = error
      log.error({ err: error, address: this.#host.toString() }, 'A port could not accept a connection')
    })
  }

  getHost(): InternetAddress {
    return this.#host
  }

  /** Begins to serve when the port was held; what has waited is served from the next turn on. */
  serve(): void {
    if (this.#state !== 'held') return
    this.#enter('serving')
    setImmediate(() => this.#serveWaiting())
  }

  /** @returns a promise that never rejects; nothing when the port is closed */
  stopListening(): void | Promise<void> {
    if (this.#state === 'stopped') return
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  describe(): Description {
    const { size, accepted, refused } = this.#connections
    const address = this.#host.toString()
    return {
      kind: 'TCPPort',
      name: undefined,
      state: this.#state,
      since: this.#since,
      error: this.#error?.message,
      facts: { address, connections: size, accepted, refused, waiting: this.#waiting.size },
      children: [],
    }
  }

  #enter(state: 'serving' | 'stopping' | 'stopped'): void {
    this.#state = state
    this.#since = wallClock.now()
  }

  #arrive(socket: Socket): void {
    this.#arrived++
    if (descriptorOf(socket) >= this.#firstReserved) this.#refuseForWant(socket)
    else if (this.#state === 'held' || this.#waiting.size > 0) this.#keepWaiting(socket)
    else if (this.#connections.admit()) this.#serve(socket)
    else socket.destroy()
  }

  /** The process has no descriptors left but those that are kept back. */
  #refuseForWant(socket: Socket): void {
    this.#connections.refused++
    socket.destroy()
    const { log } = this.#surroundings
    const now = systemClock.seconds()
    if (now - this.#wantLoggedAt < WANT_INTERVAL) return
    this.#wantLoggedAt = now
    const { refused } = this.#connections
    log.warn({ address: this.#host.toString(), refused }, 'Connections are refused: too many files are open')
  }

  #keepWaiting(socket: Socket): void {
    if (this.#waiting.size >= this.#maxWaiting) {
      this.#connections.refused++
      socket.destroy()
      return
    }
    const forget = () => this.#waiting.delete(socket)
    this.#waiting.set(socket, forget)
    socket.on('error', noop)
    socket.on('close', forget)
  }

  #serveWaiting(): void {
    for (const [socket, forget] of this.#waiting) {
      this.#waiting.delete(socket)
      socket.off('error', noop)
      socket.off('close', forget)
      // Node has read the end already, when nobody listened: it is told again, to whoever listens now.
      const hasEnded = socket.readableEnded
      this.#serve(socket)
      if (hasEnded) process.nextTick(tellEnd, socket)
    }
  }

  async #stop(): Promise<void> {
    const wasServing = this.#state === 'serving'
    this.#enter('stopping')
    if (!wasServing) for (const socket of this.#waiting.keys()) socket.destroy()
    else if (this.#drains) await this.#takeIn()
    this.#server.close()
    await this.#connections.drain()
    await realTurn()
    const { log, closed } = this.#surroundings
    const handler = this.#handler as Partial<IProtocolFactory>
    if (handlerKind(this.#handler) === 'protocol') guarded(log, 'doStop threw', () => handler.doStop?.())
    this.#enter('stopped')
    closed(this)
  }

  /**
   * Waits until a whole turn has brought no new connection, or as many have come as the system can have kept: under load, new
   * ones come all the time.
   */
  async #takeIn(): Promise<void> {
    const deadline = systemClock.seconds() + INTAKE
    const enough = this.#arrived + this.#backlog
    let before: number
    do {
      before = this.#arrived
      await realTurn()
      await realTurn()
    } while (this.#arrived > before && this.#arrived <= enough && systemClock.seconds() < deadline)
  }
}

function noop(): void {}

function tellEnd(socket: Socket): void {
  if (!socket.destroyed) socket.emit('end')
}
