import { seededRandom } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { staying } from '../page/reconcile.js'

const letters = (text: string): string[] => text.split('')
const stay = (before: string, after: string): string =>
  [...staying(letters(before), letters(after))].toSorted().join('')

describe('staying', () => {
  it.each([
    ['', 'abc', ''],
    ['abc', '', ''],
    ['abc', 'abc', 'abc'],
    ['abc', 'xaybzc', 'abc'],
    ['abcd', 'acd', 'acd'],
    // The last becomes the first: only it moves.
    ['abcde', 'eabcd', 'abcd'],
    // The first becomes the last.
    ['abcde', 'bcdea', 'bcde'],
    ['abcdef', 'acbdfe', 4],
    ['abc', 'cba', 1],
  ])('of %j that becomes %j are %j', (before, after, wanted) => {
    const stayed = stay(before, after)
    expect(typeof wanted === 'number' ? stayed.length : stayed).toBe(wanted)
  })

  it('are in the same order before and after, and as many as can be', () => {
    const random = seededRandom(7)
    for (let round = 0; round < 300; round++) {
      const before = shuffled(8, random).slice(random() * 4)
      const after = shuffled(8, random).slice(random() * 4)
      const kept = staying(before, after)
      expect(before.filter((key) => kept.has(key))).toEqual(after.filter((key) => kept.has(key)))
      expect(kept.size).toBe(longestCommon(before, after))
    }
  })
})

function shuffled(length: number, random: () => number): number[] {
  return Array.from({ length }, (_, key) => ({ key, order: random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ key }) => key)
}

/** By the textbook: slow, and right. */
function longestCommon(before: readonly number[], after: readonly number[]): number {
  if (before.length === 0 || after.length === 0) return 0
  const [first, ...rest] = before
  const without = longestCommon(rest, after)
  const at = after.indexOf(first!)
  return at === -1 ? without : Math.max(without, 1 + longestCommon(rest, after.slice(at + 1)))
}
