/**
 * The machine of one task.
 *
 * | state   | event                            | next    |                                              |
 * |---------|----------------------------------|---------|----------------------------------------------|
 * | ready   | its turn: an item                | ready   |                                              |
 * | ready   | its turn: a promise              | waiting | leaves the ring                              |
 * | ready   | its turn: the end, or an error   | over    | leaves the ring                              |
 * | ready   | `pause`                          | paused  | leaves the ring                              |
 * | paused  | `resume`, as often as `pause`    | ready   | joins the ring at its end                    |
 * | waiting | the promise resolves             | ready   | joins the ring at its end, unless paused too |
 * | waiting | the promise rejects              | over    |                                              |
 * | any     | `stop`                           | over    | the iterator is closed                       |
 * | any     | the cooperator is stopped        | over    | when waiting: once the promise has settled   |
 * | over    | `resume`, as often as `pause`    | over    | nothing                                      |
 * | over    | `stop`, `pause`, more `resume`   | over    | throws how it ended                          |
 *
 * @module
 */
import type { IReactorTime, ILog, Seconds } from '@sennit/interfaces'
import { isThenable, tell } from '@sennit/runtime/internal'
import type { CooperativeTask } from './cooperative-task.ts'
import { NotPaused, SchedulerStopped, TaskDone, TaskFailed, TaskStopped } from './errors.ts'
import type { Link } from './ring.ts'
import type { AnyIterator, Source, SyncIterator } from './source.ts'

/** How heavy the heaviest steps are: the clock is read after each of them. */
export const FULL_WEIGHT = 64

/** Where a task stands. */
export type TaskState = 'ready' | 'waiting' | 'paused' | 'done' | 'stopped' | 'failed'

/** How a task ended; it is abandoned when its cooperator is stopped. */
type End = 'done' | 'stopped' | 'failed' | 'abandoned'

/** What a task's cooperator does for it. */
export interface TaskOwner {
  readonly clock: IReactorTime
  readonly log: ILog
  /** How long a step takes in the mean that was not measured alone. */
  readonly cheapStep: Seconds
  /** Whether the task may be in the middle of a step. */
  inTurn(task: TaskCore): boolean
  /** The task can do its next step. */
  ready(task: TaskCore): void
  /** The task waits, or is paused. */
  parked(task: TaskCore): void
  /** The task is over. */
  over(task: TaskCore): void
  /** The task is over, but still cleans up. */
  closing(promise: Promise<unknown>): void
}

/** One task. */
export class TaskCore implements Link<TaskCore> {
  // First what every step touches, so that it lies together in memory.
  readonly #source: SyncIterator
  before: TaskCore | undefined = undefined
  after: TaskCore | undefined = undefined
  /** How heavy its steps are, from 1 to `FULL_WEIGHT`, by the last that were measured. */
  weight: number = FULL_WEIGHT
  /** For so many readings to come, it keeps the full weight. */
  wary = 0
  /** How many steps it has begun. */
  steps = 0
  /** How many of them were measured alone, how long they took together, and the longest. */
  measured = 0
  measuredTime: Seconds = 0
  longestStep: Seconds = 0
  /** The long step that was warned of last. */
  warnedOf: Seconds = 0
  readonly name: string
  readonly iterator: AnyIterator
  readonly owner: TaskOwner
  /** The task, as its owner sees it. */
  task: CooperativeTask | undefined = undefined
  /** Whether its owner has asked for the end: then a failure is not logged. */
  awaited = false
  #waiting = false
  #doomed = false
  #pauses = 0
  #end: End | undefined = undefined
  /** What the work failed with. */
  #failure: unknown = undefined
  #result: Promise<AnyIterator> | undefined = undefined
  #resolve: ((iterator: AnyIterator) => void) | undefined = undefined
  #reject: ((error: unknown) => void) | undefined = undefined

  constructor(name: string, { iterator, steps }: Source, owner: TaskOwner) {
    this.name = name
    this.iterator = iterator
    this.owner = owner
    this.#source = steps
  }

