import { describe, expect, it } from 'vitest'
import { NameTable } from '../../../src/world/names/name-table.ts'
import { Machine } from '../../../src/world/network/machine.ts'
import { newWorld } from '../world-pair.ts'

function newTable() {
  const machines = new Map<string, Machine>()
  const table = new NameTable((name) => {
    let machine = machines.get(name)
    if (machine === undefined) {
      machine = new Machine(name, 1, ['10.0.0.1', 'fd00::1'])
      machines.set(name, machine)
    }
    return machine
  })
  const set = (name: string, addresses: readonly string[], delay = 0) =>
    table.set(name, { addresses, error: undefined, delay })
  return { table, set, machines }
}

describe('NameTable', () => {
  it('knows every machine by its name: over IPv4, or over the family that is asked for', () => {
    const { table } = newTable()
    expect(table.ask('carbon', undefined).addresses).toEqual(['10.0.0.1'])
    expect(table.ask('Carbon', 6).addresses).toEqual(['fd00::1'])
  })

  it('knows all addresses of a machine that was given some', () => {
    const { table, machines } = newTable()
    table.ask('db', 4)
    machines.get('db')!.give(['192.0.2.1', '2001:db8::1'])
    expect(table.ask('db', undefined).addresses).toEqual(['192.0.2.1', '2001:db8::1'])
  })

  it('knows both addresses of the machine that asks', () => {
    const { table } = newTable()
    expect(table.ask('localhost', undefined).addresses).toEqual(['127.0.0.1', '::1'])
    expect(table.ask('LOCALHOST', 6).addresses).toEqual(['::1'])
  })

  it('says what it was told, whatever the case, and of the family alone that is asked for', () => {
    const { table, set } = newTable()
    set('DB.example', ['2001:db8::5', '192.0.2.5'], 2)
    expect(table.ask('db.EXAMPLE', undefined)).toEqual({
      addresses: ['2001:db8::5', '192.0.2.5'],
      error: undefined,
      delay: 2,
    })
    expect(table.ask('db.example', 4).addresses).toEqual(['192.0.2.5'])
    set('db.example', ['192.0.2.5'])
    expect(table.ask('db.example', 6)).toMatchObject({ addresses: [], error: 'ENOTFOUND' })
    table.forget('Db.example')
    expect(table.ask('db.example', 4).addresses).toEqual(['10.0.0.1'])
  })

  it('takes the name of a machine for all of its addresses', () => {
    const { table, set } = newTable()
    set('db.example', ['192.0.2.5', 'one'])
    expect(table.ask('db.example', undefined).addresses).toEqual(['192.0.2.5', '10.0.0.1', 'fd00::1'])
  })

  it('refuses names that are addresses, or mean who asks', () => {
    const { set } = newTable()
    for (const name of ['10.0.0.1', '::1', 'localhost', '']) {
      expect(() => set(name, [])).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_INVALID_ADDRESS' }))
    }
  })

  it('makes a machine of an address that no machine has', async () => {
    const { world } = newWorld()
    world.names.set('db.example', ['192.0.2.5'])
    const sink = world.listen('tcp:192.0.2.5:5432')
    const peer = await world.run(world.connect('tcp:db.example:5432'))
    expect(peer.peer.toString()).toBe('tcp:192.0.2.5:5432')
    expect(sink.getHost().toString()).toBe('tcp:192.0.2.5:5432')
  })
})
