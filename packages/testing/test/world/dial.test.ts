import { describe, expect, it } from 'vitest'
import { AccumulatingProtocol } from '../../src/index.ts'
import { clientOf, newWorld, serverOf } from './world-pair.ts'

describe('an attempt to connect', () => {
  it('takes one way to the listener and one back; the listener hears of it a third later', async () => {
    const { world } = newWorld({ latency: '1s' })
    const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
    await world.listenTCP(80, serverOf(server))
    world.connectTCP('127.0.0.1', 80, clientOf(client))
    await world.advance('1999ms')
    expect(client.made).toBe(false)
    await world.advance('1ms')
    expect(client.made).toBe(true)
    expect(server.made).toBe(false)
    await world.advance('1s')
    expect(server.made).toBe(true)
  })

  it('is reset when the listener stops in the meantime', async () => {
    const { world } = newWorld({ latency: '1s' })
    const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
    const port = await world.listenTCP(80, serverOf(server))
    world.connectTCP('127.0.0.1', 80, clientOf(client))
    await world.advance('1500ms')
    await world.run(port.stopListening())
    await world.run(client.whenClosed)
    expect(client.closedReason).toMatchObject({ code: 'ECONNRESET' })
    expect(server.made).toBe(false)
  })

  it('reaches nobody when it is given up before the answer', async () => {
    const { world } = newWorld({ latency: '1s' })
    const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
    await world.listenTCP(80, serverOf(server))
    const connector = world.connectTCP('127.0.0.1', 80, clientOf(client))
    await world.advance('1500ms')
    connector.stopConnecting()
    await world.advance('1m')
    expect([client.made, server.made]).toEqual([false, false])
  })

  it('carries what the client sends at once behind it', async () => {
    const { world } = newWorld()
    const server = new AccumulatingProtocol()
    await world.listenTCP(80, serverOf(server))
    const client = new AccumulatingProtocol({
      onMade: ({ transport }) => {
        transport.write(Buffer.from('early'))
        transport.loseConnection()
      },
    })
    world.connectTCP('127.0.0.1', 80, clientOf(client))
    await world.run(server.whenClosed)
    expect(server.data.toString()).toBe('early')
  })

  it('does not tell a listener of another that has taken its port', async () => {
    const { world } = newWorld({ latency: '1s' })
    const [one, other, client] = [0, 0, 0].map(() => new AccumulatingProtocol())
    const port = await world.listenTCP(80, serverOf(one!))
    world.connectTCP('127.0.0.1', 80, clientOf(client!))
    await world.advance('1500ms')
    await world.run(port.stopListening())
    await world.listenTCP(80, serverOf(other!))
    await world.run(client!.whenClosed)
    expect([one!.made, other!.made]).toEqual([false, false])
  })
})
