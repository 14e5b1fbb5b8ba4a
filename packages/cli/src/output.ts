/**
 * A descriptor that text is written to, whatever becomes of its reader: none that is slow holds the program up, none that is gone ends it.
 *
 * | state   | write                            | all taken | refused for now (EAGAIN) | no space left          | any other error |
 * |---------|----------------------------------|-----------|--------------------------|------------------------|-----------------|
 * | open    | tried at once                    | open      | clogged                  | open, the text is lost | gone            |
 * | clogged | queued; lost if too much waits   | open      | clogged, tried again     | the same               | gone            |
 * | gone    | lost                             | -         | -                        | -                      | -               |
 *
 * The descriptor must not block. Node makes pipes and sockets so as soon as `process.stdout` is looked at.
 *
 * @module
 */
import { writeSync } from 'node:fs'
import type { IReactorTime, Seconds } from '@sennit/interfaces'

/** What is done with a descriptor. */
export interface IDescriptor {
  /** @returns how many bytes were taken */
  write(bytes: Uint8Array): number
  /** Whether somebody else in the process is in the middle of writing to it. */
  busy(): boolean
  /** Stands still; used at the very end of the process only. */
  sleep(time: Seconds): void
}

/** Options of an `Output`. */
export interface OutputOptions {
  readonly clock: IReactorTime
  /** How many bytes may wait. @defaultValue 4 MiB */
  readonly limit?: number
}

/** So soon it is tried again, first and at last. */
const SOON: Seconds = 0.005
const LATER: Seconds = 0.05

/** As much is written in one turn: a fast reader of a long queue shall not keep everybody else waiting. */
const PIECE = 64 * 1024

/** The end of the process waits at most so many times longer than a reader may take nothing. */
const LAST_WAITS = 10

/** So many texts are written before the front of the queue is cut off. */
const COMPACT = 1024

const NO_SPACE = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** A descriptor of this process; `stream` is what else writes to it. */
export function descriptor(fd: number, stream?: { readonly writableLength: number }): IDescriptor {
  const never = new Int32Array(new SharedArrayBuffer(4))
  return {
    write: (bytes) => writeSync(fd, bytes),
    busy: () => stream !== undefined && stream.writableLength > 0,
    sleep: (time) => void Atomics.wait(never, 0, 0, time * 1000),
  }
}

/** Text on its way to a descriptor. */
export class Output {
  /** Makes what is written in place of texts that were lost, when there is room again. */
  lost: (texts: number) => string = () => ''

  readonly #descriptor: IDescriptor
  readonly #clock: IReactorTime
  readonly #limit: number
  readonly #queue: Uint8Array[] = []
  /** Where the first one that waits is in the queue. */
  #head = 0
  /** How many bytes are in the queue. */
  #waiting = 0
  #lost = 0
  #full = false
  #gone = false
  #clogged = false
  #delay = SOON
  #flushed: (() => void)[] = []

  constructor(to: IDescriptor, { clock, limit = 4 * 1024 * 1024 }: OutputOptions) {
    this.#descriptor = to
    this.#clock = clock
    this.#limit = limit
  }

  /** Whether nobody will ever take anything any more. */
  get gone(): boolean {
    return this.#gone
  }

  /** @throws what the system says when nothing can be written to it at all */
  check(): void {
    this.#descriptor.write(new Uint8Array())
  }

  write(text: string): void {
    if (this.#gone || text === '') return
    const bytes = Buffer.from(text)
    if (this.#waiting > 0 && this.#waiting + bytes.length > this.#limit) {
      this.#lost++
      return
    }
    this.#queue.push(bytes)
    this.#waiting += bytes.length
    if (!this.#clogged) this.#go()
  }

  /**
   * Waits until all is out, or will never be.
   *
   * @param patience - a reader that takes nothing for so long is given up
   */
  async flush(patience: Seconds): Promise<void> {
    for (let before = Infinity; !this.#idle && this.#waiting < before;) {
      before = this.#waiting
      if (!this.#clogged) this.#again()
      await this.#flushedWithin(patience)
    }
  }

  /** The same at the very end of the process, when nothing else can happen any more. */
  flushSync(patience: Seconds): void {
    const most = patience * LAST_WAITS
    for (let idle = 0, slept = 0; this.#waiting > 0 && idle < patience && slept < most;) {
      const before = this.#waiting
      this.#writeOut(Infinity)
      if (this.#waiting < before) idle = 0
      if (this.#waiting === 0) return
      this.#descriptor.sleep(SOON)
      idle += SOON
      slept += SOON
    }
  }

  get #idle(): boolean {
    return this.#waiting === 0 && !(this.#descriptor.busy() && !this.#gone)
  }

  /** Writes what can be written. */
  #go(): void {
    const before = this.#waiting
    if (!this.#descriptor.busy()) this.#writeOut(PIECE)
    this.#delay = this.#waiting < before ? SOON : Math.min(this.#delay * 2, LATER)
    if (!this.#idle) return this.#again()
    this.#delay = SOON
    this.#tellLost()
    for (const flushed of this.#flushed.splice(0)) flushed()
  }

  /** Comes again for what is left. */
  #again(): void {
    this.#clogged = true
    this.#clock.callLater(this.#delay, () => {
      this.#clogged = false
      this.#go()
    })
  }

  #writeOut(most: number): void {
    for (let written = 0; this.#waiting > 0 && written < most;) {
      const first = this.#queue[this.#head]!
      let taken: number
      try {
        taken = this.#descriptor.write(first)
        this.#full = false
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException
        if (code === 'EAGAIN') return
        if (!NO_SPACE.has(code ?? '')) return this.#end()
        this.#full = true
        this.#lost++
        taken = first.length
      }
      written += taken
      this.#waiting -= taken
      if (taken < first.length) this.#queue[this.#head] = first.subarray(taken)
      else this.#took()
    }
  }

  #took(): void {
    if (++this.#head < COMPACT && this.#waiting > 0) return
    this.#queue.splice(0, this.#head)
    this.#head = 0
  }

  #tellLost(): void {
    const count = this.#lost
    if (count === 0 || this.#full || this.#gone) return
    this.#lost = 0
    this.write(this.lost(count))
    // The note may have been lost as well.
    if (this.#lost > 0) this.#lost = count
  }

  #end(): void {
    this.#gone = true
    this.#queue.length = 0
    this.#head = 0
    this.#waiting = 0
  }

  #flushedWithin(patience: Seconds): Promise<void> {
    return new Promise((resolve) => {
      const end = this.#clock.callLater(patience, resolve)
      this.#flushed.push(() => {
        if (end.active()) end.cancel()
        resolve()
      })
    })
  }
}
