/**
 * A client factory that connects again by itself.
 *
 * Source: Twisted, `twisted/internet/protocol.py`, `ReconnectingClientFactory`.
 * Differs: a connection that lasted counts as a success, and the delays begin anew; no delay is longer than `maxDelay`; each
 * delay is worked out from the settings as they are then; time, randomness and log come from the service that connects; the
 * attempt that is waited for is given up when that service stops.
 *
 * @module
 */
import { backoffPolicy } from '@sennit/backoff'
import type {
  Duration,
  IAddress,
  IConnector,
  IDelayedCall,
  ILog,
  IProtocol,
  IReactorTime,
  IServiceContext,
  Random,
  Seconds,
} from '@sennit/interfaces'
import { ClientFactory, type FactoryOptions, type ProtocolClass } from '@sennit/protocol'
import { defaultLog, maybeGlobalReactor, systemRandom, toSeconds } from '@sennit/runtime'
import type { RetryingFactory } from './client-connection.ts'
import { NoConnectorError, RetryOptionError } from './errors.ts'

/** Options of a `ReconnectingClientFactory`; each is a property too. */
export interface ReconnectingClientFactoryOptions extends FactoryOptions {
  /** The longest delay, noise included. @defaultValue '1h' */
  readonly maxDelay?: Duration | undefined
  /** What is multiplied by `factor`, once for each attempt: the first delay is `initialDelay * factor`. @defaultValue '1s' */
  readonly initialDelay?: Duration | undefined
  /** How much a delay is longer than the one before; 0 or more. @defaultValue Math.E */
  readonly factor?: number | undefined
  /** The standard deviation of the delays, as a fraction of each; 0 for none. @defaultValue 0.11962656472 */
  readonly jitter?: number | undefined
  /** After how many attempts in a row it gives up. @defaultValue none */
  readonly maxRetries?: number | undefined
  /** How long a connection must have lasted to count as a success. @defaultValue '10s' */
  readonly stableAfter?: Duration | undefined
  /** What delays are waited for with. @defaultValue that of the service that connects, else the process's */
  readonly clock?: IReactorTime | undefined
  /** Where the noise comes from. @defaultValue that of the service that connects, else the process's */
  readonly random?: Random | undefined
}

/** Properties that only make sense while it is in use. */
const VOLATILE = new Set(['connector', 'continueTrying', 'clock', 'random'])

/**
 * Connects again when an attempt has failed or a connection is lost, with growing delays. Connectors that
 * share it share the row of delays, too.
 *
 * The delay before the n-th attempt in a row is `initialDelay * factor ** n`, at most `maxDelay`, with normally distributed
 * noise; at the ceiling the noise only makes it shorter, so that many clients do not come back at the same moment. A row ends
 * with a connection that has lasted `stableAfter`, or by `resetDelay()`, which a protocol may call when it knows better.
 *
 * A `ClientService` does more: it knows its connection, prepares it, and can be waited for.
 *
 * @example
 * ```ts
 * class Feed extends ReconnectingClientFactory {
 *   override protocol = FeedProtocol
 *   override initialDelay = '200ms' as const
 *   override maxDelay = '1m' as const
 * }
 * await new TCPClient('feed.example', 4443, new Feed()).startService()
 * ```
 */
