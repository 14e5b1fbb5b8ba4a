/**
 * The names of a simulated world, in the hands of a test.
 *
 * @module
 */
import type { Duration } from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import type { NameTable } from './name-table.ts'

/** Options of what is said of a name. */
export interface NameOptions {
  /** How long the answer takes; `Infinity` for name servers that never answer. @defaultValue 0 */
  readonly delay?: Duration | undefined
}

/**
 * Says what names stand for. A name of which nothing was said is that of a machine, which is made when it is first asked for.
 *
 * What is said holds from then on, also for a program that asks again.
 *
 * @example
 * ```ts
 * world.names.set('db.example', ['2001:db8::5', '10.0.0.5'])
 * world.names.fail('db.example', 'EAI_AGAIN', { delay: '5s' })
 * ```
 */
export class WorldNames {
  readonly #table: NameTable

  /** @internal */
  constructor(table: NameTable) {
    this.#table = table
  }

  /**
   * Gives a name addresses.
   *
   * @param addresses - IP literals, in the order in which they are to be tried, and names of machines for all of theirs; a literal
   * that no machine has is a machine, too
   * @throws InvalidAddressError (`ERR_SENNIT_INVALID_ADDRESS`) when the name is none
   */
  set(name: string, addresses: readonly string[], options?: NameOptions): void {
    this.#table.set(name, { addresses, error: undefined, delay: seconds(options) })
  }

  /**
   * Lets lookups of a name fail.
   *
   * @param code - such as `'ENOTFOUND'`, `'EAI_AGAIN'`
   * @throws InvalidAddressError (`ERR_SENNIT_INVALID_ADDRESS`) when the name is none
   */
  fail(name: string, code = 'ENOTFOUND', options?: NameOptions): void {
    this.#table.set(name, { addresses: [], error: code, delay: seconds(options) })
  }

  /** Forgets what was said of a name. */
  forget(name: string): void {
    this.#table.forget(name)
  }
}

function seconds({ delay = 0 }: NameOptions = {}): number {
  return toSeconds(delay, 'delay')
}
