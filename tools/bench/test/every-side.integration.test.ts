import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { comparisons } from '../src/comparisons/index.ts'
import type { Figures } from '../src/comparison.ts'
import { Unavailable } from '../src/run-comparison.ts'

const root = join(import.meta.dirname, '../../..')

// The programs run what was built, as they do for users.
beforeAll(() => {
  execFileSync(process.execPath, [join(root, 'tools/build/build.js'), root])
})

describe.each(comparisons)('$name', ({ sides, quantities, bursts = 1 }) => {
  it.each(sides)('measures $name', async ({ start, name }) => {
    const figures: Figures[] = []
    try {
      await using running = await start('smoke', 0)
      for (let burst = 0; burst < bursts; burst++) figures.push(await running.burst())
    } catch (error) {
      // What is not there is said to be so in the table.
      if (!(error instanceof Unavailable)) throw error
      expect(name).toBe('Twisted')
      return
    }
    for (const burst of figures) {
      const told = Object.keys(quantities).filter((quantity) => quantity in burst)
      expect(told).not.toEqual([])
      for (const quantity of told) expect(burst[quantity]).toBeTypeOf('number')
    }
  })
})
