import type { SocketFamily } from '@sennit/interfaces'
import { describe, expect, it } from 'vitest'
import * as checks from '../src/option-checks.ts'

describe('the checks of options', () => {
  it.each<[keyof typeof checks, unknown]>([
    ['checkedPort', 0],
    ['checkedPort', 65_535],
    ['checkedHost', 'carbon'],
    ['checkedHost', 'a b'],
    ['checkedPath', '/run/a.sock'],
    ['checkedPath', 'x'.repeat(107)],
    ['checkedMode', undefined],
    ['checkedMode', 0],
    ['checkedMode', 0o777],
    ['checkedDescriptor', 0],
    ['checkedFamily', 'UNIX'],
  ])('%s lets %j pass', (check, value) => {
    expect((checks[check] as (value: unknown) => unknown)(value)).toBe(value)
  })

  it.each<[keyof typeof checks, unknown, RegExp]>([
    ['checkedPort', 65_536, /'port' must be a whole number from 0 to 65535, got 65536/],
    ['checkedPort', '80', /'port' must be .*, got "80"/],
    ['checkedHost', '', /'host' must be a host name or an IP address, got ""/],
    ['checkedHost', Buffer.from('carbon'), /'host' must be/],
    ['checkedPath', '', /'path' must be a path of 1 to 107 bytes/],
    ['checkedMode', 0o1000, /'mode' must be from 0 to 0o777, got 512/],
    ['checkedDescriptor', -1, /'fd' must be a descriptor/],
    ['checkedFamily', 'INET4', /'family' must be one of 'INET', 'INET6' and 'UNIX', got "INET4"/],
    ['checkedFamily', undefined as unknown as SocketFamily, /'family' must be .*, got undefined/],
  ])('%s refuses %j', (check, value, message) => {
    const call = () => (checks[check] as (value: unknown) => unknown)(value)
    expect(call).toThrow(
      expect.objectContaining({ name: 'EndpointOptionError', code: 'ERR_SENNIT_ENDPOINT_OPTION' }),
    )
    expect(call).toThrow(message)
  })
})
