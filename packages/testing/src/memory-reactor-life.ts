/**
 * The life of a `MemoryReactor`: it runs when it is told to, for no time at all.
 *
 * Source: Twisted, `twisted/internet/testing.py`, `MemoryReactor`.
 * Differs: `fireSystemEvent` and `removeSystemEventTrigger` work; `run` yields a promise, which is settled already.
 *
 * @module
 */
import { DoubleStateError } from './errors.ts'

/** When a trigger is called, in relation to its event. */
export type Phase = 'before' | 'during' | 'after'

/** One call of `addSystemEventTrigger`; also what takes it back. */
export interface TriggerRecord {
  readonly phase: Phase
  readonly event: string
  readonly call: () => void
}

/** Runs, stops, crashes, and keeps triggers. */
export class MemoryReactorLife {
  /** `undefined` after a crash. */
  running: boolean | undefined = false
  hasRun = false
  hasStopped = false
  hasCrashed = false
  readonly whenRunningHooks: (() => void)[] = []
  /** By phase, then by event. */
  readonly triggers: Readonly<Record<Phase, Map<string, TriggerRecord[]>>> = {
    before: new Map(),
    during: new Map(),
    after: new Map(),
  }

  /**
   * Runs the hooks, then stops at once, all of it inside the call.
   *
   * @throws DoubleStateError (`ERR_SENNIT_DOUBLE_STATE`) when it runs already
   */
  run(): Promise<void> {
    if (this.running === true) throw new DoubleStateError('Cannot run the reactor: it is running already')
    this.running = true
    this.hasRun = true
    for (const hook of this.whenRunningHooks) hook()
    this.stop()
    return Promise.resolve()
  }

  stop(): void {
    this.running = false
    this.hasStopped = true
  }

  crash(): void {
    this.running = undefined
    this.hasCrashed = true
  }

  /** Records a function for `run`; while it runs, calls it at once. */
  callWhenRunning<A extends readonly unknown[]>(f: (...args: A) => unknown, ...args: A): undefined {
    if (this.running === true) f(...args)
    else this.whenRunningHooks.push(() => void f(...args))
    return undefined
  }

  /** Records a function for an event; `fireSystemEvent` calls it. */
  addSystemEventTrigger<A extends readonly unknown[]>(
    phase: Phase,
    event: string,
    f: (...args: A) => unknown,
    ...args: A
  ): TriggerRecord {
    const trigger: TriggerRecord = { phase, event, call: () => void f(...args) }
    const ofPhase = this.triggers[phase]
    const triggers = ofPhase.get(event)
    if (triggers === undefined) ofPhase.set(event, [trigger])
    else triggers.push(trigger)
    return trigger
  }

  /** @throws DoubleStateError (`ERR_SENNIT_DOUBLE_STATE`) when it is not recorded, or not any more */
  removeSystemEventTrigger(trigger: Pick<TriggerRecord, 'phase' | 'event'>): void {
    const triggers = this.triggers[trigger.phase].get(trigger.event) ?? []
    const place = triggers.indexOf(trigger as TriggerRecord)
    if (place < 0)
      throw new DoubleStateError(`Cannot remove a trigger of '${trigger.event}': it is not recorded`)
    triggers.splice(place, 1)
  }

  /** Calls what was recorded for an event: before, during, after, each in the order in which it was recorded, once. */
  fireSystemEvent(event: string): void {
    for (const phase of ['before', 'during', 'after'] as const) {
      for (const trigger of this.triggers[phase].get(event)?.splice(0) ?? []) trigger.call()
    }
  }
}
