/**
 * What a check finds.
 *
 * @module
 */

/** What is wrong, where, and how to mend it. */
export interface Fault {
  readonly file: string
  readonly wrong: string
  readonly mend: string
}
