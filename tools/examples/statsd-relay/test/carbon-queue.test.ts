import { describe, expect, it } from 'vitest'
import { CarbonQueue } from '../src/carbon-queue.ts'

describe('CarbonQueue', () => {
  it('hands lines out in the order in which they came', () => {
    const queue = new CarbonQueue(10)
    for (const line of ['a', 'b', 'c']) queue.push(line)
    expect(queue.take(2)).toEqual(['a', 'b'])
    expect(queue.take(2)).toEqual(['c'])
    expect(queue.length).toBe(0)
  })

  it('drops the oldest line when it is full, and counts it', () => {
    const queue = new CarbonQueue(2)
    for (const line of ['a', 'b', 'c', 'd']) queue.push(line)
    expect(queue.take(9)).toEqual(['c', 'd'])
    expect(queue.dropped).toBe(2)
  })

  it('stays in order over many pushes and takes', () => {
    const queue = new CarbonQueue(1_000_000)
    const taken: string[] = []
    for (let at = 0; at < 10_000; at++) {
      queue.push(String(at))
      if (at % 3 === 0) taken.push(...queue.take(2))
    }
    taken.push(...queue.take(1_000_000))
    expect(taken).toEqual(Array.from({ length: 10_000 }, (_, at) => String(at)))
  })
})
