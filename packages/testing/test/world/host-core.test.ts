import { describe, expect, it } from 'vitest'
import { DatagramProtocol } from '@sennit/protocol'
import { AccumulatingProtocol } from '../../src/index.ts'
import { clientOf, newWorld, serverOf } from './world-pair.ts'

describe('the life of a simulated reactor', () => {
  it('RX-12 RX-13 runs until it is stopped', async () => {
    const { world } = newWorld()
    const running = world.run()
    expect(world.running).toBe(true)
    expect(world.pending()).toEqual(['reactor that runs'])
    world.stop()
    await world.run(running)
    expect(world.running).toBe(false)
    world.assertQuiet()
  })

  it('RX-20 closes at its shutdown what its own machine has open, with a reason', async () => {
    const { world } = newWorld()
    const other = world.host('other')
    const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
    await world.listenTCP(80, serverOf(server))
    await world.listenUDP(53, new DatagramProtocol())
    await other.listenUDP(53, new DatagramProtocol())
    world.connectTCP('127.0.0.1', 80, clientOf(client))
    await world.until(() => client.made && server.made)
    world.partition('silent')
    world.connectTCP('silent', 80, clientOf(new AccumulatingProtocol()), { timeout: Infinity })
    const running = world.run()
    world.stop()
    await world.run(running)
    expect([client.closedReason?.name, server.closedReason?.name]).toEqual([
      'ConnectionLost',
      'ConnectionLost',
    ])
    expect(world.pending()).toEqual(['port udp:0.0.0.0:53'])
  })

  it('RX-19 waits for its triggers only so long', async () => {
    const { world, log } = newWorld({ shutdownTimeout: '3s' })
    world.addSystemEventTrigger('before', 'shutdown', () => new Promise(() => {}))
    const running = world.run()
    world.stop()
    await world.run(running)
    expect(world.seconds()).toBe(3)
    expect(log.messages('warn')).toHaveLength(1)
  })

  it('RX-21 ends at once when it crashes', async () => {
    const { world } = newWorld()
    const running = world.run()
    world.crash()
    await running
    expect(world.running).toBe(false)
  })

  it('RX-15 RX-18 calls, and takes back, what was added', async () => {
    const { world } = newWorld()
    const calls: string[] = []
    world.callWhenRunning((word: string) => calls.push(word), 'early')
    world.removeSystemEventTrigger(world.callWhenRunning(() => calls.push('never'))!)
    const running = world.run()
    expect(world.callWhenRunning(() => calls.push('now'))).toBeUndefined()
    world.addSystemEventTrigger('during', 'mine', () => calls.push('mine'))
    world.fireSystemEvent('mine')
    world.stop()
    await world.run(running)
    expect(calls).toEqual(['early', 'now', 'mine'])
  })
})
