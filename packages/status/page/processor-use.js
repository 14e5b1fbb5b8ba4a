/**
 * How much of a processor a process uses, seen from document to document.
 *
 * @module
 */

/** @typedef {import('../src/index.ts').ProcessStatus} ProcessStatus */

/** It is the use of so many seconds. */
const RECENT = 5

/** Remembers what was used when. */
export class ProcessorUse {
  #startedAt = 0
  #pid = 0
  /** @type {{ readonly time: number, readonly used: number }[]} */
  #samples = []

  /**
   * The share of one processor lately; with a first document, on the whole.
   *
   * @param {Pick<ProcessStatus, 'pid' | 'startedAt' | 'cpu'>} process
   * @param {number} time - of the document, in seconds since 1970
   */
  of({ pid, startedAt, cpu }, time) {
    const used = cpu.user + cpu.system
    // Another process is another story. The start is computed anew each time, and is never quite the same.
    if (pid !== this.#pid || Math.abs(startedAt - this.#startedAt) > RECENT) this.#samples = []
    this.#pid = pid
    this.#startedAt = startedAt
    const samples = this.#samples
    if (samples.at(-1)?.time !== time) samples.push({ time, used })
    while ((samples[1]?.time ?? time) <= time - RECENT) samples.shift()
    const first = samples.length > 1 ? samples[0] : { time: startedAt, used: 0 }
    const passed = time - (first?.time ?? time)
    return passed > 0 ? Math.max(0, used - (first?.used ?? used)) / passed : 0
  }
}
