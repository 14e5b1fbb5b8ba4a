import { describe, expect, it } from 'vitest'
import { TimeHeap, type Timed } from '../src/time-heap.ts'

interface Item extends Timed {
  readonly name: string
}

let order = 0

function item(name = ''): Item {
  return { place: -1, order: order++, name }
}

function drain(heap: TimeHeap<Item>): string[] {
  const names: string[] = []
  while (heap.size > 0) {
    const { first } = heap
    heap.remove(first)
    names.push(first.name)
  }
  return names
}

describe('TimeHeap', () => {
  it('knows the first and its time, and that there is none', () => {
    const heap = new TimeHeap<Item>()
    expect([heap.size, heap.firstTime]).toEqual([0, Infinity])
    const [late, early] = [item('late'), item('early')]
    heap.add(late, 2)
    heap.add(early, 1)
    expect([heap.size, heap.first.name, heap.firstTime]).toEqual([2, 'early', 1])
    heap.remove(early)
    expect([early.place, heap.first.name, heap.firstTime]).toEqual([-1, 'late', 2])
    heap.remove(late)
    expect([heap.size, heap.firstTime]).toEqual([0, Infinity])
  })

  it('lets those that are due together go by their order, not by when they came in', () => {
    const heap = new TimeHeap<Item>()
    const [first, second, third] = [item('first'), item('second'), item('third')]
    heap.add(third, 1)
    heap.add(first, 1)
    heap.add(second, 1)
    expect(drain(heap)).toEqual(['first', 'second', 'third'])
  })

  it('moves what is in it to earlier and to later', () => {
    const heap = new TimeHeap<Item>()
    const items = ['a', 'b', 'c'].map((name) => item(name))
    for (const [time, each] of items.entries()) heap.add(each, time)
    heap.move(items[2]!, -1)
    expect(heap.first.name).toBe('c')
    heap.move(items[2]!, 1.5)
    heap.move(items[0]!, 9)
    expect(heap.timeOf(items[0]!)).toBe(9)
    expect(drain(heap)).toEqual(['b', 'c', 'a'])
  })

  it('stays in order through ten thousand random changes', () => {
    let state = 7
    const random = (below: number): number => {
      state = (state * 48_271) % 2_147_483_647
      return state % below
    }
    const heap = new TimeHeap<Item>()
    const model = new Map<Item, number>()
    const sorted = () =>
      [...model].toSorted(([a, due], [b, other]) => due - other || a.order - b.order).map(([each]) => each)
    for (let change = 0; change < 10_000; change++) {
      const die = random(10)
      const any = [...model.keys()][random(model.size || 1)]
      if (die < 5 || any === undefined) {
        const added = item()
        const time = random(100)
        model.set(added, time)
        heap.add(added, time)
      } else if (die < 8) {
        model.delete(any)
        heap.remove(any)
      } else {
        const time = random(100)
        model.set(any, time)
        heap.move(any, time)
      }
      if (model.size > 0 && change % 50 === 0) expect(heap.first).toBe(sorted()[0])
    }
    const expected = sorted()
    expect(new Set(heap.snapshot())).toEqual(new Set(expected))
    for (const next of expected) {
      expect(heap.first).toBe(next)
      expect(heap.firstTime).toBe(model.get(next))
      heap.remove(next)
    }
    expect(heap.size).toBe(0)
  })
})
