/**
 * What the title of a test claims. It may begin with numbers of behaviours, with a space or a comma and a space between
 * them, and then the behaviour in words: `PR-26 PR-28 removes its file`. Only the test's own title counts, not those of the
 * groups that it stands in, and only numbers at its head: one further on refers to a behaviour, and claims nothing.
 *
 * @module
 */

const CLAIM = /^([A-Z]{2}-\d+(?:,? [A-Z]{2}-\d+)*) \S/
const CLAIM_LIKE = /^[A-Z]{2}-\d/

/** @returns the numbers that `title` claims; undefined when it begins like a claim, and is none. */
export function claimedNumbers(title: string): string[] | undefined {
  const [, numbers] = CLAIM.exec(title) ?? []
  if (numbers) return numbers.split(/,? /)
  return CLAIM_LIKE.test(title) ? undefined : []
}
