import { describe, expect, it } from 'vitest'
import { ClientFactory, DatagramProtocol, Factory } from '@sennit/protocol'
import { MemoryLog } from '../../src/index.ts'
import { newWorld } from './world-pair.ts'

describe('MemoryHost', () => {
  it('has an address of its own, at which it can listen', async () => {
    const { world } = newWorld()
    const host = world.host('a')
    const port = await host.listenTCP(80, new Factory(), { interface: host.address })
    expect(port.getHost().toString()).toBe(`tcp:${host.address}:80`)
    await expect(world.listenTCP(80, new Factory(), { interface: host.address })).rejects.toMatchObject({
      code: 'EADDRNOTAVAIL',
    })
  })

  it('can have the same port as another', async () => {
    const { world } = newWorld()
    await world.listenTCP(80, new Factory())
    await world.host('a').listenTCP(80, new Factory())
    expect(world.pending()).toHaveLength(2)
  })

  it.each([
    ['backlog', { backlog: 0 }],
    ['maxConnections', { maxConnections: -1 }],
    ['interface', { interface: 'a' }],
  ])('RX-26 refuses a wrong %s', async (option, options) => {
    const { world } = newWorld()
    await expect(world.listenTCP(80, new Factory(), options)).rejects.toMatchObject({
      code: 'ERR_SENNIT_REACTOR_OPTION',
      option,
    })
  })

  it.each([
    ['idleTimeout', { idleTimeout: -1 }],
    ['drainTimeout', { drainTimeout: '5 minutes' as '5m' }],
  ])('RX-26 refuses a wrong %s, and leaves the port free', async (_option, options) => {
    const { world } = newWorld()
    await expect(world.listenTCP(80, new Factory(), options)).rejects.toMatchObject({
      code: 'ERR_SENNIT_DURATION',
    })
    await world.listenTCP(80, new Factory())
    expect(world.pending()).toEqual(['listener tcp:0.0.0.0:80'])
  })

  it('RX-29 refuses a wrong maxPacketSize', async () => {
    const { world } = newWorld()
    await expect(world.listenUDP(53, new DatagramProtocol(), { maxPacketSize: 0 })).rejects.toMatchObject({
      option: 'maxPacketSize',
    })
  })

  it('RX-29 gives up a bind whose signal is aborted', async () => {
    const { world } = newWorld()
    const reason = new Error('x')
    const signal = AbortSignal.abort(reason)
    await expect(world.listenUDP(53, new DatagramProtocol(), { signal })).rejects.toBe(reason)
    world.assertQuiet()
  })

  it.each([
    ['host', '', 80, {}],
    ['host', 'a\0b', 80, {}],
    ['bindAddress', 'a', 80, { bindAddress: 'name' }],
    ['bindAddress', 'a', 80, { bindAddress: ['127.0.0.1', -1] as const }],
    ['port', 'a', 0.5, {}],
  ])('RX-27 refuses a wrong %s: %j', (option, host, port, options) => {
    const { world } = newWorld()
    expect(() => world.connectTCP(host, port, new ClientFactory(), options)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION', option }),
    )
    world.assertQuiet()
  })

  it('logs to the log that the service inherited', async () => {
    const { world, log } = newWorld()
    const own = new MemoryLog()
    const factory = new Factory()
    await world.listenTCP(80, factory, { context: { log: own } })
    await world.run(world.connect('tcp:127.0.0.1:80'))
    await world.advance('1s')
    expect(own.errors()).toMatchObject([{ code: 'ERR_SENNIT_HANDLER' }])
    expect(log.events).toEqual([])
  })
})