export class ReconnectingClientFactory<P extends IProtocol = IProtocol>
  extends ClientFactory<P>
  implements RetryingFactory
{
  /** The longest delay, noise included. */
  maxDelay: Duration = 3600
  /** What is multiplied by `factor`, once for each attempt. */
  initialDelay: Duration = 1
  /** How much a delay is longer than the one before. */
  factor: number = Math.E
  /** The standard deviation of the delays, as a fraction of each. */
  jitter: number = 0.11962656472
  /** After how many attempts in a row it gives up; `undefined` for never. */
  maxRetries: number | undefined
  /** How long a connection must have lasted to count as a success. */
  stableAfter: Duration = 10
  /** What delays are waited for with; `undefined` for what is inherited. */
  clock: IReactorTime | undefined
  /** Where the noise comes from; `undefined` for what is inherited. */
  random: Random | undefined
  /** Whether it connects again. */
  continueTrying: boolean = true
  /** What it connects again. */
  connector: IConnector | undefined
  readonly #log: ILog | undefined
  #context: IServiceContext | undefined
  #retries = 0
  /** The last delay, with its noise, since the row began. */
  #delay: Seconds | undefined
  /** When the present connection was made. */
  #since: Seconds | undefined
  /** The attempts that are waited for. */
  readonly #calls = new Map<IConnector, IDelayedCall>()

  /**
   * @throws DurationError (`ERR_SENNIT_DURATION`) when a time is no duration
   * @throws BackoffOptionError (`ERR_SENNIT_BACKOFF_OPTION`) when `factor` is no number or negative
   * @throws RetryOptionError (`ERR_SENNIT_RETRY_OPTION`) when `jitter` or `maxRetries` is not what it must be
   */
  constructor(options: ReconnectingClientFactoryOptions = {}) {
    super(options)
    this.#log = options.log
    if (options.maxDelay !== undefined) this.maxDelay = options.maxDelay
    if (options.initialDelay !== undefined) this.initialDelay = options.initialDelay
    if (options.factor !== undefined) this.factor = options.factor
    if (options.jitter !== undefined) this.jitter = options.jitter
    if (options.stableAfter !== undefined) this.stableAfter = options.stableAfter
    this.maxRetries = options.maxRetries
    this.clock = options.clock
    this.random = options.random
    // What is wrong is told here, not when the first connection is lost.
    this.#plainDelay()
    toSeconds(this.stableAfter, 'stableAfter')
  }

  /**
   * A factory for a class of protocols.
   *
   * @param protocol - the class
   * @param args - what each new protocol is given
   */
  static override forProtocol<P extends IProtocol, A extends readonly unknown[]>(
    protocol: ProtocolClass<P, A>,
    ...args: A
  ): ReconnectingClientFactory<P> {
    return super.forProtocol(protocol, ...args) as ReconnectingClientFactory<P>
  }

  /** How many attempts in a row there have been; 0 as soon as a connection counts as a success. */
  get retries(): number {
    return this.#hasLasted ? 0 : this.#retries
  }

  /** The last delay in seconds, noise included; `initialDelay` when there is none in this row. */
  get delay(): Seconds {
    return (this.#hasLasted ? undefined : this.#delay) ?? toSeconds(this.initialDelay, 'initialDelay')
  }

  /** A subclass that builds the protocol itself calls this too, or `resetDelay()`, lest no connection counts as a success. */
  override buildProtocol(address: IAddress): P | undefined {
    this.#since = this.#clock.seconds()
    return super.buildProtocol(address)
  }

  override clientConnectionFailed(connector: IConnector, _reason: Error): void {
    this.#again(connector)
  }

  override clientConnectionLost(connector: IConnector, _reason: Error): void {
    if (this.#hasLasted) this.#endRow()
    this.#again(connector)
  }

  /**
   * Connects again after the next delay, unless it was told to stop that or has tried too often.
   *
   * @param connector - the last one when it is left out
   * @throws NoConnectorError (`ERR_SENNIT_NO_CONNECTOR`) when there is none
   */
  retry(connector: IConnector | undefined = this.connector): void {
    const name = this.constructor.name
    const log = this.#log ?? this.#context?.log ?? defaultLog
    if (!this.continueTrying) {
      log.info({ factory: name }, 'There will be no further attempt to connect: that was asked for')
      return
    }
    if (connector === undefined) throw new NoConnectorError()
    // Its service has stopped.
    if ((connector as { stopped?: unknown }).stopped === true) return
    this.#since = undefined
    const retries = ++this.#retries
    if (this.maxRetries !== undefined && retries > this.maxRetries) {
      log.warn({ factory: name, retries: this.maxRetries }, 'There will be no further attempt to connect')
      return
    }
    const delay = this.#nextDelay()
    this.#delay = delay
    this.cancelRetry(connector)
    this.#calls.set(
      connector,
      this.#clock.callLater(delay, () => this.#connect(connector)),
    )
    log.info({ factory: name, attempt: retries, delay }, 'Scheduling another attempt to connect')
  }

  /** Connects no more: gives up the attempt that is waited for, or under way. A connection that stands is left alone. */
  stopTrying(): void {
    this.cancelRetry()
    this.continueTrying = false
    try {
      this.connector?.stopConnecting()
    } catch {
      // There was no attempt.
    }
  }

  /** Begins anew: the next delay is the first, and it connects again if it was told to stop that. */
  resetDelay(): void {
    this.#endRow()
    this.continueTrying = true
  }

  /** Gives up the attempt that is waited for, and no other; that of all connectors when none is given. */
  cancelRetry(connector?: IConnector): void {
    for (const [each, call] of this.#calls) {
      if (connector !== undefined && each !== connector) continue
      this.#calls.delete(each)
      if (call.active()) call.cancel()
    }
  }

  /** Takes time, randomness and log of the service that connects, where it was not given its own. */
  inherit(context: IServiceContext): void {
    this.#context = context
  }

  /** The JSON form: the settings, without what only makes sense while it is in use. */
  toJSON(): Record<string, unknown> {
    return Object.fromEntries(Object.entries(this).filter(([key]) => !VOLATILE.has(key)))
  }

  get #clock(): IReactorTime {
    return this.clock ?? this.#context?.clock ?? maybeGlobalReactor()
  }

  /** Whether there is a connection that counts as a success. */
  get #hasLasted(): boolean {
    if (this.#since === undefined) return false
    return this.#clock.seconds() - this.#since >= toSeconds(this.stableAfter, 'stableAfter')
  }

  #again(connector: IConnector): void {
    if (!this.continueTrying) return
    this.connector = connector
    this.retry()
  }

  /** Connects, unless somebody else has been quicker. */
  #connect(connector: IConnector): void {
    this.#calls.delete(connector)
    try {
      connector.connect()
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'ERR_SENNIT_CONNECT_IN_PROGRESS') throw error
    }
  }

  #endRow(): void {
    this.#retries = 0
    this.#delay = undefined
  }

  #plainDelay(): Seconds {
    const { initialDelay, maxDelay, factor, jitter, maxRetries } = this
    if (typeof jitter !== 'number' || !(jitter >= 0))
      throw new RetryOptionError('jitter', 'a number, 0 or more', jitter)
    if (maxRetries !== undefined && !(maxRetries >= 0))
      throw new RetryOptionError('maxRetries', 'a number, 0 or more', maxRetries)
    return backoffPolicy({ initialDelay, maxDelay, factor, jitter: () => 0 })(this.#retries)
  }

  #nextDelay(): Seconds {
    const plain = this.#plainDelay()
    if (this.jitter === 0) return plain
    const noise = this.jitter * normal(this.random ?? this.#context?.random ?? systemRandom)
    const noisy = plain * (1 + noise)
    const ceiling = toSeconds(this.maxDelay, 'maxDelay')
    return Math.max(0, noisy > ceiling ? 2 * ceiling - noisy : noisy)
  }
}

/** A number from the standard normal distribution, by the method of Box and Muller. */
function normal(random: Random): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}
