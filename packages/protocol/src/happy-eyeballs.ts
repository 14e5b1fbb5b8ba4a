/**
 * Connecting to one of the addresses of a name: whichever answers first.
 *
 * | event                          | next                                                                              |
 * |--------------------------------|-----------------------------------------------------------------------------------|
 * | an address is found            | tried at once, unless the attempt before is younger than `attemptDelay`           |
 * | that time is over              | the next address is tried; those on their way stay on their way                   |
 * | an attempt fails               | the next address is tried at once; when none is left or can come, it is over      |
 * | there are no more addresses    | when no attempt is on its way, it is over                                         |
 * | an attempt succeeds            | over; the other attempts, and the resolution, are given up                        |
 * | given up                       | over; nothing is told any more                                                    |
 *
 * The families take turns, beginning with that of the first address; within a family, the order is the resolver's.
 *
 * Source: RFC 8305; Twisted, `twisted/internet/endpoints.py`, `HostnameEndpoint`.
 * Differs: the families take turns; a failure brings the next attempt forward, and the last one is reported at once, with all
 * of them. The delay that RFC 8305 has for answers that come in the wrong order is the resolver's affair, as it says in which
 * order addresses are to be tried.
 *
 * @module
 */
import { isIP } from 'node:net'
import type {
  IDelayedCall,
  IHostnameResolver,
  IHostPort,
  IHostResolution,
  IReactorTime,
  IResolutionReceiver,
  ResolutionOptions,
  Seconds,
} from '@sennit/interfaces'
import { asError } from '@sennit/runtime/internal'
import { DNSLookupError } from './errors.ts'

/** What is told of the attempt to connect to one address: one of the two, once, and never inside the call that begins it. */
export interface DialOutcome<C> {
  connected(connection: C): void
  failed(error: Error): void
}

/** What is told in the end: one of the two, once, and never inside the call that begins it all. */
export interface HappyEyeballsOutcome<C> {
  connected(connection: C, address: IHostPort): void
  /** With the one error that there was, or an `AggregateError`; a `DNSLookupError` when there was no address. */
  failed(error: Error): void
}

/** Options of `HappyEyeballs`. */
export interface HappyEyeballsOptions<C> {
  /** What is connected to. */
  readonly name: string
  readonly clock: IReactorTime
  /** The time between two attempts that are on their way together; `Infinity` for one at a time. */
  readonly attemptDelay: Seconds
  /**
   * Begins to connect to one address.
   *
   * @returns gives it up; nothing is told any more
   */
  readonly dial: (address: IHostPort, outcome: DialOutcome<C>) => () => void
}

/** Connects to one of the addresses that it is given, as they come. */
export class HappyEyeballs<C> implements IResolutionReceiver {
  readonly #options: HappyEyeballsOptions<C>
  readonly #outcome: HappyEyeballsOutcome<C>
  readonly #waiting: IHostPort[] = []
  /** What gives up each attempt that is on its way. */
  readonly #dialling = new Set<() => void>()
  readonly #errors: Error[] = []
  #family = 0
  /** The last attempt is too young for another one beside it. */
  #isYoung = false
  #timer: IDelayedCall | undefined
  #resolution: IHostResolution | undefined
  /** There are no more addresses. */
  #isComplete = false
  #isBeginning = false
  #isOver = false

  constructor(options: HappyEyeballsOptions<C>, outcome: HappyEyeballsOutcome<C>) {
    this.#options = options
    this.#outcome = outcome
  }

