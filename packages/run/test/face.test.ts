import { expect, it } from 'vitest'
import * as run from '../src/index.ts'

it('exports what the README names', () => {
  expect(Object.keys(run).toSorted()).toEqual([
    'ExitError',
    'PrivilegeError',
    'RunOptionError',
    'react',
    'run',
  ])
})
