import { describe, expect, it } from 'vitest'
import type { IInspectable, IListeningPort } from '@sennit/interfaces'
import { DatagramProtocol } from '@sennit/protocol'
import { newWorld } from '../world-pair.ts'

describe('MemoryDatagramPort', () => {
  it('says since when it is in its state, by the time of day in the world', async () => {
    const { world } = newWorld({ epoch: 1000 })
    const port = await world.listenUDP(53, new DatagramProtocol(), { held: true })
    await world.advance('5s')
    const since = () => (port as IListeningPort & IInspectable).describe().since
    expect(since()).toBe(1000)
    port.serve()
    expect(since()).toBe(1005)
  })

  it('PR-29 logs what the protocol throws at its end', async () => {
    const { world, log } = newWorld()
    const protocol = new DatagramProtocol()
    const error = new Error('boom')
    protocol.stopProtocol = () => {
      throw error
    }
    const port = await world.listenUDP(53, protocol)
    await world.run(port.stopListening())
    expect(log.errors()).toEqual([error])
  })
})
