/**
 * Reading a stream piece by piece, where one chunk may hold many pieces, or a part of one.
 *
 * A piece that is there is handed out without asking the stream; only one that is not there yet is waited for.
 *
 * @module
 */
import { type ChunkSink, type ChunkSource, chunkSource } from './chunk-source.ts'

interface Waiter<T> {
  readonly resolve: (result: IteratorResult<T>) => void
  readonly reject: (error: Error) => void
}

const DONE: IteratorReturnResult<undefined> = /* @__PURE__ */ Object.freeze({ done: true, value: undefined })

/** An iterator over the pieces of a stream; a subclass cuts them. */
export abstract class ChunkIterator<T> implements AsyncIterableIterator<T>, ChunkSink {
  readonly #source: ChunkSource
  readonly #signal: AbortSignal | undefined
  readonly #waiters: Waiter<T>[] = []
  #begun = false
  #pulling = false
  /** Whether nothing more is taken from the source. */
  #over = false
  /** Thrown once, after the pieces that came before it. */
  #error: Error | undefined
  /** Whether what is wrong with the pieces was seen, or is not asked for any more. */
  #faulted = false

  constructor(from: AsyncIterable<Uint8Array | string>, signal: AbortSignal | undefined) {
    this.#source = chunkSource(from, this)
    this.#signal = signal
  }

  /** Takes a chunk in. */
  protected abstract push(chunk: Buffer): void
  /** No more will come. */
  protected abstract last(): void
  /** Takes the next piece out; `undefined` when it is not there. */
  protected abstract shift(): T | undefined
  /** What is wrong with what comes next, if anything is; there are no further pieces then. */
  protected abstract readonly fault: Error | undefined
  /** Takes out all bytes that were not handed out. */
  protected abstract takeBack(): readonly Buffer[]

  [Symbol.asyncIterator](): this {
    return this
  }

  next(): Promise<IteratorResult<T>> {
    if (!this.#begun) this.#begin()
    if (this.#waiters.length === 0) {
      const value = this.shift()
      if (value !== undefined) return Promise.resolve({ done: false, value })
    }
    return new Promise(this.#wait)
  }

  return(): Promise<IteratorResult<T>> {
    this.#stop()
    this.#serve()
    return Promise.resolve(DONE)
  }

  chunk(chunk: Buffer): void {
    this.#pulling = false
    if (this.#over) return
    this.push(chunk)
    if (this.fault !== undefined) this.#finish(this.fault)
    this.#serve()
  }

  end(): void {
    if (this.#over) return
    this.last()
    this.#finish(this.fault)
    this.#serve()
  }

  fail(error: Error): void {
    if (this.#over) return
    this.#finish(error)
    this.#serve()
  }

  /** Made once, not for each piece that is waited for. */
  readonly #wait = (resolve: Waiter<T>['resolve'], reject: Waiter<T>['reject']): void => {
    this.#waiters.push({ resolve, reject })
    this.#serve()
  }

  #begin(): void {
    this.#begun = true
    if (this.#signal?.aborted) this.#onAbort()
    else this.#signal?.addEventListener('abort', this.#onAbort)
  }

  readonly #onAbort = (): void => {
    this.#stop()
    this.#error = this.#signal!.reason as Error
    this.#serve()
  }

  /** Ends early: what was taken from the source and not handed out goes back. */
  #stop(): void {
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#error = undefined
    this.#faulted = true
    const rest = this.takeBack()
    if (this.#over) return
    this.#over = true
    this.#source.close(rest)
  }

  /** Ends because the source did, or because of an error; pieces that are there are still handed out. */
  #finish(error: Error | undefined): void {
    this.#error = error
    if (this.#over) return
    this.#over = true
    this.#source.close([])
  }

  #serve(): void {
    while (this.#waiters.length > 0) {
      const value = this.shift()
      if (value !== undefined) {
        this.#waiters.shift()!.resolve({ done: false, value })
        continue
      }
      this.#lookForFault()
      if (!this.#over) return this.#pull()
      this.#settle(this.#waiters.shift()!)
    }
  }

  /** What is wrong comes before the end, or the error, of the source. */
  #lookForFault(): void {
    const { fault } = this
    if (this.#faulted || fault === undefined) return
    this.#faulted = true
    this.#finish(fault)
  }

  #settle({ resolve, reject }: Waiter<T>): void {
    this.#signal?.removeEventListener('abort', this.#onAbort)
    const error = this.#error
    this.#error = undefined
    if (error === undefined) resolve(DONE)
    else reject(error)
  }

  #pull(): void {
    if (this.#pulling) return
    this.#pulling = true
    this.#source.pull()
  }
}
