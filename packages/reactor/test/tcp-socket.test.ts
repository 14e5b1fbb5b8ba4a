import { describe, expect, it } from 'vitest'
import { internetAddress } from '@sennit/protocol'
import { literalOf } from '../src/tcp-socket.ts'

describe('literalOf', () => {
  it.each(['127.0.0.1', '::1', 'fe80::1%eth0', 'fe80::1%2'])('gives %s back', (host) => {
    expect(literalOf(internetAddress('TCP', host, 80))).toBe(host)
  })
})
