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
import { tell } from '@sennit/runtime/internal'
import type { Ring } from './ring.ts'
import { FULL_WEIGHT, type TaskCore } from './task-core.ts'

/** A slice ends after so many steps, whatever the time: where the time stands still, it would not end. */
export const MAX_STEPS = 65_536

/** Which part of a slice may pass between two readings of the clock. */
const BATCH = 1 / 64

/** How much longer than it should a batch must be to make all its tasks suspicious. */
const SUSPICIOUS = 4

/**
 * For how many readings a task keeps the full weight after a long step, and after a batch that was too long, for which it may be the
 * reason: two long steps between two readings would make a slice too long by both.
 */
const WARY_OF_LONG = 256
const WARY_OF_SUSPECT = 16

/** What a cooperator has done since it was made. */
export interface CooperatorWork {
  /** How many steps were begun. */
  readonly steps: number
  /** How long they took together. */
  readonly cpuTime: Seconds
  /** The longest step that was measured alone; 0 before the first. */
  readonly longestStep: Seconds
  /** The name of its task. */
  readonly longestStepTask: string | undefined
}

/** Runs slices, and keeps account. */
export class Slice {
  readonly length: Seconds
  readonly #batch: Seconds
  readonly #longStep: Seconds
  /** Steps that were not measured alone, and how long they took together. */
  #batchedSteps = 0
  #batchedTime: Seconds = 0
  /** Steps that were measured alone, how long they took together, and the longest of them. */
  #measuredSteps = 0
  #measuredTime: Seconds = 0
  #longestStep: Seconds = 0
  #longestStepTask: string | undefined

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

  /** What all steps have come to, of tasks that are over, too. */
  get work(): CooperatorWork {
    return {
      steps: this.#measuredSteps + this.#batchedSteps,
      cpuTime: this.#measuredTime + this.#batchedTime,
      longestStep: this.#longestStep,
      longestStepTask: this.#longestStepTask,
    }
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
      if (steps === 1) this.measured(ring.current, now - mark, log)
      else this.#measuredBatch(ring, steps, now - mark)
      left -= steps
      if (now >= end || left <= 0 || ring.empty) return
      mark = now
      steps = runBatch(ring, 0)
    }
  }

  /** Keeps account of one step that was measured alone. */
  measured(task: TaskCore, time: Seconds, log: ILog): void {
    task.measured++
    task.measuredTime += time
    this.#measuredSteps++
    this.#measuredTime += time
    if (time > this.#longestStep) {
      this.#longestStep = time
      this.#longestStepTask = task.name
    }
    // As an integer: a field that has once held another number is slower to read.
    const weight = Math.min(FULL_WEIGHT, Math.ceil((FULL_WEIGHT * time) / this.#batch)) | 0
    if (weight === FULL_WEIGHT) task.wary = WARY_OF_LONG
    task.weight = Math.max(weight, lighter(task, 2))
    task.longestStep = Math.max(task.longestStep, time)
    // One warning is enough for steps of about the same length.
    if (time > this.#longStep && time >= 2 * task.warnedOf) {
      task.warnedOf = time
      const fields = { task: task.name, step: time, slice: this.length }
      tell(log, 'warn', fields, 'A step of a task kept everything else waiting; yield more often')
    }
  }

  #measuredBatch(ring: Ring<TaskCore>, steps: number, time: Seconds): void {
    this.#batchedSteps += steps
    this.#batchedTime += time
    if (time > this.#batch * SUSPICIOUS) {
      for (const task of ring.latest(steps)) {
        task.weight = FULL_WEIGHT
        task.wary = Math.max(task.wary, WARY_OF_SUSPECT)
      }
    } else if (time < this.#batch && steps < FULL_WEIGHT) {
      for (const task of ring.latest(steps)) task.weight = lighter(task, 1)
    }
  }
}

/** The weight of a task after a reading that found nothing against it: halved so many times, as far as its past allows. */
function lighter(task: TaskCore, halvings: number): number {
  if (task.wary === 0) return Math.max(task.weight >> halvings, 1)
  task.wary--
  return FULL_WEIGHT
}

/**
 * Lets tasks do steps as long as their weights and `weight` together are no more than `FULL_WEIGHT`, or until one leaves the ring; but one
 * step at least. Returns how many.
 *
 * This is all that is hot. It is kept apart so that it is compiled soon, and never thrown away for what happens rarely.
 */
function runBatch(ring: Ring<TaskCore>, weight: number): number {
  let task = ring.next()
  let sum = weight + task.weight
  for (let steps = 1; ; steps++) {
    ring.turn(task)
    task.step()
    if (task.after === undefined) return steps
    task = ring.after(task)
    sum += task.weight
    if (sum > FULL_WEIGHT) return steps
  }
}
