import { describe, expect, it } from 'vitest'
import type { IHostPort } from '@sennit/interfaces'
import { AccumulatingProtocol } from '../../../src/index.ts'
import { clientOf, newWorld } from '../world-pair.ts'

describe('MemoryResolver', () => {
  it('RX-25 logs what a receiver throws, and goes on', async () => {
    const { world, log } = newWorld()
    world.names.set('db.example', ['192.0.2.1', '192.0.2.2'])
    const error = new Error('boom')
    const told: string[] = []
    world.nameResolver.resolveHostName(
      {
        resolutionBegan: () => told.push('began'),
        addressResolved(address: IHostPort) {
          told.push(address.host)
          throw error
        },
        resolutionComplete: () => told.push('complete'),
      },
      'db.example',
    )
    expect(told).toEqual(['began'])
    await world.advance('1s')
    expect(told).toEqual(['began', '192.0.2.1', '192.0.2.2', 'complete'])
    expect(log.errors()).toEqual([error, error])
  })

  it('RX-25 gives its place to another, which connections then ask', async () => {
    const { world } = newWorld()
    world.listen('tcp:192.0.2.7:80')
    const before = world.installNameResolver({
      resolveHostName(receiver, _name, { port = 0 } = {}) {
        return world.host('other').nameResolver.resolveHostName(receiver, '192.0.2.7', { port })
      },
    })
    const client = new AccumulatingProtocol()
    world.connectTCP('anything', 80, clientOf(client))
    await world.until(() => client.made)
    expect(client.transport.getPeer().toString()).toBe('tcp:192.0.2.7:80')
    world.installNameResolver(before)
    expect(world.nameResolver).toBe(before)
  })

  it('RX-24 knows the empty name, and literals', async () => {
    const { world } = newWorld()
    expect(await world.resolve('')).toBe('0.0.0.0')
    expect(await world.resolve('10.9.8.7')).toBe('10.9.8.7')
  })
})
