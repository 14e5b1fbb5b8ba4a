import { describe, expect, it } from 'vitest'
import { isHostAllowed, isHostName } from '../src/host-allowed.ts'

const allowed = new Set(['status.internal'])

describe('isHostAllowed', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1:8127',
    '10.1.2.3:80',
    '[::1]',
    '[::1]:8127',
    'localhost',
    'LOCALHOST:8127',
    'status.internal',
    'Status.Internal:443',
  ])('allows %s', (host) => {
    expect(isHostAllowed(host, allowed)).toBe(true)
  })

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:8127',
    'localhost.evil.example',
    'status.internal.evil.example',
    '127.0.0.1.evil.example',
    '127.0.0.1@evil.example',
    '[::1',
    '[evil]',
    '::1',
    'localhost:80:80',
    'localhost:port',
    'localhost,evil.example',
    ' localhost',
    '0x7f000001',
  ])('refuses %s', (host) => {
    expect(isHostAllowed(host, allowed)).toBe(false)
  })
})

describe('isHostName', () => {
  it.each(['status.internal', 'Relay', 'xn--bcher-kva.example', '10.0.0.1'])('takes %s', (name) => {
    expect(isHostName(name)).toBe(true)
  })

  it.each([
    '',
    'status.internal:443',
    'https://status.internal',
    'status.internal/',
    '[::1]',
    'a b',
    1,
    null,
  ])('does not take %s', (name) => {
    expect(isHostName(name)).toBe(false)
  })
})
