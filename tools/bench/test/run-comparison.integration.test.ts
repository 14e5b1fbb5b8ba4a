import { describe, expect, it } from 'vitest'
import { type Comparison, firstBurst, type Side } from '../src/comparison.ts'
import { PROCESSORS } from '../src/measuring/pinned.ts'
import { mean, runComparison, Unavailable } from '../src/run-comparison.ts'

const journal: string[] = []
const ended: string[] = []

function side(name: string, role: Side['role'], cpu: () => number): Side {
  const burst = async () => {
    journal.push(name)
    return { cpu: cpu() }
  }
  const start = async () => ({
    burst,
    [Symbol.asyncDispose]: async () => {
      ended.push(name)
    },
  })
  return { name, role, start }
}

function comparison(...sides: Side[]): Comparison {
  journal.length = 0
  ended.length = 0
  return {
    name: 'a comparison',
    title: '',
    quantities: { cpu: { title: 'CPU', unit: 'µs', better: 'lower' } },
    sides,
    bars: [{ side: 'us', quantity: 'cpu', limit: 1 }],
  }
}

const rounds = { least: 4, most: 24, peers: 1 }

describe('a comparison', () => {
  it('measures in turn, each round beginning with the next; peers a few times only', async () => {
    const all = comparison(
      side('them', 'reference', () => 1),
      side('us', 'ours', () => 1),
      side('peer', 'peer', () => 1),
    )
    const measured = await runComparison(all, 'full', rounds)
    expect(journal.join(' ')).toBe('them us peer us them them us us them')
    expect(measured.map((each) => each.rounds.length)).toEqual([4, 4, 1])
  })

  it('starts all sides of a round, has them work in turn, and takes the mean', async () => {
    let i = 0
    const all = {
      ...comparison(
        side('them', 'reference', () => 1),
        side('us', 'ours', () => i++),
      ),
      bursts: 3,
    }
    const measured = await runComparison(all, 'full', { least: 1, most: 1, peers: 1 })
    expect(journal.join(' ')).toBe('them us us them them us')
    expect(ended.join(' ')).toBe('us them')
    expect(measured[1]?.rounds).toEqual([{ cpu: 1 }])
  })

  it('takes the mean of those bursts that tell a quantity', () => {
    expect(mean([{ cpu: 1 }, { cpu: 2, heap: 5 }])).toEqual({ cpu: 1.5, heap: 5 })
  })

  it('goes on while the interval is too wide, so far and no further', async () => {
    let i = 0
    const all = comparison(
      side('them', 'reference', () => 1),
      side('us', 'ours', () => (i++ % 2 === 0 ? 1 : 2)),
    )
    expect((await runComparison(all, 'full', rounds))[1]?.rounds).toHaveLength(24)
  })

  it('says who is not there, and asks no more', async () => {
    const missing: Side = {
      name: 'peer',
      role: 'peer',
      start: async () => {
        journal.push('missing')
        throw new Unavailable('needs something')
      },
    }
    const all = comparison(
      side('them', 'reference', () => 1),
      side('us', 'ours', () => 1),
      missing,
    )
    const measured = await runComparison(all, 'full', { ...rounds, peers: 4 })
    expect(measured[2]).toMatchObject({ unavailable: 'needs something', rounds: [] })
    expect(journal.filter((each) => each === 'missing')).toHaveLength(1)
  })

  it('fails when a side fails', async () => {
    const broken = side('us', 'ours', () => {
      throw new Error('broken')
    })
    const all = comparison(
      side('them', 'reference', () => 1),
      broken,
    )
    await expect(runComparison(all, 'full', rounds)).rejects.toThrow('broken')
    expect(ended.join(' ')).toBe('us them')
  })

  it('runs the sides of several rounds at the same time when they mostly wait', async () => {
    let running = 0
    let most = 0
    const waiting = (name: string, role: Side['role']): Side => ({
      name,
      role,
      start: async () => {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 5))
        running--
        return firstBurst(async () => ({ cpu: 1 }))
      },
    })
    const all = { ...comparison(waiting('them', 'reference'), waiting('us', 'ours')), together: 2 }
    const measured = await runComparison(all, 'full', rounds)
    expect(most).toBe(4)
    expect(measured.map((each) => each.rounds.length)).toEqual([4, 4])
  })

  it('has a round on each processor at the same time when one is all that a round needs', async () => {
    const on: number[] = []
    const placed = (name: string, role: Side['role']): Side => ({
      name,
      role,
      start: async (_scale, processor) => {
        on.push(processor)
        return firstBurst(async () => ({ cpu: 1 }))
      },
    })
    const all = { ...comparison(placed('them', 'reference'), placed('us', 'ours')), onePerProcessor: true }
    const measured = await runComparison(all, 'full', rounds)
    expect(on.filter((processor) => processor === 1)).toHaveLength(PROCESSORS.length < 2 ? 0 : 4)
    expect(measured.map((each) => each.rounds.length)).toEqual([4, 4])
    on.length = 0
    await runComparison({ ...all, onePerProcessor: false }, 'full', rounds)
    expect(on).not.toContain(1)
  })
})
