/**
 * The short way through a transition, for services that have no children, no options and nobody who looks: children of a
 * collection, and those that are started and stopped by themselves.
 *
 * | transition       | is to be done when              | at its beginning       | at its end                          |
 * |------------------|---------------------------------|------------------------|-------------------------------------|
 * | privileged start | neither due nor late            | starting               | due, and touched when it has a hook |
 * | start            | the same; or prepared, not late | starting, wanted       | running, due, touched               |
 * | stop             | due                             | stopping, nothing else | stopped                             |
 *
 * They come by the hundred thousand, so a walk has no choice left to make for each: the way is a row of numbers.
 *
 * @module
 */
import type { HookTarget, Kind } from './hook.ts'
import { DUE, LATE, RUNNING, STARTING, STATE, STOPPED, STOPPING, TOUCHED, WANTED } from './marks.ts'
import type { HookContext } from './options.ts'

/** The short way through one kind of transition. */
export interface ShortWay {
  readonly kind: Kind
  /** Calls the hook, if it is there. */
  readonly call: (target: HookTarget, hook: HookContext) => unknown
  /** A transition is to be done when this part of the marks … */
  readonly part: number
  /** … is this, … */
  readonly due: number
  /** … or, of a start, when this part … */
  readonly preparedPart: number
  /** … is this. */
  readonly prepared: number
  /** The marks that stay at the beginning; those of a stop tell whether its hook is to be called, and go. */
  readonly kept: number
  /** The marks that come at the beginning. */
  readonly begun: number
  /** The marks that come at the end, in the place of the state. */
  readonly ended: number
}

/** No marks are this. */
const NEVER = -1

/** The short ways. */
export const SHORT_WAYS: Readonly<Record<Kind, ShortWay>> = {
  privileged: {
    kind: 'privileged',
    call: (target, hook) => target.onPrivilegedStart?.(hook),
    part: DUE | LATE,
    due: 0,
    preparedPart: 0,
    prepared: NEVER,
    kept: ~STATE,
    begun: STARTING,
    ended: STARTING | DUE,
  },
  start: {
    kind: 'start',
    call: (target, hook) => target.onStart?.(hook),
    part: DUE | LATE,
    due: 0,
    preparedPart: DUE | LATE | STATE,
    prepared: DUE | STARTING,
    kept: ~STATE,
    begun: WANTED | STARTING,
    ended: RUNNING | DUE | TOUCHED,
  },
  stop: {
    kind: 'stop',
    call: (target, hook) => target.onStop?.(hook),
    part: DUE,
    due: DUE,
    preparedPart: 0,
    prepared: NEVER,
    kept: 0,
    begun: STOPPING,
    ended: STOPPED,
  },
}

/** Whether a transition of a service with such marks is to be done. */
export function isOpen(way: ShortWay, marks: number): boolean {
  return (marks & way.part) === way.due || (marks & way.preparedPart) === way.prepared
}
