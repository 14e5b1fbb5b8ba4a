/**
 * A service that keeps one connection up, whatever the connection is.
 *
 * **Source:** Twisted, `twisted/application/_client_service.py`, `ClientService`.
 * **Differs:** it works over anything that can be connected; see the module's own page for the rest.
 *
 * @module
 */
import type { Fact, IConnectable, TransitionOptions } from '@sennit/interfaces'
import { tell } from '@sennit/runtime/internal'
import { type HookContext, Service, type ServiceOptions } from '@sennit/service'
import { ConnectionMachine, type MachineOwner } from './connection-machine.ts'
import type { ConnectionState, ConnectionStateListener } from './connection-state.ts'
import { type ConnectionsOptions, eachConnection } from './each-connection.ts'
import { ClientOptionError } from './errors.ts'
import { nameOf } from './name-of.ts'
import { nextConnection, type WhenConnectedOptions } from './next-connection.ts'
import { type ConnectionOptions, connectionSettings } from './settings.ts'

/** Options of `ConnectionService`. */
export interface ConnectionServiceOptions<T> extends ServiceOptions, ConnectionOptions<T> {
  /** Whether the start waits for the first connection, and fails when the service gives up. @defaultValue false */
  readonly requireConnection?: boolean | undefined
}

/**
 * Keeps one connection up: connects, prepares, and connects again after a failure or a loss, with growing delays.
 *
 * There is never more than one connection: what was rejected or is being closed must be gone before the next attempt.
 *
 * @example
 * ```ts
 * const link = new ConnectionService<Socket>({
 *   async connect({ signal, lost }) {
 *     const socket = connect({ port: 4443, signal })
 *     socket.on('error', lost).on('close', () => lost(new Error('closed')))
 *     await once(socket, 'connect')
 *     return socket
 *   },
 *   close: (socket) => socket.end(),
 *   abort: (socket) => socket.destroy(),
 * })
 * await link.startService()
 * ```
 */
export class ConnectionService<T> extends Service {
  readonly #machine: ConnectionMachine<T>
  readonly #requireConnection: boolean

  /**
   * @param connectable - connects once, closes, and tells of the loss
   * @throws DurationError (`ERR_SENNIT_DURATION`) when a time is no duration
   * @throws ClientOptionError (`ERR_SENNIT_CLIENT_OPTION`) when another option is not what it must be
   */
  constructor(connectable: IConnectable<T>, options: ConnectionServiceOptions<T> = {}) {
    super(options)
    for (const method of ['connect', 'close', 'abort'] as const)
      if (typeof connectable?.[method] !== 'function')
        throw new ClientOptionError(
          'make a client',
          `connectable.${method}`,
          'a function',
          connectable?.[method],
        )
    this.#requireConnection = options.requireConnection === true
    this.#machine = new ConnectionMachine(
      connectable,
      connectionSettings(options),
      this as unknown as MachineOwner,
    )
  }

  /** The connection while one stands, else `undefined`. */
  get current(): T | undefined {
    return this.#machine.current
  }

  /** Where the connection is, at this moment. */
  get connectionState(): ConnectionState {
    return this.#machine.state
  }

  /**
   * Tells each change of `connectionState` from now on, in order, after the change is complete: any method may be called.
   * What the listener throws is logged.
   *
   * @returns ends it
   */
  onConnectionState(listener: ConnectionStateListener): () => void {
    return this.#machine.onChange(listener)
  }

  /**
   * The connection: the present one, or the next.
   *
   * The promise need not be awaited; its rejection is never reported as unhandled.
   *
   * @throws CancelledError (`ABORT_ERR`), as a rejection, when the service is stopped
   * @throws TimeoutError (`ERR_SENNIT_TIMEOUT`), as a rejection, when the time is over
   * @throws the failure that was one too many, or with which the service gave up, as a rejection
   * @throws the signal's reason, as a rejection
   */
  whenConnected(options: WhenConnectedOptions = {}): Promise<T> {
    return nextConnection(this.#machine, options)
  }

  /**
   * Yields each connection once. One that is gone before it was asked for is left out.
   *
   * The iteration ends when the service is stopped, and throws when it gives up or the signal is aborted.
   */
  connections(options: ConnectionsOptions = {}): AsyncIterableIterator<T> {
    return eachConnection(this.#machine, options)
  }

  /** Makes the next attempt at once, when one is being waited for; otherwise does nothing. */
  reconnectNow(): void {
    this.#machine.reconnectNow()
  }

  override startService(options?: TransitionOptions): void | Promise<void> {
    if (this.running) {
      const { name } = this
      tell(
        this.context.log,
        'warn',
        { service: name },
        `Duplicate start of the service ${name ?? this.constructor.name}`,
      )
    }
    const started = super.startService(options)
    this.#machine.startAsked()
    return started
  }

  protected override onStart(hook: HookContext): void | Promise<void> {
    this.#machine.start()
    if (this.#requireConnection) return this.#firstConnection(hook.signal)
  }

  protected override onStop(hook: Pick<HookContext, 'signal'>): void | Promise<void> {
    let stopped: (() => void) | undefined
    let isStopped = false
    this.#machine.stop(() => {
      isStopped = true
      stopped?.()
    })
    if (isStopped) return
    // A signal costs, so it is asked for only now. It is aborted when the stop is out of time.
    const { signal } = hook
    const hurry = () => this.#machine.hurry()
    return new Promise((resolve) => {
      stopped = () => {
        signal.removeEventListener('abort', hurry)
        resolve()
      }
      if (signal.aborted) hurry()
      else signal.addEventListener('abort', hurry)
    })
  }

  async #firstConnection(signal: AbortSignal): Promise<void> {
    try {
      await nextConnection(this.#machine, { signal })
    } catch (error) {
      await this.onStop({ signal: new AbortController().signal })
      throw error
    }
  }

  protected override onRest(): void {
    this.#machine.rest()
  }

  protected override facts(): Readonly<Record<string, Fact>> {
    const { state, attempts, connections, connectable } = this.#machine
    return {
      connection: state.name,
      endpoint: nameOf(connectable),
      failures: state.failures,
      attempts,
      connections,
      retryIn: state.retryIn ?? null,
      cause: state.cause?.message ?? null,
    }
  }
}
