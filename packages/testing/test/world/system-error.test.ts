import { describe, expect, it } from 'vitest'
import { systemError } from '../../src/world/system-error.ts'

describe('systemError', () => {
  it('is like what Node makes', () => {
    const error = systemError('ECONNREFUSED', 'connect', '127.0.0.1', 80)
    expect(error.message).toBe('connect ECONNREFUSED 127.0.0.1:80')
    expect(Object.assign({}, error)).toEqual({
      code: 'ECONNREFUSED',
      errno: -111,
      syscall: 'connect',
      address: '127.0.0.1',
      port: 80,
    })
    expect(Object.assign({}, systemError('ECONNRESET', 'read'))).toEqual({
      code: 'ECONNRESET',
      errno: -104,
      syscall: 'read',
    })
  })
})
