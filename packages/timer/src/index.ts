/**
 * Repeated calls: `TimerService`, a service that calls a function at every point of a grid of time, and `LoopingCall`, the
 * original's loop without a service around it.
 *
 * Nothing drifts, no two runs overlap, what was missed is counted, and a stop waits for the run in progress.
 *
 * **Source:** Twisted, `twisted/application/internet.py`, `TimerService`; `twisted/internet/task.py`, `LoopingCall`.
 * **Differs:** `TimerService` survives a run that fails.
 *
 * @module
 */
export { AlreadyRunningError, NotRunningError, TimerOptionError } from './errors.ts'
export { LoopingCall, type LoopingCallOptions, type LoopStartOptions } from './looping-call.ts'
export type { TimerRun } from './timer-run.ts'
export { TimerService, type TimerServiceOptions } from './timer-service.ts'
export type { TimerErrorPolicy, TimerOptions } from './timer-settings.ts'
