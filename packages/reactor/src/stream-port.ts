/**
 * A port on which connections arrive.
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
import type { Server, Socket } from 'node:net'
import type {
  ConnectionHandler,
  Description,
  Fact,
  IAddress,
  IInspectable,
  IListeningPort,
  IProtocolFactory,
  Seconds,
} from '@sennit/interfaces'
import { handlerKind } from '@sennit/protocol'
import { ConnectionSet } from '@sennit/protocol/internal'
import { realTurn, systemClock, wallClock } from '@sennit/runtime'
import { descriptorOf, firstReserved } from './descriptors.ts'
import { guarded } from './guarded.ts'
import type { PortSurroundings } from './port-surroundings.ts'
import type { Serve, ServingOptions } from './serve-connections.ts'
import type { StreamLimits } from './stream-limits.ts'
import { takeOver } from './take-over.ts'

/** How long a stopping port takes in what the system has accepted already, at most. */
const INTAKE: Seconds = 1

/** The time between two log entries about the want of descriptors. */
const WANT_INTERVAL: Seconds = 10

/** What a port is made of. */
export interface StreamPortOptions<A extends IAddress> {
  /** For `describe()`, such as `'TCPPort'`. */
  readonly kind: string
  /** Listens already. */
  readonly server: Server
  readonly host: A
  /** Takes the address out of use when the port begins to stop; what has connected already is still taken in. */
  readonly leave?: (() => void) | undefined
  readonly handler: ConnectionHandler
  /** How connections that were admitted are served. */
  readonly serving: (options: ServingOptions) => Serve
  readonly limits: StreamLimits
  readonly surroundings: PortSurroundings
}

/** A port that listens; made by `openStreamPort`. */
export class StreamPort<A extends IAddress = IAddress> implements IListeningPort, IInspectable {
  readonly #kind: string
  readonly #server: Server
  readonly #host: A
  readonly #leave: (() => void) | undefined
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
  #isShutDown = false
  #stopped: Promise<void> | undefined

  constructor({ kind, server, host, leave, handler, serving, limits, surroundings }: StreamPortOptions<A>) {
    const { clock, log } = surroundings
    const { maxConnections, drain, drainTimeout, held, backlog, idleTimeout, receiveTimeout } = limits
    const connections = new ConnectionSet({ handler, clock, log, maxConnections, drain, drainTimeout })
    this.#kind = kind
    this.#server = server
    this.#host = host
    this.#leave = leave
    this.#handler = handler
    this.#connections = connections
    this.#serve = serving({ connections, clock, log, idleTimeout, receiveTimeout })
    this.#drains = drain
    this.#surroundings = surroundings
    this.#backlog = backlog
    this.#maxWaiting = Math.min(maxConnections, backlog)
    this.#state = held ? 'held' : 'serving'
    server.on('connection', (socket) => this.#arrive(socket))
    server.on('error', (error) => {
      this.#error = error
      log.error({ err: error, address: this.#host.toString() }, 'A port could not accept a connection')
    })
  }

  getHost(): A {
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

  /** Closes now, the connections included, for a reason. */
  shutDown(reason: Error): Promise<unknown> | undefined {
    if (this.#state === 'stopped') return undefined
    this.#isShutDown = true
    const closed = this.#connections.closeAll(reason)
    return Promise.all([this.stopListening(), closed])
  }

  describe(): Description {
    return {
      kind: this.#kind,
      name: undefined,
      state: this.#state,
      since: this.#since,
      error: this.#error?.message,
      facts: this.facts(),
      children: [],
    }
  }

  protected facts(): Record<string, Fact> {
    const { size, accepted, refused, counted } = this.#connections
    const address = this.#host.toString()
    return { address, connections: size, accepted, refused, waiting: this.#waiting.size, ...counted }
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
      takeOver(socket, this.#serve)
    }
  }

  /** The file of a UNIX socket may belong to a folder that this process may not write to any more. */
  #leaveAddress(): void {
    try {
      this.#leave?.()
    } catch (err) {
      const { log } = this.#surroundings
      log.warn(
        { err, address: this.#host.toString() },
        'An address could not be taken out of use; the port is closed',
      )
    }
  }

  async #stop(): Promise<void> {
    const wasServing = this.#state === 'serving'
    this.#enter('stopping')
    this.#leaveAddress()
    if (!wasServing) for (const socket of this.#waiting.keys()) socket.destroy()
    else if (this.#drains && !this.#isShutDown) await this.#takeIn()
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
