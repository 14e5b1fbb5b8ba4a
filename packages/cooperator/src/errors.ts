/**
 * Errors of cooperative tasks.
 *
 * **Source:** Twisted, `twisted/internet/task.py`, `SchedulerError` and its subclasses.
 *
 * @module
 */

/** A cooperator, or a task of one, cannot do what was asked of it. */
export class SchedulerError extends Error {
  override readonly name: string = 'SchedulerError'
  readonly code: string = 'ERR_SENNIT_SCHEDULER'
}

/** The cooperator was stopped: it runs no tasks, and takes none. */
export class SchedulerStopped extends SchedulerError {
  override readonly name = 'SchedulerStopped'
  override readonly code = 'ERR_SENNIT_SCHEDULER_STOPPED'
  constructor(message = 'Cannot run a task: its cooperator was stopped') {
    super(message)
  }
}

/** The task is over. */
export class TaskFinished extends SchedulerError {
  override readonly name: string = 'TaskFinished'
  override readonly code: string = 'ERR_SENNIT_TASK_FINISHED'
}

/** The task is over: its work was done. */
export class TaskDone extends TaskFinished {
  override readonly name = 'TaskDone'
  override readonly code = 'ERR_SENNIT_TASK_DONE'
  constructor(task: string) {
    super(`Cannot change the task '${task}': its work is done`)
  }
}

/** The task is over: it was stopped. */
export class TaskStopped extends TaskFinished {
  override readonly name = 'TaskStopped'
  override readonly code = 'ERR_SENNIT_TASK_STOPPED'
  constructor(task: string) {
    super(`The task '${task}' was stopped`)
  }
}

/** The task is over: its work failed; the `cause` is what it failed with. */
export class TaskFailed extends TaskFinished {
  override readonly name = 'TaskFailed'
  override readonly code = 'ERR_SENNIT_TASK_FAILED'
  constructor(task: string, cause: unknown) {
    super(`Cannot change the task '${task}': its work failed`, { cause })
  }
}

/** A task that is not paused cannot be resumed. */
export class NotPaused extends SchedulerError {
  override readonly name = 'NotPaused'
  override readonly code = 'ERR_SENNIT_NOT_PAUSED'
  constructor(task: string) {
    super(`Cannot resume the task '${task}': it must be paused`)
  }
}

/** An option of a cooperator, or something given to one, is not what it must be. */
export class CooperatorOptionError extends TypeError {
  override readonly name = 'CooperatorOptionError'
  readonly code = 'ERR_SENNIT_COOPERATOR_OPTION'
  /** What is wrong, such as `'scheduler'`. */
  readonly option: string
  constructor(action: string, option: string, wanted: string, value: unknown) {
    super(`Cannot ${action}: '${option}' must be ${wanted}, got ${shown(value)}`)
    this.option = option
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value)
  return String(value)
}
