/**
 * Shares a number of bytes per second among those who spend them.
 *
 * Who spends more than there is goes into debt, and is told when that is paid. As long as anybody is in debt, what comes in with time
 * is shared equally among those who are: nobody gets more for being greedy, and nobody waits long who wants little. Who gets more
 * than the debt may spend it until the next sharing. While nobody is in debt there is no timer, and up to one second's worth is saved.
 *
 * @module
 */
import type { IDelayedCall, IReactorTime, Seconds } from '@sennit/interfaces'

/** Somebody who spends. */
export interface Spender {
  /** The debt is paid. */
  proceed(): void
}

/** A piece is what may be spent in so long, */
const PIECE: Seconds = 0.1
/** and no more bytes than this. */
const MAX_PIECE = 16_384

/** The shortest time between two ticks. */
const TICK: Seconds = 0.02
/** So many seconds' worth is saved at most. */
const SAVED: Seconds = 1
/** Less than this is no debt, but an error of rounding. */
const NOTHING = 1e-6

/** A number of bytes per second. */
export class Throttle {
  /** How many bytes should be spent at once, at most, when they can be cut. */
  readonly piece: number
  readonly #clock: IReactorTime
  readonly #rate: number
  /** The debts of those who want more than there is; a negative one may be spent until the next tick. */
  readonly #debts = new Map<Spender, number>()
  /** Those who are to be told. */
  readonly #waiting = new Set<Spender>()
  /** What is saved; negative when those who are gone have left debts, which are paid before all others. */
  #saved: number
  #last: Seconds
  #timer: IDelayedCall | undefined

  /** @param rate - bytes per second, more than 0 */
  constructor(clock: IReactorTime, rate: number) {
    this.piece = Math.ceil(Math.min(rate * PIECE, MAX_PIECE))
    this.#clock = clock
    this.#rate = rate
    this.#saved = SAVED * rate
    this.#last = clock.seconds()
  }

  /** Somebody new: whether it may spend at once; else it goes into debt by one byte, and is told. */
  join(spender: Spender): boolean {
    if (this.#debts.size === 0) {
      this.#takeIncome(SAVED)
      if (this.#saved >= 0) return true
    }
    return this.spend(spender, 1)
  }

  /** So many bytes were spent: whether the spender may spend more at once, else it is told. */
  spend(spender: Spender, bytes: number): boolean {
    const debts = this.#debts
    let debt = (debts.get(spender) ?? 0) + bytes
    if (debts.size === 0) {
      this.#takeIncome(SAVED)
      if (this.#saved >= bytes) {
        this.#saved -= bytes
        return true
      }
      const paid = Math.max(0, this.#saved)
      this.#saved -= paid
      debt -= paid
    } else if (!debts.has(spender)) {
      // What has come in until now is for those who were there.
      this.#share()
    }
    debts.set(spender, debt)
    if (debt <= NOTHING) return true
    this.#waiting.add(spender)
    this.#arm(debt)
    return false
  }

  /** Somebody is gone, who is not told any more. A debt stays. */
  forget(spender: Spender): void {
    const debt = this.#debts.get(spender)
    if (debt === undefined) return
    this.#debts.delete(spender)
    this.#waiting.delete(spender)
    this.#save(-debt)
    if (this.#debts.size > 0) return
    this.#timer?.cancel()
    this.#timer = undefined
  }

  readonly #tick = (): void => {
    this.#timer = undefined
    for (const [spender, debt] of this.#debts) {
      if (this.#waiting.has(spender) || debt > NOTHING) continue
      this.#debts.delete(spender)
      this.#save(-debt, Infinity)
    }
    this.#share()
    const paid = Array.from(this.#waiting).filter((spender) => this.#debts.get(spender)! <= NOTHING)
    for (const spender of paid) this.#waiting.delete(spender)
    if (this.#debts.size > 0) this.#arm(smallest(this.#debts.values()))
    for (const spender of paid) spender.proceed()
  }

  /** Shares what has come in: first with those who are gone, then equally among those in debt. */
  #share(): void {
    const debts = this.#debts
    this.#takeIncome(Infinity)
    const share = Math.max(0, this.#saved) / debts.size
    // After a stall, nobody gets more than may be saved.
    const least = (-SAVED * this.#rate) / debts.size
    for (const [spender, debt] of debts) {
      this.#saved -= share
      debts.set(spender, Math.max(debt - share, least))
    }
    this.#save(0)
  }

  /** Makes the next tick come when a debt can be paid. */
  #arm(debt: number): void {
    const owed = debt * this.#debts.size - this.#saved
    const delay = Math.max(TICK, owed / this.#rate)
    if (this.#timer === undefined) this.#timer = this.#clock.callLater(delay, this.#tick)
    else if (this.#timer.getTime() > this.#clock.seconds() + delay) this.#timer.reset(delay)
  }

  #takeIncome(most: Seconds): void {
    const now = this.#clock.seconds()
    const income = (now - this.#last) * this.#rate
    this.#last = now
    this.#save(income, most)
  }

  #save(bytes: number, most: Seconds = SAVED): void {
    this.#saved = Math.min(this.#saved + bytes, most * this.#rate)
  }
}

function smallest(values: Iterable<number>): number {
  let smallest = Infinity
  for (const value of values) smallest = Math.min(smallest, value)
  return smallest
}