  /** Has the name looked up; what is an address already is taken as it is. */
  begin(resolver: IHostnameResolver, options: ResolutionOptions): void {
    this.#isBeginning = true
    try {
      resolver.resolveHostName(this, this.#options.name, options)
    } catch (thrown) {
      this.resolutionComplete(asError(thrown))
    }
    this.#isBeginning = false
  }

  /** Gives it up. */
  cancel(): void {
    this.#isOver = true
    if (this.#resolution !== undefined) giveUpResolution(this.#resolution)
    this.#stopTimer()
    for (const giveUp of this.#dialling) quietly(giveUp)
    this.#dialling.clear()
  }

  resolutionBegan(resolution: IHostResolution): void {
    if (this.#isOver) giveUpResolution(resolution)
    else this.#resolution = resolution
  }

  /** Anything that is no IPv4 or IPv6 address is ignored. */
  addressResolved(address: IHostPort): void {
    if (this.#isOver || isIP(address.host) === 0) return
    this.#waiting.push(address)
    if (!this.#isYoung) this.#next()
  }

  resolutionComplete(error?: Error): void {
    if (this.#isOver) return
    this.#resolution = undefined
    this.#isComplete = true
    if (error !== undefined) this.#errors.push(lookupError(this.#options.name, error))
    if (this.#waiting.length > 0) return
    this.#stopTimer()
    this.#failIfOver()
  }

  readonly #next = (): void => {
    this.#isYoung = false
    const address = this.#take()
    if (address === undefined) return this.#failIfOver()
    this.#isYoung = true
    this.#dial(address)
    if (this.#isOver) return
    const { attemptDelay, clock } = this.#options
    const canFollow = this.#waiting.length > 0 || !this.#isComplete
    if (canFollow && attemptDelay !== Infinity) this.#timer = clock.callLater(attemptDelay, this.#next)
  }

  #dial(address: IHostPort): void {
    const outcome: DialOutcome<C> = {
      connected: (connection) => {
        if (!this.#dialling.delete(giveUp)) return
        this.cancel()
        this.#outcome.connected(connection, address)
      },
      failed: (error) => {
        if (!this.#dialling.delete(giveUp)) return
        this.#errors.push(error)
        this.#stopTimer()
        this.#next()
      },
    }
    // Nothing is told inside the call.
    const giveUp = this.#begun(address, outcome)
    if (this.#isOver) quietly(giveUp)
    else this.#dialling.add(giveUp)
  }

  /** Begins an attempt; one that cannot even begin has failed a moment later. */
  #begun(address: IHostPort, outcome: DialOutcome<C>): () => void {
    const { clock, dial } = this.#options
    try {
      return dial(address, outcome)
    } catch (thrown) {
      const call = clock.callLater(0, () => outcome.failed(asError(thrown)))
      return () => {
        if (call.active()) call.cancel()
      }
    }
  }

  /** The next address: of the other family than the last one, if there is one. */
  #take(): IHostPort | undefined {
    if (this.#waiting.length === 0) return undefined
    const other = this.#waiting.findIndex(({ host }) => isIP(host) !== this.#family)
    const [address] = this.#waiting.splice(Math.max(other, 0), 1)
    if (address !== undefined) this.#family = isIP(address.host)
    return address
  }

  #failIfOver(): void {
    if (!this.#isComplete || this.#dialling.size > 0) return
    this.#isOver = true
    const error = this.#error()
    if (!this.#isBeginning) return this.#outcome.failed(error)
    this.#timer = this.#options.clock.callLater(0, () => this.#outcome.failed(error))
  }

  #error(): Error {
    const { name } = this.#options
    const [first, ...rest] = this.#errors
    if (first === undefined) return new DNSLookupError(name)
    if (rest.length === 0) return first
    return new AggregateError(this.#errors, `None of the addresses of ${name} could be connected to`)
  }

  #stopTimer(): void {
    if (this.#timer?.active()) this.#timer.cancel()
    this.#timer = undefined
  }
}

function lookupError(name: string, error: Error): DNSLookupError {
  return error instanceof DNSLookupError ? error : new DNSLookupError(name, error)
}

function giveUpResolution(resolution: IHostResolution): void {
  quietly(() => resolution.cancel())
}

/** What cannot be given up shall keep neither the others, nor what has succeeded. */
function quietly(giveUp: () => void): void {
  try {
    giveUp()
  } catch {
    // Nobody waits for it any more.
  }
}
