import { expect, it } from 'vitest'
import * as http from '../src/index.ts'

it('exports what the README names', () => {
  expect(Object.keys(http).toSorted()).toEqual(['HttpFactory', 'HttpServerError', 'httpFactory'])
})
