/**
 * The monotonic clock of the process: all delayed calls behind one platform timer.
 *
 * Source: Twisted, `twisted/internet/base.py`, `ReactorBase.callLater`, `runUntilCurrent`.
 * Differs: monotonic; delays of any length; a zero delay is the next turn; equal times run in the order of scheduling.
 *
 * @module
 */
import type { ILog, IReactorTime, Seconds } from '@sennit/interfaces'
import { callbackOf, type DelayedCall, DelayedCallQueue } from './delayed-call-queue.ts'
import { DelayError } from './errors.ts'
import { defaultLog } from './log.ts'
import { tell } from './tell.ts'

/** The longest delay, in milliseconds, that the platform's timers can wait. */
const LONGEST_TIMEOUT = 2 ** 31 - 1

/** Time by the platform's monotonic clock. There is one in a process, `systemClock`; another is for who wants another log. */
export class SystemClock implements IReactorTime {
  readonly #log: ILog
  readonly #queue: DelayedCallQueue
  #timeout: NodeJS.Timeout | undefined
  #immediate: NodeJS.Immediate | undefined
  /** When the platform's timer goes off; `Infinity` when none is set. */
  #armedFor: Seconds = Infinity
  #running = false

  constructor(log: ILog = defaultLog) {
    this.#log = log
    this.#queue = new DelayedCallQueue(monotonic, () => {
      if (!this.#running) this.#arm()
    })
  }

  seconds(): Seconds {
    return monotonic()
  }

  /**
   * Calls `f(...args)` after `delay` seconds. What it throws is logged.
   *
   * @throws DelayError (`ERR_SENNIT_DELAY`) when the delay is negative or not a number
   */
  callLater<A extends readonly unknown[]>(delay: Seconds, f: (...args: A) => void, ...args: A): DelayedCall {
    if (typeof delay !== 'number' || !(delay >= 0)) throw new DelayError(delay)
    if (typeof f !== 'function')
      throw new TypeError(`Cannot schedule a call: 'f' must be a function, got ${String(f)}`)
    return this.#queue.add(monotonic() + delay, callbackOf(f, args))
  }

  getDelayedCalls(): readonly DelayedCall[] {
    return this.#queue.pending()
  }

  /** Sets the platform's timer for the first call; one that goes off too early is left as it is. */
  #arm(): void {
    const first = this.#queue.firstTime
    if (first === Infinity) {
      this.#disarm()
      return
    }
    const delay = (first - monotonic()) * 1000
    if (delay <= 0) {
      if (this.#immediate === undefined) {
        this.#disarm()
        this.#immediate = setImmediate(this.#run)
        this.#armedFor = -Infinity
      }
    } else if (first < this.#armedFor) {
      this.#disarm()
      this.#timeout = setTimeout(this.#run, Math.min(Math.ceil(delay), LONGEST_TIMEOUT))
      this.#armedFor = first
    }
    this.#keepAlive()
  }

  #keepAlive(): void {
    const handle = this.#immediate ?? this.#timeout
    if (this.#queue.alive > 0) handle?.ref()
    else handle?.unref()
  }

  #disarm(): void {
    clearTimeout(this.#timeout)
    clearImmediate(this.#immediate)
    this.#timeout = undefined
    this.#immediate = undefined
    this.#armedFor = Infinity
  }

  /** Runs what is due; calls that are scheduled meanwhile wait for the next turn. */
  readonly #run = (): void => {
    this.#disarm()
    const queue = this.#queue
    const now = monotonic()
    const limit = queue.nextOrder
    this.#running = true
    try {
      while (queue.isDue(now, limit)) {
        const call = queue.shift()
        try {
          call()
        } catch (error) {
          tell(this.#log, 'error', { err: error }, 'A delayed call threw')
        }
      }
    } finally {
      this.#running = false
      this.#arm()
    }
  }
}

function monotonic(): Seconds {
  return performance.now() / 1000
}

/** The monotonic clock of the process. */
export const systemClock: SystemClock = /* @__PURE__ */ new SystemClock()
