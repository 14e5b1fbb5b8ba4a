/**
 * How a timer behaves: its options and their defaults.
 *
 * @module
 */
import type { Duration, IWallClock, Seconds } from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import { TimerOptionError } from './errors.ts'

/** What becomes of a timer after a run that failed. */
export type TimerErrorPolicy = 'continue' | 'stop' | 'fail'

/** How a timer behaves. */
export interface TimerOptions {
  /** Whether the first run is inside the start, or one step later. @defaultValue true */
  readonly now?: boolean | undefined
  /**
   * What becomes of the timer after a run that failed: `'continue'` logs it and goes on; `'stop'` logs it and stops the service;
   * `'fail'` makes it a failure of the service, which its parent sees; when it is the first run, inside the start, the start rejects.
   *
   * @defaultValue 'continue'
   */
  readonly onError?: TimerErrorPolicy | undefined
  /** How long a stop leaves the run in progress alone before it aborts the run's signal. @defaultValue '5s' */
  readonly stopGrace?: Duration | undefined
  /**
   * Where the grid lies: `'start'` counts from the start of the service; `'epoch'` has its points where the time of day (UTC) is a multiple
   * of the step, such as every full hour for `'1h'`.
   *
   * @defaultValue 'start'
   */
  readonly align?: 'start' | 'epoch' | undefined
  /** The time of day, for `align` and for `describe()`. @defaultValue the reactor's if it has one, else the system's */
  readonly wallClock?: IWallClock | undefined
  /** Lets the process end although the timer waits. @defaultValue false */
  readonly unref?: boolean | undefined
}

/** The same, checked; one object serves timers that were given the same. */
export interface TimerSettings {
  readonly now: boolean
  readonly onError: TimerErrorPolicy
  readonly stopGrace: Seconds
  readonly aligned: boolean
  readonly wallClock: IWallClock | undefined
  readonly unref: boolean
}

const DEFAULTS: TimerSettings = {
  now: true,
  onError: 'continue',
  stopGrace: 5,
  aligned: false,
  wallClock: undefined,
  unref: false,
}

/** What was made last: timers that are made in a row have mostly the same. */
let latest = DEFAULTS

/**
 * Checks options, and fills in what is missing.
 *
 * @throws TimerOptionError (`ERR_SENNIT_TIMER_OPTION`), DurationError (`ERR_SENNIT_DURATION`)
 */
export function settingsOf(options: TimerOptions): TimerSettings {
  const { now, onError, stopGrace, align, wallClock, unref } = options
  if (onError !== undefined && !['continue', 'stop', 'fail'].includes(onError))
    throw new TimerOptionError('make a timer', 'onError', "'continue', 'stop' or 'fail'", onError)
  if (align !== undefined && align !== 'start' && align !== 'epoch')
    throw new TimerOptionError('make a timer', 'align', "'start' or 'epoch'", align)
  const grace = stopGrace === undefined ? DEFAULTS.stopGrace : toSeconds(stopGrace, 'stopGrace')
  const runsNow = now ?? DEFAULTS.now
  const policy = onError ?? DEFAULTS.onError
  const aligned = align === 'epoch'
  const unreferenced = unref ?? DEFAULTS.unref
  // Compared one by one, so that nothing is made only to be compared.
  if (
    latest.now !== runsNow ||
    latest.onError !== policy ||
    latest.stopGrace !== grace ||
    latest.aligned !== aligned ||
    latest.wallClock !== wallClock ||
    latest.unref !== unreferenced
  ) {
    latest = {
      now: runsNow,
      onError: policy,
      stopGrace: grace,
      aligned,
      wallClock,
      unref: unreferenced,
    }
  }
  return latest
}
