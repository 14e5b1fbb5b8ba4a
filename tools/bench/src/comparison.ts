/**
 * What is compared with what.
 *
 * @module
 */
import type { Processor } from './measuring/pinned.ts'

/** What one run has measured, by the name of the quantity. */
export type Figures = Readonly<Record<string, number>>

/** How much of the work is done: all, as much as a look needs, or hardly any, which only shows that it works. */
export type Scale = 'full' | 'quick' | 'smoke'

/** One of those that are compared. */
export interface Side {
  /** What the table calls it. */
  readonly name: string
  /** What the others are divided by; what the bars are for; what people use instead; or the limit of the machine. */
  readonly role: 'reference' | 'ours' | 'peer' | 'limit'
  /** How much there is of what is measured, when it is about growth. */
  readonly size?: number
  /** Starts it in processes of its own, for one round: on one processor when that is all that it needs. */
  readonly start: (scale: Scale, processor: Processor) => Promise<Running>
}

/** A side that is ready to be measured. */
export interface Running extends AsyncDisposable {
  /** Does a part of the work, and says what it needed. */
  readonly burst: () => Promise<Figures>
}

/** A side that does all of its work in one process, at the first burst. */
export function firstBurst(measure: () => Promise<Figures>): Running {
  let figures: Promise<Figures> | undefined
  return { burst: () => (figures ??= measure()), [Symbol.asyncDispose]: async () => {} }
}

/** A quantity that is measured. */
export interface Quantity {
  /** What the table calls it. */
  readonly title: string
  readonly unit: string
  readonly better: 'lower' | 'higher'
}

/** What has to hold for a quantity of one side. */
export interface Bar {
  readonly side: string
  readonly quantity: string
  /**
   * What is held against the limit: in each round the quantity divided by that of the reference, or what it is more than that, or the
   * quantity itself.
   *
   * @defaultValue 'ratio'
   */
  readonly by?: 'ratio' | 'difference' | 'value'
  /** The median has to be no more, or no less when more is better. */
  readonly limit: number
  /** Whether the limit is so far away that the whole interval of the median has to keep it, and may be wide. */
  readonly isFar?: boolean
  /** What can be reached where the limit cannot: the bar is told as missed, the notes say why, and a check holds this instead. */
  readonly reached?: number | undefined
}

/** Sides that do the same work. */
export interface Comparison {
  /** By which it is chosen. */
  readonly name: string
  readonly title: string
  readonly quantities: Readonly<Record<string, Quantity>>
  /** The reference is the first. */
  readonly sides: readonly Side[]
  readonly bars: readonly Bar[]
  /** In how many parts each side does its work in a round, in turn with the others. @defaultValue 1 */
  readonly bursts?: number
  /** Whether a round needs one processor only: each processor has a round of its own at the same time. */
  readonly onePerProcessor?: boolean
  /** All sides of so many rounds run at the same time: for those that mostly wait. */
  readonly together?: number
  /** Fewer rounds than all others, where a limit is far away. */
  readonly rounds?: number
}
