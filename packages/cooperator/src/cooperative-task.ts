/**
 * One task of a cooperator, as its owner sees it.
 *
 * **Source:** Twisted, `twisted/internet/task.py`, `CooperativeTask`.
 * **Differs:** `whenDone` can be given a signal and a timeout; the task tells its progress.
 *
 * @module
 */
import type { Description, Duration, IInspectable, Seconds } from '@sennit/interfaces'
import { bounded } from '@sennit/runtime/internal'
import type { AnyIterator } from './source.ts'
import type { TaskCore, TaskState } from './task-core.ts'

/** Options of `CooperativeTask.whenDone`. */
export interface WhenDoneOptions {
  /** Ends the waiting, not the task. */
  readonly signal?: AbortSignal | undefined
  /** How long to wait. @defaultValue Infinity */
  readonly timeout?: Duration | undefined
}

/** How far a task has come, and at what cost. */
export interface TaskProgress {
  /** How many steps it has begun. */
  readonly steps: number
  /** About how long they took together; most of them are not measured alone. */
  readonly cpuTime: Seconds
  /** The longest step that was measured alone. */
  readonly longestStep: Seconds
}

/** Made by `cooperate`. */
export class CooperativeTask<I extends AnyIterator = AnyIterator> implements IInspectable {
  readonly #core: TaskCore

  /** @internal */
  constructor(core: TaskCore) {
    this.#core = core
  }

  get name(): string {
    return this.#core.name
  }

  get state(): TaskState {
    return this.#core.state
  }

  get progress(): TaskProgress {
    const { steps, measured, measuredTime, longestStep, owner } = this.#core
    return { steps, cpuTime: measuredTime + (steps - measured) * owner.cheapStep, longestStep }
  }

  /**
   * Waits for the end of the task. Nobody has to await it.
   *
   * @returns a new promise each time, of the iterator
   * @throws what the work threw, or what a promise that it yielded was rejected with, as a rejection
   * @throws TaskStopped (`ERR_SENNIT_TASK_STOPPED`), as a rejection, when the task was stopped
   * @throws SchedulerStopped (`ERR_SENNIT_SCHEDULER_STOPPED`), as a rejection, when its cooperator was
   * @throws TimeoutError (`ERR_SENNIT_TIMEOUT`) or the signal's reason, as a rejection, when the waiting ends before the task
   */
  whenDone(options: WhenDoneOptions = {}): Promise<I> {
    const core = this.#core
    core.awaited = true
    const result = core.result().then((iterator) => iterator as I)
    const promise = bounded(result, options, core.owner.clock, `The task '${core.name}'`)
    promise.catch(() => {})
    return promise
  }

  /**
   * Does no more steps until `resume()`. Pauses add up.
   *
   * @throws TaskDone, TaskStopped, TaskFailed, SchedulerStopped when the task is over
   */
  pause(): void {
    this.#core.pause()
  }

  /**
   * Takes back one `pause()`. The task does its next step in a later tick.
   *
   * @throws NotPaused (`ERR_SENNIT_NOT_PAUSED`)
   */
  resume(): void {
    this.#core.resume()
  }

  /**
   * Ends the task. Its iterator is closed, so that a generator's `finally` runs.
   *
   * @throws TaskDone, TaskStopped, TaskFailed, SchedulerStopped when the task is over
   */
  stop(): void {
    this.#core.stop()
  }

  describe(): Description {
    const { name, state, progress } = this
    return {
      kind: 'CooperativeTask',
      name,
      state,
      since: undefined,
      error: undefined,
      facts: { ...progress },
      children: [],
    }
  }
}
