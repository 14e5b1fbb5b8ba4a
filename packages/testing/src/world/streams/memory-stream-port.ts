/**
 * A simulated port on which connections arrive.
 *
 * | state    | connection comes     | serve()                      | stopListening()                  |
 * |----------|----------------------|------------------------------|----------------------------------|
 * | held     | waits, or is refused | serving; the waiting come in | stopping; the waiting are closed |
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
  IAddress,
  IInspectable,
  IListeningPort,
  ILog,
  IProtocolFactory,
  IReactorTime,
  Seconds,
  StreamListenOptions,
} from '@sennit/interfaces'
import { ConnectionDone, handlerKind } from '@sennit/protocol'
import { ConnectionSet } from '@sennit/protocol/internal'
import { toSeconds } from '@sennit/runtime'
import type { Machine } from '../network/machine.ts'
import type { Acceptor, Network } from '../network/network.ts'
import { checkCount } from '../option-checks.ts'
import type { TLSIntake } from '../tls/tls-intake.ts'
import type { MemoryTransport } from './memory-transport.ts'
import { Serving } from './serving.ts'

/** The platform's own. */
const BACKLOG = 511

/** Where a port is, and what it takes from its reactor. */
export interface PortSurroundings {
  readonly network: Network
  readonly machine: Machine
  readonly clock: IReactorTime
  readonly log: ILog
}

/** Where a port listens. */
export interface Bound {
  readonly host: IAddress
  /** Takes the address out of use. */
  readonly release: () => void
}

/** What makes one kind of port differ from another. */
export interface StreamPortKind {
  /** For `describe()`, such as `'TCPPort'`. */
  readonly kind: string
  /**
   * Binds.
   *
   * @throws Error with Node's fields when it cannot be bound
   */
  readonly bind: (acceptor: Acceptor) => Bound
  /** Makes connections private before they are served. */
  readonly intake?: TLSIntake | undefined
}

/** Hands connections to a handler. */
export class MemoryStreamPort implements IListeningPort, IInspectable, Acceptor {
  readonly isOurs = true
  readonly #kind: StreamPortKind
  readonly #bound: Bound
  readonly #surroundings: PortSurroundings
  readonly #handler: ConnectionHandler
  readonly #connections: ConnectionSet
  readonly #serving: Serving
  readonly #maxWaiting: number
  readonly #waiting: MemoryTransport[] = []
  #state: 'held' | 'serving' | 'stopping' | 'stopped'
  #since: Seconds
  #stopped: Promise<void> | undefined

  /** @throws Error with Node's fields when it cannot be bound */
  constructor(
    kind: StreamPortKind,
    handler: ConnectionHandler,
    options: StreamListenOptions,
    surroundings: PortSurroundings,
  ) {
    const { maxConnections, backlog = BACKLOG, held = false, drain = true } = options
    checkCount('listen', backlog, 'backlog', 1)
    checkCount('listen', maxConnections, 'maxConnections', 0)
    const drainTimeout = toSeconds(options.drainTimeout ?? 5, 'drainTimeout')
    const { network, clock, log } = surroundings
    this.#kind = kind
    this.#surroundings = surroundings
    this.#handler = handler
    this.#connections = new ConnectionSet({ handler, clock, log, maxConnections, drain, drainTimeout })
    this.#serving = new Serving(handler, this.#connections, options, surroundings)
    this.#maxWaiting = Math.min(maxConnections ?? Infinity, backlog)
    this.#bound = kind.bind(this)
    this.#state = held ? 'held' : 'serving'
    this.#since = network.now()
    try {
      if (handlerKind(handler) === 'protocol') (handler as IProtocolFactory).doStart()
    } catch (error) {
      this.#bound.release()
      throw error
    }
    network.open.add(this)
  }

  /** The machine that it is on. */
  get machine(): Machine {
    return this.#surroundings.machine
  }

  getHost(): IAddress {
    return this.#bound.host
  }

  serve(): void {
    if (this.#state !== 'held') return
    this.#enter('serving')
    for (const transport of this.#waiting.splice(0)) this.#admit(transport)
  }

  stopListening(): Promise<void> | undefined {
    if (this.#state === 'stopped') return undefined
    // Each call gets a promise of its own.
    if (this.#stopped !== undefined) return this.#stopped.then(() => {})
    this.#enter('stopping')
    this.#bound.release()
    for (const transport of this.#waiting.splice(0)) transport.closeNow(new ConnectionDone())
    this.#stopped = this.#finish()
    return this.#stopped
  }

  /** Stops, and closes every connection with a reason, now. */
  shutDown(reason: Error): Promise<void> | undefined {
    void this.#connections.closeAll(reason)
    return this.stopListening()
  }

  describe(): Description {
    const { accepted, refused, size, counted } = this.#connections
    const address = this.getHost().toString()
    const tls = this.#kind.intake?.facts()
    return {
      kind: this.#kind.kind,
      name: undefined,
      state: this.#state,
      since: this.#since,
      error: undefined,
      facts: {
        address,
        connections: size - (tls?.handshakes ?? 0),
        accepted,
        refused,
        waiting: this.#waiting.length,
        ...counted,
        ...tls,
      },
      children: [],
    }
  }

  accept(transport: MemoryTransport): void {
    if (this.#state === 'serving') this.#admit(transport)
    else if (this.#state === 'held' && this.#waiting.length < this.#maxWaiting) this.#keepWaiting(transport)
    else {
      this.#connections.refused++
      transport.closeNow(new ConnectionDone())
    }
  }

  toString(): string {
    return `listener ${this.getHost().toString()}`
  }

  #enter(state: 'serving' | 'stopping' | 'stopped'): void {
    this.#state = state
    this.#since = this.#surroundings.network.now()
  }

  #keepWaiting(transport: MemoryTransport): void {
    const { log, clock } = this.#surroundings
    this.#waiting.push(transport)
    transport.watch({ log, clock, onLost: () => this.#forget(transport) })
  }

  #forget(transport: MemoryTransport): void {
    const place = this.#waiting.indexOf(transport)
    if (place >= 0) this.#waiting.splice(place, 1)
  }

  #admit(transport: MemoryTransport): void {
    if (transport.lost) return
    if (!this.#connections.admit()) this.#serving.refuse(transport)
    else if (this.#kind.intake === undefined) this.#serving.serve(transport)
    else {
      const serve = () => this.#serving.serve(transport)
      this.#kind.intake.take(transport, this.#connections, this.#surroundings, serve)
    }
  }

  async #finish(): Promise<void> {
    const { network, log } = this.#surroundings
    const drained = this.#connections.drain()
    await new Promise<void>((resolve) => network.time.soon(resolve))
    await drained
    this.#enter('stopped')
    network.open.delete(this)
    const handler = this.#handler as Partial<IProtocolFactory>
    if (handlerKind(this.#handler) !== 'protocol') return
    try {
      handler.doStop?.()
    } catch (error) {
      log.error({ err: error }, 'doStop threw')
    }
  }
}
