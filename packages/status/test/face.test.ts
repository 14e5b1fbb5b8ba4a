import { expect, it } from 'vitest'
import * as face from '../src/index.ts'

it('exports', () => {
  expect(Object.keys(face).toSorted()).toEqual(['StatusOptionError', 'StatusService'])
})
