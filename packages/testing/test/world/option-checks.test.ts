import type { Duration } from '@sennit/interfaces'
import { describe, expect, it } from 'vitest'
import {
  checkAddress,
  checkCount,
  checkHost,
  checkKeepAlive,
  checkMode,
  checkPath,
  checkPort,
  interfaceAddress,
} from '../../src/world/option-checks.ts'

const refused = (option: string) =>
  expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION', option }) as Error

describe('the options of a simulated machine', () => {
  it.each<[string, () => unknown, string]>([
    ['a port beyond the last', () => checkPort('listen', 65_536), 'port'],
    ['a port in text', () => checkPort('connect', '80', 'bindAddress'), 'bindAddress'],
    ['no host', () => checkHost('connect', ''), 'host'],
    ['a host that would be cut', () => checkHost('connect', 'a\0b'), 'host'],
    ['a name for an address', () => checkAddress('connect', 'localhost', 'bindAddress'), 'bindAddress'],
    ['a name for an interface', () => interfaceAddress('listen', 'localhost'), 'interface'],
    ['a count that is too low', () => checkCount('listen', 0, 'backlog', 1), 'backlog'],
    ['a count that is not whole', () => checkCount('listen', 1.5, 'backlog', 1), 'backlog'],
    ['a path that would be cut', () => checkPath('listen', 'é'.repeat(54)), 'path'],
    ['a path with a NUL byte', () => checkPath('listen', '\0abstract'), 'path'],
    ['a mode beyond the last', () => checkMode('listen', 0o1000), 'mode'],
    ['a keepAlive that is too short', () => checkKeepAlive('10s'), 'keepAlive'],
  ])('%s is refused', (_what, check, option) => {
    expect(check).toThrow(refused(option))
  })

  it('what can be meant is taken', () => {
    checkPort('listen', 0)
    checkHost('connect', 'carbon')
    checkAddress('connect', '::1', 'bindAddress')
    expect(['', undefined, '::'].map((local) => interfaceAddress('listen', local))).toEqual([
      '0.0.0.0',
      '0.0.0.0',
      '::',
    ])
    for (const count of [undefined, Infinity, 1]) checkCount('listen', count, 'backlog', 1)
    checkPath('listen', 'x'.repeat(107))
    checkMode('listen', 0o777)
    for (const budget of [undefined, false, '11s', Infinity] as (Duration | undefined)[])
      checkKeepAlive(budget)
  })
})
