import { describe, expect, it } from 'vitest'
import { noop } from '../src/noop.ts'

describe('noop', () => {
  it('CS-83 takes anything and does nothing', () => {
    expect(noop()).toBeUndefined()
    expect(noop(1, 'two', {}, () => {})).toBeUndefined()
  })
})
