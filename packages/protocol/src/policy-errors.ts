/**
 * Errors of the policies.
 *
 * @module
 */

/** An option of a policy is not what it must be. */
export class PolicyOptionError extends TypeError {
  override readonly name = 'PolicyOptionError'
  readonly code = 'ERR_SENNIT_POLICY_OPTION'
  /** The option, such as `'maxConnectionCount'`. */
  readonly option: string
  constructor(option: string, wanted: string, value: unknown) {
    super(`Cannot make a policy: '${option}' must be ${wanted}, got ${String(value)}`)
    this.option = option
  }
}

/**
 * A number of connections, or `Infinity`.
 *
 * @throws PolicyOptionError (`ERR_SENNIT_POLICY_OPTION`)
 */
export function checkedCount(option: string, count: number): number {
  if (count === Infinity || (Number.isInteger(count) && count >= 0)) return count
  throw new PolicyOptionError(option, 'a whole number, 0 or more', count)
}

/**
 * A number of bytes per second, or `Infinity`.
 *
 * @throws PolicyOptionError (`ERR_SENNIT_POLICY_OPTION`)
 */
export function checkedRate(option: string, rate: number): number {
  if (typeof rate === 'number' && rate > 0) return rate
  throw new PolicyOptionError(option, 'a number of bytes per second, more than 0', rate)
}
