/**
 * The options of a service, checked.
 *
 * @module
 */
import type { Duration, ILog, IReactorTime } from '@sennit/interfaces'
import { hasRole, toSeconds } from '@sennit/runtime'
import { ServiceOptionError } from './errors.ts'
import type { Settings } from './lifecycle.ts'
import type { ServiceOptions } from './options.ts'

const ACTION = 'make a service'

/**
 * Checks options; `undefined` when none is given that has to be kept.
 *
 * @throws ServiceOptionError (`ERR_SENNIT_SERVICE_OPTION`)
 * @throws DurationError (`ERR_SENNIT_DURATION`)
 */
export function settingsOf(options: ServiceOptions): Settings | undefined {
  const { name, reactor, clock, log, random, startTimeout, stopTimeout, onFailure } = options
  if (name !== undefined) checkName(name)
  const inherits = reactor === undefined && clock === undefined && log === undefined && random === undefined
  if (inherits && startTimeout === undefined && stopTimeout === undefined && onFailure === undefined) {
    return undefined
  }
  if (reactor !== undefined) checkClock('reactor', reactor)
  if (clock !== undefined) checkClock('clock', clock)
  if (log !== undefined) checkLog(log)
  if (random !== undefined && typeof random !== 'function') {
    throw new ServiceOptionError(ACTION, 'random', 'a function', random)
  }
  if (
    onFailure !== undefined &&
    typeof onFailure !== 'function' &&
    onFailure !== 'propagate' &&
    onFailure !== 'log'
  ) {
    throw new ServiceOptionError(ACTION, 'onFailure', "'propagate', 'log' or a function", onFailure)
  }
  return {
    own: inherits ? undefined : { reactor, clock, log, random },
    startTimeout: seconds(startTimeout, 'startTimeout'),
    stopTimeout: seconds(stopTimeout, 'stopTimeout'),
    onFailure,
  }
}

/** @throws ServiceOptionError (`ERR_SENNIT_SERVICE_OPTION`) */
export function checkName(name: unknown): void {
  if (typeof name !== 'string') throw new ServiceOptionError(ACTION, 'name', 'a string', name)
}

/** @throws ServiceOptionError (`ERR_SENNIT_SERVICE_OPTION`) */
export function checkClock(option: string, value: unknown): void {
  if (!hasRole<IReactorTime>(value, ['seconds', 'callLater', 'getDelayedCalls'])) {
    throw new ServiceOptionError(
      ACTION,
      option,
      'an IReactorTime (with seconds, callLater, getDelayedCalls)',
      value,
    )
  }
}

/** @throws ServiceOptionError (`ERR_SENNIT_SERVICE_OPTION`) */
export function checkLog(value: unknown): void {
  if (!hasRole<ILog>(value, ['debug', 'info', 'warn', 'error'])) {
    throw new ServiceOptionError(ACTION, 'log', 'a log with debug, info, warn and error', value)
  }
}

function seconds(value: Duration | undefined, option: string): number | undefined {
  return value === undefined ? undefined : toSeconds(value, option)
}
