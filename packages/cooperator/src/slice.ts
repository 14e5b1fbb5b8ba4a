/**
 * The slice of time that a cooperator takes for one tick, and what the steps in it cost.
 *
 * Reading the clock costs more than a cheap step does. So it is read once for several steps: each task has a weight by what its
 * steps were measured to cost, and the clock is read when the weights since the last reading add up to `FULL_WEIGHT`. A task that
 * nobody knows yet, or whose steps are long, has all of that weight: the clock is read after each of its steps.
 *
 * @module
 */
import type { ILog, IReactorTime, Seconds } from '@sennit/interfaces'
import type { Ring } from './ring.ts'
import { FULL_WEIGHT, type TaskCore } from './task-core.ts'

/** A slice ends after so many steps, whatever the time: where the time stands still, it would not end. */
export const MAX_STEPS = 65_536

/** Which part of a slice may pass between two readings of the clock. */
const BATCH = 1 / 64

/** How much longer than it should a batch must be to make all its tasks suspicious. */
const SUSPICIOUS = 4

/** Runs slices, and keeps account. */
export class Slice {
  readonly length: Seconds
  readonly #batch: Seconds
  readonly #longStep: Seconds
  /** Steps that were not measured alone, and how long they took together. */
  #batchedSteps = 0
  #batchedTime: Seconds = 0

  /** @param longStep - a task with a longer step is warned of */
  constructor(length: Seconds, longStep: Seconds) {
    this.length = length
    this.#batch = length * BATCH
    this.#longStep = longStep
  }

  /** How long a step takes in the mean that was not measured alone. */
  get meanStep(): Seconds {
    return this.#batchedSteps === 0 ? 0 : this.#batchedTime / this.#batchedSteps
  }

  /** Lets the tasks do steps, in turn, until the time is over or none is ready. Only when one is. */
  run(ring: Ring<TaskCore>, clock: IReactorTime, log: ILog): void {
    let mark = clock.seconds()
    const end = mark + this.length
    let left = MAX_STEPS
    // The first step is always measured alone: so every task is, now and then.
    let steps = runBatch(ring, FULL_WEIGHT)
    for (;;) {
      const now = clock.seconds()
      if (steps === 1) this.#measured(ring.current, now - mark, log)
      else this.#measuredBatch(ring, steps, now - mark)
      left -= steps
      if (now >= end || left <= 0 || ring.empty) return
      mark = now
      steps = runBatch(ring, 0)
    }
  }

  #measured(task: TaskCore, time: Seconds, log: ILog): void {
    task.measured++
    task.measuredTime += time
    // As an integer: a field that has once held another number is slower to read.
    const weight = Math.min(FULL_WEIGHT, Math.ceil((FULL_WEIGHT * time) / this.#batch)) | 0
    task.weight = Math.max(weight, task.weight >> 2, 1)
    if (time <= task.longestStep) return
    // Of a task whose steps become longer and longer, one hears now and then.
    if (time > this.#longStep && time > 2 * task.longestStep) {
      const fields = { task: task.name, step: time, slice: this.length }
      log.warn(fields, 'A step of a task kept everything else waiting; yield more often')
    }
    task.longestStep = time
  }

  #measuredBatch(ring: Ring<TaskCore>, steps: number, time: Seconds): void {
    this.#batchedSteps += steps
    this.#batchedTime += time
    const { current } = ring
    if (time < this.#batch) current.weight = Math.max(current.weight >> 1, 1)
    else if (time > this.#batch * SUSPICIOUS) for (const task of ring.latest(steps)) task.weight = FULL_WEIGHT
  }
}

/**
 * Lets tasks do steps until their weights, added to `weight`, make `FULL_WEIGHT`, or until one leaves the ring. Returns how many.
 *
 * This is all that is hot. It is kept apart so that it is compiled soon, and never thrown away for what happens rarely.
 */
function runBatch(ring: Ring<TaskCore>, weight: number): number {
  let task = ring.turn()
  let sum = weight
  for (let steps = 1; ; steps++) {
    task.step()
    sum += task.weight
    if (sum >= FULL_WEIGHT || task.after === undefined) return steps
    task = ring.turnAfter(task)
  }
}
