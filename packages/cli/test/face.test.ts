import { expect, it } from 'vitest'
import * as cli from '../src/index.ts'

it('exports what the README names', () => {
  expect(Object.keys(cli).toSorted()).toEqual(['ModuleError', 'UsageError', 'loadApplication', 'main'])
})
