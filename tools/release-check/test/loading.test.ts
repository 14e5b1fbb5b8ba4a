import { describe, expect, it } from 'vitest'
import { specifiersOf } from '../src/loading.ts'

describe('specifiersOf', () => {
  it('names each export, those of a pattern too, and no JSON', () => {
    const exports = { '.': {}, './*': {}, './internal': {}, './package.json': './package.json' }
    expect(specifiersOf('@sennit/x', exports, ['time', 'log'])).toEqual([
      '@sennit/x',
      '@sennit/x/time',
      '@sennit/x/log',
      '@sennit/x/internal',
    ])
  })
})
