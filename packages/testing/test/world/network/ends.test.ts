import { describe, expect, it } from 'vitest'
import { TCPEnds, UNIXEnds } from '../../../src/world/network/ends.ts'

describe('Ends', () => {
  it('of TCP have hosts and ports, and can be reset', () => {
    const ends = new TCPEnds({ address: '127.0.0.1', port: 1 }, { address: '::1', port: 2 })
    expect([ends.host().toString(), ends.peer().toString()]).toEqual(['tcp:127.0.0.1:1', 'tcp:[::1]:2'])
    expect(ends.resets).toBe(true)
  })

  it('of UNIX sockets have paths, and cannot be reset', () => {
    const ends = new UNIXEnds('', '/run/a')
    expect([ends.host().toString(), ends.peer().toString()]).toEqual(['unix:', 'unix:/run/a'])
    expect(ends.resets).toBe(false)
  })
})
