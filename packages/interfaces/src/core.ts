/**
 * Roles of a reactor as the main thing of a process, and of the events in its life.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `IReactorCore`.
 * Differs: Node's loop runs already, so `run` yields a promise; the events are a role of their own.
 *
 * @module
 */

/** Runs from `run()` to `stop()`. */
export interface IReactorCore {
  /** From during the startup until during the shutdown. */
  readonly running: boolean
  /**
   * Fires `'startup'`, keeps the process alive, and settles after `'shutdown'`.
   *
   * @throws ReactorAlreadyRunning, ReactorNotRestartable (as a rejection)
   */
  run(): Promise<void>
  /**
   * Ends `run` at the end of this turn of the loop, by firing `'shutdown'`.
   *
   * @throws ReactorNotRunning
   */
  stop(): void
  /** Ends `run` at once; nothing is fired. */
  crash(): void
  /**
   * Calls `f(...args)` when the reactor runs: at once, or after its startup.
   *
   * @returns what takes it back, unless it was called at once
   */
  callWhenRunning<A extends readonly unknown[]>(
    f: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger | undefined
}

/** When a trigger is called. Promises of the first phase are awaited together before the second begins. */
export type SystemEventPhase = 'before' | 'during' | 'after'

/** What stands for a trigger that was added. */
export interface SystemEventTrigger {
  readonly phase: SystemEventPhase
  readonly event: string
}

/** Calls what was added when something happens. */
export interface ISystemEvents {
  /** @param event - `'startup'`, `'shutdown'`, or a word of your own */
  addSystemEventTrigger<A extends readonly unknown[]>(
    phase: SystemEventPhase,
    event: string,
    f: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger
  /** Takes a trigger out. */
  removeSystemEventTrigger(trigger: SystemEventTrigger): void
  /** Calls what was added for an event, phase by phase. */
  fireSystemEvent(event: string): void
}
