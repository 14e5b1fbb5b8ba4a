import { describe, expect, it } from 'vitest'
import { type Waiter, Waiters } from '../src/waiters.ts'

function waiter(patience: number) {
  const told: unknown[] = []
  return {
    patience,
    told,
    connected: (value: number) => told.push(value),
    failed: (error: Error) => told.push(error),
  }
}

function filled(...patience: number[]) {
  const waiters = new Waiters<number>()
  const all = patience.map(waiter)
  for (const each of all) waiters.add(each as Waiter<number>)
  return { waiters, all }
}

describe('Waiters', () => {
  it('tells all of a connection, once', () => {
    const { waiters, all } = filled(1, Infinity)
    waiters.connected(5)
    waiters.connected(6)
    expect(all.map((each) => each.told)).toEqual([[5], [5]])
    expect(waiters.size).toBe(0)
  })

  it('CS-46 CS-49 counts failures for each on its own', () => {
    const { waiters, all } = filled(2, 1, 3, Infinity)
    expect(waiters.takeImpatient()).toEqual([all[1]])
    expect(waiters.takeImpatient()).toEqual([all[0]])
    expect(waiters.takeImpatient()).toEqual([all[2]])
    expect(waiters.takeImpatient()).toEqual([])
    expect(waiters.size).toBe(1)
  })

  it('CS-47 takes one failure at least', () => {
    const { waiters, all } = filled(0, -5)
    expect(all.map((each) => each.told)).toEqual([[], []])
    expect(waiters.takeImpatient()).toEqual(all)
  })

  it('does not count one that comes while the impatient are told', () => {
    const { waiters } = filled()
    const impatient = waiters.takeImpatient()
    waiters.add(waiter(1) as Waiter<number>)
    expect(impatient).toEqual([])
  })

  it('lets one go', () => {
    const { waiters, all } = filled(1, 1)
    waiters.delete(all[0] as Waiter<number>)
    waiters.delete(all[0] as Waiter<number>)
    waiters.failed(new Error('over'))
    expect(all.map((each) => each.told.length)).toEqual([0, 1])
  })

  it('may be added to by who is told', () => {
    const { waiters } = filled()
    const late = waiter(1)
    waiters.add({ patience: 1, connected: () => waiters.add(late as Waiter<number>), failed: () => {} })
    waiters.connected(1)
    expect(late.told).toEqual([])
    expect(waiters.size).toBe(1)
  })

  it('CS-13 fails all as cancelled', () => {
    const { waiters, all } = filled(1, Infinity)
    waiters.cancelled()
    for (const each of all) expect(each.told).toEqual([expect.objectContaining({ code: 'ABORT_ERR' })])
  })
})
