/**
 * The options of a run, read and checked.
 *
 * @module
 */
import type { IDeadlines, IService, Seconds } from '@sennit/interfaces'
import { hasRole, toSeconds } from '@sennit/runtime'
import { RunOptionError } from './errors.ts'
import type { RunOptions } from './run-options.ts'

/** The options that had to be read. */
export interface Plan {
  readonly startTimeout: Seconds
  readonly stopTimeout: Seconds
  readonly readyDelay: Seconds
  readonly drainDelay: Seconds
  readonly umask: number | undefined
  readonly for: Seconds | undefined
}

/**
 * Reads the options.
 *
 * @throws RunOptionError (`ERR_SENNIT_RUN_OPTION`) when a service is none, or the umask
 * @throws DurationError (`ERR_SENNIT_DURATION`) when a length of time is no duration
 */
export function planOf(application: IService, options: RunOptions): Plan {
  checkService('application', application)
  for (const companion of options.companions ?? []) checkService('companions', companion)
  return {
    startTimeout: deadline(application, options, 'startTimeout', 30),
    stopTimeout: deadline(application, options, 'stopTimeout', 8),
    readyDelay: toSeconds(options.readyDelay ?? 0, 'readyDelay'),
    drainDelay: toSeconds(options.drainDelay ?? 0, 'drainDelay'),
    umask: options.umask === undefined ? undefined : toMask(options.umask),
    for: options.for === undefined ? undefined : toSeconds(options.for, 'for'),
  }
}

function checkService(option: string, service: unknown): void {
  if (!hasRole<IService>(service, ['privilegedStartService', 'startService', 'stopService'])) {
    throw new RunOptionError(option, 'a service', service)
  }
}

function deadline(
  application: IService,
  options: RunOptions,
  which: keyof IDeadlines,
  otherwise: Seconds,
): Seconds {
  const option = options[which]
  if (option !== undefined) return toSeconds(option, which)
  return (application as IService & Partial<IDeadlines>)[which] ?? otherwise
}

function toMask(umask: number | string): number {
  const mask = typeof umask === 'number' ? umask : /^[0-7]{1,4}$/.test(umask) ? Number.parseInt(umask, 8) : -1
  if (!(Number.isInteger(mask) && mask >= 0 && mask <= 0o777)) {
    throw new RunOptionError('umask', 'octal digits, or a number from 0 to 0o777', umask)
  }
  return mask
}
