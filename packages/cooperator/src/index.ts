/**
 * Work in steps that shares the event loop: `Cooperator`, its tasks, and `CooperatorService`, a cooperator that runs while its
 * service does.
 *
 * Tasks take turns, each doing one step, until a slice of time is over (10 ms unless told otherwise); then the loop has its turn.
 *
 * **Source:** Twisted, `twisted/internet/task.py`, `Cooperator`; `twisted/application/internet.py`, `CooperatorService`.
 * **Differs:** asynchronous iterators are taken too; a stop reaches every task.
 *
 * @module
 */
export { CooperativeTask, type TaskProgress, type WhenDoneOptions } from './cooperative-task.ts'
export {
  Cooperator,
  type CooperatorOptions,
  type CooperatorStopOptions,
  type Scheduler,
  type TaskOptions,
  type TerminationPredicate,
} from './cooperator.ts'
export { CooperatorService, type CooperatorServiceOptions } from './cooperator-service.ts'
export {
  CooperatorOptionError,
  NotPaused,
  SchedulerError,
  SchedulerStopped,
  TaskDone,
  TaskFailed,
  TaskFinished,
  TaskStopped,
} from './errors.ts'
export { coiterate, cooperate } from './global-cooperator.ts'
export type { CooperatorWork } from './slice.ts'
export type { AnyIterator } from './source.ts'
export type { TaskState } from './task-core.ts'
