import { describe, expect, it } from 'vitest'
import {
  checkedAddress,
  checkedCount,
  checkedHost,
  checkedInterface,
  checkedPort,
} from '../src/option-checks.ts'

const refusal = (option: string) =>
  expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION', option }) as Error

describe('option checks', () => {
  it.each([0, 1, 80, 65_535])('takes the port %d', (port) => {
    expect(checkedPort('listen', port)).toBe(port)
  })

  it.each([-1, 65_536, 0.5, Number.NaN, Infinity, '80', null, undefined])('refuses the port %s', (port) => {
    expect(() => checkedPort('listen', port)).toThrow(refusal('port'))
  })

  it.each([
    ['', '0.0.0.0', 4],
    ['127.0.0.1', '127.0.0.1', 4],
    ['::', '::', 6],
    ['fe80::1%eth0', 'fe80::1%eth0', 6],
  ])('takes the interface %j as %s', (given, host, family) => {
    expect(checkedInterface('listen', given)).toEqual({ host, family })
  })

  it.each(['localhost', '127.1', '[::1]', ' 127.0.0.1', undefined, 127])(
    'refuses the interface %j',
    (given) => {
      expect(() => checkedInterface('listen', given)).toThrow(refusal('interface'))
      expect(() => checkedAddress('connect', given, 'bindAddress')).toThrow(refusal('bindAddress'))
    },
  )

  it.each(['a.example', '127.0.0.1', '::1'])('takes the host %s', (host) => {
    expect(checkedHost('connect', host)).toBe(host)
  })

  it.each(['', 'a\0b', undefined, 1])('refuses the host %j', (host) => {
    expect(() => checkedHost('connect', host)).toThrow(refusal('host'))
  })

  it.each([undefined, 1, 10, Infinity])('takes the count %s', (count) => {
    expect(() => checkedCount('listen', count, 'backlog', 1)).not.toThrow()
  })

  it.each([0, -1, 1.5, Number.NaN, '1', null])('refuses the count %s', (count) => {
    expect(() => checkedCount('listen', count, 'backlog', 1)).toThrow(refusal('backlog'))
  })
})
