import { describe, expect, it } from 'vitest'
import { Children } from '../src/children.ts'
import { Service } from '../src/index.ts'
import { lifecycleOf } from '../src/service.ts'

const life = (name?: string) => lifecycleOf(new Service({ name }))!

/** What is in the list, walked forwards and backwards. */
function walked(children: Children): unknown[][] {
  const backwards: unknown[] = []
  for (let child = children.last; child !== undefined; child = child.previous) backwards.push(child)
  return [children.snapshot(), backwards.toReversed()]
}

describe('Children', () => {
  it('is a list that can be walked both ways, whatever leaves it', () => {
    for (const order of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
      [1, 2, 0],
    ]) {
      const children = new Children(false)
      const all = [life('a'), life('b'), life('c')]
      for (const child of all) children.append(child)
      let left = all
      expect(walked(children)).toEqual([left, left])
      for (const index of order) {
        children.remove(all[index]!)
        left = left.filter((child) => child !== all[index])
        expect(walked(children)).toEqual([left, left])
        expect(children.size).toBe(left.length)
      }
    }
  })

  it('knows the names that are in it', () => {
    const children = new Children(true)
    const [a, unnamed] = [life('a'), life()]
    children.append(a)
    children.append(unnamed)
    expect(children.named('a')).toBe(a)
    children.remove(a)
    expect(children.named('a')).toBeUndefined()
    expect(walked(children)).toEqual([[unnamed], [unnamed]])
  })
})
