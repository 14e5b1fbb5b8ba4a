import { describe, expect, it } from 'vitest'
import { copySystemFields } from '../src/system-error.ts'
import { nodeError } from './node-error.ts'

describe('copySystemFields', () => {
  it('ER-02 copies the fields that are there, and no others', () => {
    const to = { code: 'OLD', syscall: 'kept' }
    copySystemFields(nodeError('ECONNRESET', { errno: -104 }), to)
    expect(to).toEqual({ code: 'ECONNRESET', errno: -104, syscall: 'kept' })
  })

  it.each([undefined, null, 'text', 7])('takes nothing from %s', (from) => {
    const to = {}
    copySystemFields(from, to)
    expect(to).toEqual({})
  })
})
