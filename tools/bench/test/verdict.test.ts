import { describe, expect, it } from 'vitest'
import { type Bar, type Comparison, firstBurst } from '../src/comparison.ts'
import type { Measured } from '../src/run-comparison.ts'
import { judge, pairs } from '../src/verdict.ts'

const start = async () => firstBurst(async () => ({}))

function comparison(bar: Bar, better: 'lower' | 'higher' = 'lower'): Comparison {
  return {
    name: 'a comparison',
    title: '',
    quantities: { cpu: { title: 'CPU', unit: 'µs', better } },
    sides: [],
    bars: [bar],
  }
}

function rows(reference: readonly number[], ours: readonly number[]): Measured[] {
  return [
    { side: { name: 'them', role: 'reference', start }, rounds: reference.map((cpu) => ({ cpu })) },
    { side: { name: 'us', role: 'ours', start }, rounds: ours.map((cpu) => ({ cpu })) },
  ]
}

const forty = (value: (i: number) => number): number[] => Array.from({ length: 40 }, (_, i) => value(i))

describe('a bar', () => {
  it('compares what was measured in the same round', () => {
    // Each round is twice as slow as the one before; in each, ours costs 10 % more.
    const [them, us] = rows(
      forty((i) => 2 ** i),
      forty((i) => 2 ** i * 1.1),
    ) as [Measured, Measured]
    expect(pairs(us, them, 'cpu', 'ratio').every((ratio) => Math.abs(ratio - 1.1) < 1e-9)).toBe(true)
    const [verdict] = judge(comparison({ side: 'us', quantity: 'cpu', limit: 1.05 }), [them, us])
    expect(verdict).toMatchObject({ isKept: false, isVague: false, holds: false })
  })

  it.each([
    ['lower', 1.04, true],
    ['lower', 1.06, false],
    ['higher', 1.06, true],
    ['higher', 1.04, false],
  ] as const)('with %s being better, and %d against 1.05', (better, ratio, holds) => {
    const bar = { side: 'us', quantity: 'cpu', limit: 1.05 }
    const measured = rows(
      forty(() => 1),
      forty(() => ratio),
    )
    expect(judge(comparison(bar, better), measured)[0]).toMatchObject({ holds })
  })

  it('does not hold when the interval is too wide, however low the median', () => {
    const bar = { side: 'us', quantity: 'cpu', limit: 2 }
    const measured = rows(
      forty(() => 1),
      forty((i) => (i % 2 === 0 ? 0.5 : 1.5)),
    )
    expect(judge(comparison(bar), measured)[0]).toMatchObject({ isKept: true, isVague: true, holds: false })
  })

  it('whose limit is far away holds when the whole interval keeps it', () => {
    const far = (limit: number) => ({ side: 'us', quantity: 'cpu', limit, isFar: true })
    const measured = rows(
      forty(() => 1),
      forty((i) => (i % 2 === 0 ? 0.5 : 1.5)),
    )
    expect(judge(comparison(far(1.5)), measured)[0]).toMatchObject({ isKept: true, holds: true })
    expect(judge(comparison(far(1.4)), measured)[0]).toMatchObject({ isKept: true, holds: false })
  })

  it('that is missed by no more than is known does not hold, and is told apart', () => {
    const bar = { side: 'us', quantity: 'cpu', limit: 1, reached: 1.2 }
    const missed = (ratio: number) =>
      judge(
        comparison(bar),
        rows(
          forty(() => 1),
          forty(() => ratio),
        ),
      )[0]
    expect(missed(1.1)).toMatchObject({ holds: false, isExpected: true })
    expect(missed(1.3)).toMatchObject({ holds: false, isExpected: false })
    expect(missed(0.9)).toMatchObject({ holds: true, isExpected: false })
  })

  it('that is missed for sure may be vague, as long as no end of the interval is beyond what is known', () => {
    const measured = rows(
      forty(() => 1),
      forty((i) => (i % 2 === 0 ? 1.5 : 2)),
    )
    const vague = (limit: number, reached?: number) =>
      judge(
        comparison({ side: 'us', quantity: 'cpu', limit, ...(reached !== undefined && { reached }) }),
        measured,
      )[0]?.isVague
    expect([vague(1.2), vague(1.2, 2.1), vague(1.2, 1.9), vague(1.6, 2.1)]).toEqual([true, false, true, true])
  })

  it('whose limit is far away may be missed for sure by no more than is known', () => {
    const measured = rows(
      forty(() => 1),
      forty(() => 1.3),
    )
    const bar = { side: 'us', quantity: 'cpu', limit: 1.2, isFar: true, reached: 1.4 }
    expect(judge(comparison(bar), measured)[0]).toMatchObject({
      isVague: false,
      isExpected: true,
      holds: false,
    })
  })

  it('can be about the difference, and about the value itself', () => {
    const measured = rows(
      forty(() => 30),
      forty(() => 34),
    )
    const by = (kind: 'difference' | 'value', limit: number) =>
      judge(comparison({ side: 'us', quantity: 'cpu', by: kind, limit }), measured)[0]?.holds
    expect([by('difference', 4), by('difference', 3), by('value', 34), by('value', 33)]).toEqual([
      true,
      false,
      true,
      false,
    ])
  })

  it('leaves out rounds in which one of them took no part', () => {
    const measured = rows([1, 1], [2])
    expect(pairs(measured[1]!, measured[0]!, 'cpu', 'ratio')).toEqual([2])
  })

  it('is refused when it is about nobody', () => {
    const bar = { side: 'nobody', quantity: 'cpu', limit: 1 }
    expect(() => judge(comparison(bar), rows([1], [1]))).toThrow("'nobody'")
  })
})
