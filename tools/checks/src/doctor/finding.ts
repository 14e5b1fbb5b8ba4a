/**
 * What the doctor found.
 *
 * @module
 */

/** One thing that was looked at. */
export interface Finding {
  readonly what: string
  readonly found: string
  /** What to do about it, in one line; without it nothing is wrong. */
  readonly mend?: string
}
