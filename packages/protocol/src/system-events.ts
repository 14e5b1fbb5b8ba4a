/**
 * The events in a reactor's life: what is called when one happens, and in which order.
 *
 * Each event is by itself in one of these states:
 *
 * | state   | add 'before'           | add another | remove    | fire          | no promise is left, or the time is over |
 * |---------|------------------------|-------------|-----------|---------------|-----------------------------------------|
 * | idle    | kept                   | kept        | taken out | calling       | -                                       |
 * | calling | called in its turn     | kept        | taken out | joins         | idle; 'during' and 'after' are called   |
 * | waiting | kept for the next time | kept        | taken out | joins         | idle; 'during' and 'after' are called   |
 *
 * While it is calling, the triggers of 'before' are called, and their promises collected; while it is waiting, these settle. A
 * trigger is called once. To remove one that was called already is only warned of.
 *
 * Source: Twisted, `twisted/internet/base.py`, `_ThreePhaseEvent`, `ReactorBase.fireSystemEvent`.
 * Differs: a shutdown waits for promises only so long, and says for which; an event that is under way is not fired twice.
 *
 * @module
 */
import type {
  IDelayedCall,
  ILog,
  IReactorTime,
  ISystemEvents,
  Seconds,
  SystemEventPhase,
  SystemEventTrigger,
} from '@sennit/interfaces'
import { asError, isThenable } from '@sennit/runtime/internal'
import { ReactorOptionError } from './errors.ts'

/** Options of `SystemEvents`. */
export interface SystemEventsOptions {
  readonly clock: IReactorTime
  readonly log: ILog
  /** How long a shutdown waits for the promises of 'before'; `Infinity` for ever. */
  readonly shutdownTimeout: Seconds
  /** Called for each event before its triggers of 'during'. */
  readonly during: (event: string) => void
  /** Called when all triggers of an event were called. */
  readonly over: (event: string) => void
}

/** How much of a function without a name is shown. */
const SHOWN = 60

class Trigger implements SystemEventTrigger {
  readonly phase: SystemEventPhase
  readonly event: string
  readonly call: () => unknown
  /** What it is called when it hangs. */
  readonly title: string
  readonly #owner: SystemEvents
  isCalled = false

  constructor(
    phase: SystemEventPhase,
    event: string,
    call: () => unknown,
    title: string,
    owner: SystemEvents,
  ) {
    this.phase = phase
    this.event = event
    this.call = call
    this.title = title
    this.#owner = owner
  }

  static belongs(trigger: unknown, owner: SystemEvents): trigger is Trigger {
    return typeof trigger === 'object' && trigger !== null && #owner in trigger && trigger.#owner === owner
  }
}

/** One event: its triggers, and what is waited for when it is under way. */
interface Entry {
  readonly before: Trigger[]
  readonly during: Trigger[]
  readonly after: Trigger[]
  firing: Firing | undefined
}

/** One time that an event happens. */
interface Firing {
  isCalling: boolean
  readonly pending: Set<Trigger>
  timer: IDelayedCall | undefined
}

/** The events of one reactor. */
export class SystemEvents implements ISystemEvents {
  readonly #options: SystemEventsOptions
  readonly #entries = new Map<string, Entry>()

  constructor(options: SystemEventsOptions) {
    this.#options = options
  }

  /** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) when the phase is none, or `f` no function */
  addSystemEventTrigger<A extends readonly unknown[]>(
    phase: SystemEventPhase,
    event: string,
    f: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger {
    if (phase !== 'before' && phase !== 'during' && phase !== 'after') {
      throw new ReactorOptionError('add a trigger', 'phase', "'before', 'during' or 'after'", phase)
    }
    if (typeof f !== 'function') throw new ReactorOptionError('add a trigger', 'f', 'a function', f)
    const trigger = new Trigger(phase, event, () => f(...args), titleOf(f), this)
    this.#entry(event)[phase].push(trigger)
    return trigger
  }

  /** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) when it was not added here, or is removed already */
  removeSystemEventTrigger(trigger: SystemEventTrigger): void {
    if (!Trigger.belongs(trigger, this)) throw unknownTrigger(trigger)
    const { event, phase, title } = trigger
    if (trigger.isCalled) {
      this.#options.log.warn(
        { event, phase, trigger: title },
        'A trigger was removed that was called already',
      )
      return
    }
    const row = this.#entry(event)[phase]
    const index = row.indexOf(trigger)
    if (index < 0) throw unknownTrigger(trigger)
    row.splice(index, 1)
  }

