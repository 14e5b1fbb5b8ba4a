import { describe, expect, it } from 'vitest'
import { Machine, PortTable, isLocal } from '../../../src/world/network/machine.ts'

const newTable = () => new PortTable<string>(new Machine('a', 1001, ['10.0.0.1', 'fd00::1']))

describe('PortTable', () => {
  it('finds who has bound an address, or all of its family', () => {
    const table = newTable()
    table.bind('127.0.0.1', 80, 'loopback')
    table.bind('0.0.0.0', 81, 'all')
    table.bind('::', 80, 'all of IPv6')
    expect(table.find('127.0.0.1', 80)).toBe('loopback')
    expect(table.find('10.0.0.1', 80)).toBeUndefined()
    expect(table.find('10.0.0.1', 81)).toBe('all')
    expect(table.find('fd00::1', 80)).toBe('all of IPv6')
    expect(table.find('::1', 81)).toBeUndefined()
    expect(table.find('127.0.0.1', 82)).toBeUndefined()
  })

  it.each([
    ['0.0.0.0', '0.0.0.0'],
    ['0.0.0.0', '127.0.0.1'],
    ['127.0.0.1', '0.0.0.0'],
    ['127.0.0.1', '127.0.0.1'],
    ['::', '::1'],
  ])('refuses a port that is bound to %s for %s', (bound, address) => {
    const table = newTable()
    table.bind(bound, 80, 'one')
    expect(() => table.bind(address, 80, 'other')).toThrow(
      expect.objectContaining({ code: 'EADDRINUSE', syscall: 'bind', address, port: 80, errno: -98 }),
    )
  })

  it.each([
    ['127.0.0.1', '10.0.0.1'],
    ['0.0.0.0', '::'],
  ])('binds the same port to %s and %s', (one, other) => {
    const table = newTable()
    table.bind(one, 80, 'one')
    table.bind(other, 80, 'other')
    expect(table.find(other === '::' ? '::1' : other, 80)).toBe('other')
  })

  it('refuses an address that is not of the machine', () => {
    expect(() => newTable().bind('10.0.0.2', 80, 'x')).toThrow(
      expect.objectContaining({ code: 'EADDRNOTAVAIL' }),
    )
  })

  it('picks a free port, each time another, and begins again at the end', () => {
    const table = newTable()
    expect(table.bind('0.0.0.0', 0, 'a')).toBe(49152)
    expect(table.bind('0.0.0.0', 49153, 'b')).toBe(49153)
    expect(table.bind('0.0.0.0', 0, 'c')).toBe(49154)
    for (let port = 49155; port <= 65535; port++) table.bind('0.0.0.0', 0, 'd')
    table.release(49160, 'd')
    expect(table.bind('0.0.0.0', 0, 'e')).toBe(49160)
    expect(() => table.bind('0.0.0.0', 0, 'f')).toThrow(expect.objectContaining({ code: 'EADDRINUSE' }))
  })

  it('frees what an owner has bound, and nothing else', () => {
    const table = newTable()
    table.bind('127.0.0.1', 80, 'one')
    table.bind('10.0.0.1', 80, 'other')
    table.release(80, 'one')
    table.release(81, 'one')
    expect(table.find('127.0.0.1', 80)).toBeUndefined()
    expect(table.find('10.0.0.1', 80)).toBe('other')
    table.bind('127.0.0.1', 80, 'again')
  })
})

describe('PortTable, shared', () => {
  it('lets several bind the same when all of them say so; traffic goes to the last', () => {
    const table = newTable()
    expect(table.bind('0.0.0.0', 80, 'one', true)).toBe(80)
    expect(() => table.bind('0.0.0.0', 80, 'alone')).toThrow(expect.objectContaining({ code: 'EADDRINUSE' }))
    table.bind('0.0.0.0', 80, 'other', true)
    expect(table.find('127.0.0.1', 80)).toBe('other')
    table.release(80, 'other')
    expect(table.find('127.0.0.1', 80)).toBe('one')
  })

  it('hands over what somebody has bound', () => {
    const table = newTable()
    table.bind('0.0.0.0', 80, 'one')
    table.handOver(80, 'one', 'other')
    expect(table.find('127.0.0.1', 80)).toBe('other')
    table.release(80, 'other')
    expect(table.find('127.0.0.1', 80)).toBeUndefined()
  })
})

describe('Machine', () => {
  it('has other addresses when it is given some, then more', () => {
    const machine = new Machine('a', 1001, ['10.0.0.1', 'fd00::1'])
    expect(machine.hasOwnAddresses).toBe(false)
    machine.give(['192.0.2.1'])
    machine.give(['192.0.2.2', '2001:db8::2'])
    expect(machine).toMatchObject({ hasOwnAddresses: true, ipv4: '192.0.2.1', ipv6: '2001:db8::2' })
    expect(machine.hasAddress('192.0.2.2')).toBe(true)
    expect(machine.hasAddress('10.0.0.1')).toBe(false)
    expect(machine.addressTowards('192.0.2.2')).toBe('192.0.2.2')
  })

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['10.0.0.9', '10.0.0.1'],
    ['fd00::9', 'fd00::1'],
  ])('talks to %s from %s', (to, from) => {
    expect(new Machine('a', 1001, ['10.0.0.1', 'fd00::1']).addressTowards(to)).toBe(from)
  })

  it.each([
    ['localhost', true],
    ['', true],
    ['127.9.9.9', true],
    ['::', true],
    ['127.example', false],
    ['carbon', false],
    ['10.0.0.1', false],
  ])('%j means the machine itself: %s', (host, expected) => {
    expect(isLocal(host)).toBe(expected)
  })
})
