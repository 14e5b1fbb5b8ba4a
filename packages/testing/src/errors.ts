/**
 * Errors of the simulated world and of the test doubles.
 *
 * @module
 */
import type { Seconds } from '@sennit/interfaces'

/** Something is waited for that nothing in the world can bring about any more. */
export class WorldStuckError extends Error {
  override readonly name = 'WorldStuckError'
  readonly code = 'ERR_SENNIT_WORLD_STUCK'
  /** What is still open; none of it can move by itself. */
  readonly pending: readonly string[]
  constructor(what: string, pending: readonly string[]) {
    super(
      `Cannot wait for ${what}: no timer and nothing on the network is left that could settle it${list(pending)}`,
    )
    this.pending = pending
  }
}

/** Something did not come within its limit of virtual time. */
export class WorldTimeoutError extends Error {
  override readonly name = 'WorldTimeoutError'
  readonly code = 'ERR_SENNIT_WORLD_TIMEOUT'
  /** The limit. */
  readonly timeout: Seconds
  /** What is still open. */
  readonly pending: readonly string[]
  constructor(what: string, timeout: Seconds, pending: readonly string[]) {
    super(`Cannot wait for ${what}: it took longer than ${timeout} s of virtual time${list(pending)}`)
    this.timeout = timeout
    this.pending = pending
  }
}

/** The program has left something behind. */
export class WorldNotQuietError extends Error {
  override readonly name = 'WorldNotQuietError'
  readonly code = 'ERR_SENNIT_WORLD_NOT_QUIET'
  /** What is left. */
  readonly pending: readonly string[]
  constructor(pending: readonly string[]) {
    super(`The world is not quiet${list(pending)}`)
    this.pending = pending
  }
}

/** A test double was used in a way that a real object would refuse, or that its state does not allow. */
export class DoubleStateError extends Error {
  override readonly name = 'DoubleStateError'
  readonly code = 'ERR_SENNIT_DOUBLE_STATE'
}

function list(pending: readonly string[]): string {
  return pending.length === 0 ? '' : `; still open: ${pending.join(', ')}`
}
