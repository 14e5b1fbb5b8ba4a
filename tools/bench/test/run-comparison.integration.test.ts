import { describe, expect, it } from 'vitest'
import type { Comparison, Side } from '../src/comparison.ts'
import { runComparison, Unavailable } from '../src/run-comparison.ts'

const journal: string[] = []

function side(name: string, role: Side['role'], cpu: () => number): Side {
  const measure: Side['measure'] = async () => {
    journal.push(name)
    return { cpu: cpu() }
  }
  return { name, role, measure }
}

function comparison(...sides: Side[]): Comparison {
  journal.length = 0
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
  it('measures in turn, every second round the other way; peers a few times only', async () => {
    const all = comparison(
      side('them', 'reference', () => 1),
      side('us', 'ours', () => 1),
      side('peer', 'peer', () => 1),
    )
    const measured = await runComparison(all, 'full', rounds)
    expect(journal.join(' ')).toBe('them us peer us them them us us them')
    expect(measured.map((each) => each.rounds.length)).toEqual([4, 4, 1])
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
      measure: async () => {
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
  })

  it('runs the sides of several rounds at the same time when they mostly wait', async () => {
    let running = 0
    let most = 0
    const waiting = (name: string, role: Side['role']): Side => ({
      name,
      role,
      measure: async () => {
        most = Math.max(most, ++running)
        await new Promise((resolve) => setTimeout(resolve, 5))
        running--
        return { cpu: 1 }
      },
    })
    const all = { ...comparison(waiting('them', 'reference'), waiting('us', 'ours')), together: 2 }
    const measured = await runComparison(all, 'full', rounds)
    expect(most).toBe(4)
    expect(measured.map((each) => each.rounds.length)).toEqual([4, 4])
  })
})
