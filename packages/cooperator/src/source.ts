/**
 * What a task draws its steps from.
 *
 * @module
 */
import { CooperatorOptionError } from './errors.ts'

/** An iterator that is asked for its next item, and given nothing. */
export type SyncIterator = Iterator<unknown, unknown, never>

/** An asynchronous iterator that is asked for its next item, and given nothing. */
type AsyncSource = AsyncIterator<unknown, unknown, never>

/** Either of them. */
export type AnyIterator = SyncIterator | AsyncSource

/** Where the steps of a task come from. */
export interface Source {
  /** The iterator: the one that was given, or the one that the iterable made. */
  readonly iterator: AnyIterator
  /** Does the steps, of which one that is asynchronous yields a promise. */
  readonly steps: SyncIterator
}

/**
 * The source of steps that `work` is.
 *
 * @throws CooperatorOptionError (`ERR_SENNIT_COOPERATOR_OPTION`) when it is neither an iterator nor an iterable
 */
export function sourceOf(work: unknown): Source {
  const {
    next,
    [Symbol.iterator]: make,
    [Symbol.asyncIterator]: makeAsync,
  } = Object(work) as Partial<SyncIterator & Iterable<unknown> & AsyncIterable<unknown>>
  if (typeof makeAsync === 'function') {
    const iterator = makeAsync.call(work as AsyncIterable<unknown>) as AsyncSource
    return { iterator, steps: new AsyncSteps(iterator) }
  }
  if (typeof next === 'function') return { iterator: work as SyncIterator, steps: work as SyncIterator }
  if (typeof make === 'function') {
    const iterator = make.call(work as Iterable<unknown>) as SyncIterator
    return { iterator, steps: iterator }
  }
  throw new CooperatorOptionError('make a task', 'work', 'an iterator or an iterable', work)
}

/** The steps of an asynchronous iterator: each yields the promise of its item. */
class AsyncSteps implements SyncIterator {
  readonly #iterator: AsyncSource
  #end: IteratorReturnResult<unknown> | undefined = undefined

  constructor(iterator: AsyncSource) {
    this.#iterator = iterator
  }

  next(): IteratorResult<unknown, unknown> {
    return this.#end ?? { done: false, value: this.#draw() }
  }

  async #draw(): Promise<void> {
    const result = await this.#iterator.next()
    if (result.done === true) this.#end = result
  }
}
