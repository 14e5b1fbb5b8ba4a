/**
 * Delays that grow geometrically towards a ceiling, without noise.
 *
 * @module
 */
import type { Duration, Seconds } from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import { BackoffOptionError } from './errors.ts'

/** How delays grow. */
export interface GrowthOptions {
  /** What is multiplied by `factor`, once for each failure: the first delay is `initialDelay * factor`. @defaultValue '1s' */
  readonly initialDelay?: Duration | undefined
  /** The ceiling. @defaultValue '60s' */
  readonly maxDelay?: Duration | undefined
  /** How much a delay is longer than the one before; 0 or more. @defaultValue 1.5 */
  readonly factor?: number | undefined
}

/** Growth past this exponent cannot matter, so that it is not computed. */
const MAX_EXPONENT = 100

/**
 * The delays for 0, 1, 2, … failures; the last one holds for every greater number.
 *
 * @throws DurationError (`ERR_SENNIT_DURATION`) when a delay is no duration
 * @throws BackoffOptionError (`ERR_SENNIT_BACKOFF_OPTION`) when the factor is no number, or negative
 */
export function growth({
  initialDelay = '1s',
  maxDelay = '60s',
  factor = 1.5,
}: GrowthOptions): readonly Seconds[] {
  const initial = finite(toSeconds(initialDelay, 'initialDelay'))
  const ceiling = toSeconds(maxDelay, 'maxDelay')
  if (typeof factor !== 'number' || !(factor >= 0))
    throw new BackoffOptionError('make a retry policy', 'factor', 'a number, 0 or more', factor)
  const delays: Seconds[] = []
  for (let exponent = 0; exponent <= MAX_EXPONENT; exponent++) {
    const delay = Math.min(finite(initial * finite(factor ** exponent)), ceiling)
    delays.push(delay)
    if (delay === ceiling && factor >= 1) break
  }
  return delays
}

/** The delay without noise. A fraction is cut off; what is no number of failures counts as very many. */
export function delayAfter(failures: number, delays: readonly Seconds[]): Seconds {
  // The first line is all that ever runs in practice, and what the policies' speed rests on.
  if (failures < delays.length) return delays[failures] ?? delays[Math.max(0, Math.trunc(failures))]!
  return delays[delays.length - 1]!
}

/** A delay with its noise; 0 instead of a negative one, and without the noise where that is no number. */
export function withNoise(noisy: Seconds, plain: Seconds): Seconds {
  if (noisy > 0) return noisy
  return noisy <= 0 ? 0 : plain
}

/** Keeps a product with 0 from being NaN, and a delay without a ceiling from being `Infinity`, which would mean to give up. */
function finite(value: number): number {
  return Math.min(value, Number.MAX_VALUE)
}
