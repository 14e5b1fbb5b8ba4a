import { describe, expect, it } from 'vitest'
import { Clock } from '@sennit/runtime'
import { placeOf } from '../../src/world/host-base.ts'
import { newWorld } from './world-pair.ts'

describe('a machine of a world', () => {
  it('has the addresses that it is given, by which others reach it', async () => {
    const { world } = newWorld()
    const db = world.host('db', { addresses: ['192.0.2.1', '2001:db8::1'] })
    expect(db.address).toBe('192.0.2.1')
    expect(world.host('v6', { addresses: ['2001:db8::2'] }).address).toBe('2001:db8::2')
    const sink = world.listen('tcp:[2001:db8::1]:80')
    await world.run(world.connect('tcp:[2001:db8::1]:80'))
    expect(sink.getHost().toString()).toBe('tcp:[2001:db8::1]:80')
    world.host('db', { addresses: ['192.0.2.9'] })
    expect(await world.run(world.resolve('db'))).toBe('192.0.2.1')
  })

  it('refuses addresses that are none, or that another one has', () => {
    const { world } = newWorld()
    world.host('a', { addresses: ['192.0.2.1'] })
    for (const address of ['192.0.2.1', 'name', '127.0.0.1']) {
      expect(() => world.host('b', { addresses: [address] })).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_INVALID_ADDRESS' }),
      )
    }
  })

  it('is known from other reactors', () => {
    const { world } = newWorld()
    expect(placeOf(world)?.machine.name).toBe('here')
    expect(placeOf(world.host('b'))?.machine.name).toBe('b')
    expect(placeOf(new Clock())).toBeUndefined()
    expect(placeOf(undefined)).toBeUndefined()
  })
})
