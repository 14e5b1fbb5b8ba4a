/**
 * One turn of the real event loop.
 *
 * @module
 */

/** Settles after one real turn of the loop: what was ready to run, including settled promises, has run. */
export function realTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
