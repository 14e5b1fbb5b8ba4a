import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { IHostPort } from '@sennit/interfaces'
import { ClientFactory } from '@sennit/protocol'
import { Clock } from '@sennit/runtime'
import { AccumulatingProtocol } from '../../../src/index.ts'
import { clientOf, newWorld, pair, serverOf } from '../world-pair.ts'

/** A factory that keeps the failure. */
function failing() {
  const factory = new ClientFactory<AccumulatingProtocol>()
  const failures: Error[] = []
  factory.buildProtocol = () => new AccumulatingProtocol()
  factory.clientConnectionFailed = (_connector, reason) => failures.push(reason)
  return { factory, failures }
}

describe('MemoryConnector', () => {
  it('PR-08 fails after thirty seconds when nobody answers', async () => {
    const { world } = newWorld()
    world.partition('carbon')
    const { factory, failures } = failing()
    world.connectTCP('carbon', 2003, factory)
    await world.advance('29999ms')
    expect(failures).toEqual([])
    await world.advance('1ms')
    expect(failures).toMatchObject([
      {
        name: 'ConnectionTimeoutError',
        code: 'ETIMEDOUT',
        syscall: 'connect',
        address: 'carbon',
        port: 2003,
      },
    ])
    world.heal('carbon')
    world.listen('tcp:carbon:2003')
    await world.advance('1m')
    world.assertQuiet()
  })

  it('PR-08 runs its timeout on the clock that the service inherited', async () => {
    const clock = new Clock()
    const { world } = newWorld()
    world.partition('carbon')
    const { factory, failures } = failing()
    world.connectTCP('carbon', 2003, factory, { timeout: '1s', context: { clock } })
    await world.advance('1m')
    expect(failures).toEqual([])
    clock.advance('1s')
    expect(failures).toHaveLength(1)
  })

  it('waits for ever when it shall', async () => {
    const { world } = newWorld()
    world.partition('carbon')
    const { factory, failures } = failing()
    world.connectTCP('carbon', 2003, factory, { timeout: Infinity })
    await world.advance('24h')
    expect(failures).toEqual([])
    expect(world.pending()).toEqual(['attempt to connect to carbon:2003'])
  })

  it('RX-27 binds the local address and port', async () => {
    const { server } = await pair({ connect: { bindAddress: ['127.0.0.5', 5000] } })
    expect(server.transport.getPeer().toString()).toBe('tcp:127.0.0.5:5000')
  })

  it('RX-27 takes the address of the family that it was told', async () => {
    const { world } = newWorld()
    const server = new AccumulatingProtocol()
    await world.host('a').listenTCP(80, serverOf(server), { interface: '::' })
    const client = new AccumulatingProtocol()
    world.connectTCP('a', 80, clientOf(client), { family: 6 })
    await world.run(client.whenMade)
    expect((client.transport.getPeer() as IHostPort).host).toBe('fd00::2')
    expect((client.transport.getHost() as IHostPort).host).toBe('fd00::1')
  })

  it('takes no more heed of its signal once it is connected', async () => {
    const controller = new AbortController()
    const { world, client } = await pair({ connect: { signal: controller.signal } })
    expect(getEventListeners(controller.signal, 'abort')).toEqual([])
    controller.abort()
    await world.advance('1m')
    expect(client.closed).toBe(false)
  })

  it('PR-09 has nothing to disconnect after the loss', async () => {
    const { world, client, server, connector } = await pair()
    server.transport.loseConnection()
    await world.run(client.whenClosed)
    connector.disconnect()
    await world.advance('1s')
    expect(client.closed).toBe(true)
  })

  it('PR-11 resets the connection for which the factory throws', async () => {
    const { world, log } = newWorld()
    const sink = world.listen('tcp:a:1')
    const { factory, failures } = failing()
    factory.buildProtocol = () => {
      throw new Error('boom')
    }
    world.connectTCP('a', 1, factory)
    await world.advance('1s')
    expect(failures).toMatchObject([{ name: 'ConnectError' }])
    expect(log.errors()).toHaveLength(1)
    expect(sink.connections[0]?.reason).toMatchObject({ code: 'ECONNRESET' })
    world.assertQuiet()
  })
})