  get state(): TaskState {
    if (this.#end !== undefined) return this.#end === 'abandoned' ? 'stopped' : this.#end
    if (this.#waiting) return 'waiting'
    return this.#pauses > 0 ? 'paused' : 'ready'
  }

  get isOver(): boolean {
    return this.#end !== undefined
  }

  /** Draws one item. */
  step(): void {
    this.steps++
    let done: boolean | undefined
    let value: unknown
    try {
      const result = this.#source.next()
      done = result.done
      value = result.value
    } catch (error) {
      this.#failed(error)
      return
    }
    if (done) this.#exhausted()
    else if (value !== undefined) this.#item(value)
  }

  #item(value: unknown): void {
    try {
      if (!isThenable(value)) return
    } catch (error) {
      // A `then` that cannot be read counts as a promise that rejects.
      this.#wait(Promise.reject(error))
      return
    }
    this.#wait(value)
  }

  /** @throws TaskDone, TaskStopped, TaskFailed, SchedulerStopped */
  pause(): void {
    if (this.#end !== undefined) throw this.#endError()
    if (this.#pauses++ === 0 && !this.#waiting) this.owner.parked(this)
  }

  /** @throws NotPaused */
  resume(): void {
    if (this.#pauses === 0) throw new NotPaused(this.name)
    if (--this.#pauses === 0 && !this.#waiting && this.#end === undefined) this.owner.ready(this)
  }

  /** @throws TaskDone, TaskStopped, TaskFailed, SchedulerStopped */
  stop(): void {
    if (this.#end !== undefined) throw this.#endError()
    this.#endEarly('stopped')
  }

  /** The cooperator is stopped. A task that waits is over when what it waits for has settled, or `atOnce`. */
  abandon(atOnce = false): void {
    if (this.#end !== undefined) return
    if (this.#waiting && !atOnce) this.#doomed = true
    else this.#endEarly('abandoned')
  }

  /** How it ends, as one promise for all who ask. */
  result(): Promise<AnyIterator> {
    if (this.#result === undefined) {
      this.#result = new Promise((resolve, reject) => {
        this.#resolve = resolve
        this.#reject = reject
      })
      if (this.#end !== undefined) this.#settle()
    }
    return this.#result
  }

  #exhausted(): void {
    if (this.#end === undefined) this.#finish('done')
  }

  #wait(promise: PromiseLike<unknown>): void {
    const settled = Promise.resolve(promise)
    // It may have been stopped, or paused, inside its own step.
    if (this.#end !== undefined) {
      settled.catch(() => {})
      return
    }
    this.#waiting = true
    if (this.#pauses === 0) this.owner.parked(this)
    settled.then(
      () => this.#waited(),
      (error: unknown) => {
        this.#waiting = false
        // One that was stopped meanwhile has been closed.
        if (this.#end !== undefined) return
        this.#failed(error)
        this.#close()
      },
    )
  }

  #waited(): void {
    this.#waiting = false
    if (this.#end !== undefined) return
    if (this.#doomed) this.abandon()
    else if (this.#pauses === 0) this.owner.ready(this)
  }

  #failed(error: unknown): void {
    if (this.#end !== undefined) return
    this.#failure = error
    const { log } = this.owner
    if (!this.awaited)
      tell(
        log,
        'error',
        { err: error, task: this.name },
        'A task failed, and nobody is known to wait for its end',
      )
    this.#finish('failed')
  }

  #finish(end: End): void {
    this.#end = end
    this.owner.over(this)
    if (this.#result !== undefined) this.#settle()
  }

  #settle(): void {
    if (this.#end === 'done') this.#resolve!(this.iterator)
    else if (this.#end === 'failed') this.#reject!(this.#failure)
    else this.#reject!(this.#endError())
  }

  #endError(): Error {
    if (this.#end === 'done') return new TaskDone(this.name)
    if (this.#end === 'stopped') return new TaskStopped(this.name)
    if (this.#end === 'failed') return new TaskFailed(this.name, this.#failure)
    return new SchedulerStopped()
  }

  #endEarly(end: 'stopped' | 'abandoned'): void {
    // An iterator cannot be closed inside its own step.
    const inTurn = this.owner.inTurn(this)
    this.#finish(end)
    if (inTurn) this.owner.closing(Promise.resolve().then(() => this.#close()))
    else this.#close()
  }

  /** Lets the work clean up, such as in a generator's `finally`. */
  #close(): void {
    const report = (error: unknown) =>
      tell(this.owner.log, 'error', { err: error, task: this.name }, 'A task failed to clean up')
    try {
      const result: unknown = this.iterator.return?.()
      if (isThenable(result)) this.owner.closing(Promise.resolve(result).catch(report))
    } catch (error) {
      report(error)
    }
  }
}
