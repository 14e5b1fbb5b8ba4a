import { expect, it } from 'vitest'
import * as face from '../src/index.ts'

it('exports exactly its public names', () => {
  expect(Object.keys(face).toSorted()).toEqual([
    'BackoffOptionError',
    'backoffPolicy',
    'constantBackoff',
    'decorrelatedJitter',
    'equalJitter',
    'fullJitter',
    'maxAttempts',
    'maxElapsed',
    'plusMinusJitter',
    'retry',
  ])
})
