import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { comparisons } from '../src/comparisons/index.ts'
import { Unavailable } from '../src/run-comparison.ts'

const root = join(import.meta.dirname, '../../..')

// The programs run what was built, as they do for users.
beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'tools/build/build.js'), root])
})

describe.each(comparisons)('$name', ({ sides, quantities }) => {
  it.each(sides)('measures $name', async ({ measure, name }) => {
    let figures
    try {
      figures = await measure('smoke')
    } catch (error) {
      // What is not there is said to be so in the table.
      if (!(error instanceof Unavailable)) throw error
      expect(name).toBe('Twisted')
      return
    }
    const told = Object.keys(quantities).filter((quantity) => quantity in figures)
    expect(told).not.toEqual([])
    for (const quantity of told) expect(figures[quantity]).toBeTypeOf('number')
  })
})