  fireSystemEvent(event: string): void {
    const entry = this.#entry(event)
    if (entry.firing !== undefined) return
    const firing: Firing = { isCalling: true, pending: new Set(), timer: undefined }
    entry.firing = firing
    for (let trigger = entry.before.shift(); trigger !== undefined; trigger = entry.before.shift()) {
      this.#callBefore(entry, firing, trigger)
      if (entry.firing !== firing) return
    }
    firing.isCalling = false
    if (firing.pending.size === 0) return this.#goOn(event, entry)
    const { clock, shutdownTimeout } = this.#options
    if (event === 'shutdown' && shutdownTimeout !== Infinity) {
      firing.timer = clock.callLater(shutdownTimeout, () => this.#late(event, entry, firing))
    }
  }

  /** Ends an event that is under way: what has not been called is kept. */
  abandon(event: string): void {
    const entry = this.#entry(event)
    if (entry.firing?.timer?.active()) entry.firing.timer.cancel()
    entry.firing = undefined
  }

  #entry(event: string): Entry {
    let entry = this.#entries.get(event)
    if (entry === undefined) {
      entry = { before: [], during: [], after: [], firing: undefined }
      this.#entries.set(event, entry)
    }
    return entry
  }

  #callBefore(entry: Entry, firing: Firing, trigger: Trigger): void {
    const result = this.#call(trigger)
    if (!isThenable(result)) return
    firing.pending.add(trigger)
    const settled = (): void => {
      firing.pending.delete(trigger)
      if (firing.pending.size > 0 || firing.isCalling || entry.firing !== firing) return
      this.#goOn(trigger.event, entry)
    }
    // A promise of our own: whatever another's `then` does, it is told later, and once.
    Promise.resolve(result).then(settled, (error: unknown) => {
      this.#failed(trigger, error)
      settled()
    })
  }

  #late(event: string, entry: Entry, { pending }: Firing): void {
    const { log, shutdownTimeout } = this.#options
    const triggers = Array.from(pending, ({ title }) => title)
    log.warn({ event, triggers }, `A shutdown no longer waits for what took longer than ${shutdownTimeout} s`)
    this.#goOn(event, entry)
  }

  #goOn(event: string, entry: Entry): void {
    if (entry.firing?.timer?.active()) entry.firing.timer.cancel()
    entry.firing = undefined
    this.#options.during(event)
    for (const row of [entry.during, entry.after]) {
      for (let trigger = row.shift(); trigger !== undefined; trigger = row.shift()) this.#callLate(trigger)
    }
    this.#options.over(event)
  }

  /** Calls a trigger that nobody waits for. */
  #callLate(trigger: Trigger): void {
    const result = this.#call(trigger)
    if (!isThenable(result)) return
    Promise.resolve(result).catch((error: unknown) => this.#failed(trigger, error))
  }

  #call(trigger: Trigger): unknown {
    trigger.isCalled = true
    try {
      return trigger.call()
    } catch (error) {
      this.#failed(trigger, error)
      return undefined
    }
  }

  #failed({ event, phase, title }: Trigger, error: unknown): void {
    this.#options.log.error({ err: asError(error), event, phase, trigger: title }, 'A trigger failed')
  }
}

function titleOf(f: { readonly name: string }): string {
  if (f.name !== '') return f.name
  const text = String(f).replaceAll(/\s+/g, ' ')
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
}

function unknownTrigger(trigger: unknown): ReactorOptionError {
  return new ReactorOptionError('remove a trigger', 'trigger', 'one that was added and not removed', trigger)
}
