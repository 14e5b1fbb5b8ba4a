import { describe, expect, it } from 'vitest'
import { AccumulatingProtocol, type MemoryWorldOptions } from '../../../src/index.ts'
import { clientOf, newWorld, serverOf } from '../world-pair.ts'

/** A world, and the reactor of another machine that connects to it. */
function apart(options?: MemoryWorldOptions) {
  const { world, log } = newWorld(options)
  return { world, log, other: world.host('other'), address: world.address }
}

describe('an attempt to connect to another machine', () => {
  it('takes one way to the listener and one back; the listener hears of it a third later', async () => {
    const { world, other, address } = apart({ latency: '1s' })
    const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
    await world.listenTCP(80, serverOf(server))
    other.connectTCP(address, 80, clientOf(client))
    await world.advance('1999ms')
    expect(client.made).toBe(false)
    await world.advance('1ms')
    expect([client.made, server.made]).toEqual([true, false])
    await world.advance('1s')
    expect(server.made).toBe(true)
  })

  it('is reset when the listener stops in the meantime', async () => {
    const { world, other, address } = apart({ latency: '1s' })
    const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
    const port = await world.listenTCP(80, serverOf(server))
    other.connectTCP(address, 80, clientOf(client))
    await world.advance('1500ms')
    await world.run(port.stopListening())
    await world.run(client.whenClosed)
    expect(client.closedReason).toMatchObject({ code: 'ECONNRESET' })
    expect(server.made).toBe(false)
  })

  it('reaches nobody when it is given up before the answer', async () => {
    const { world, other, address } = apart({ latency: '1s' })
    const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
    await world.listenTCP(80, serverOf(server))
    const connector = other.connectTCP(address, 80, clientOf(client))
    await world.advance('1500ms')
    connector.stopConnecting()
    await world.advance('1m')
    expect([client.made, server.made]).toEqual([false, false])
  })

  it('carries what the client sends at once behind it', async () => {
    const { world, other, address } = apart()
    const server = new AccumulatingProtocol()
    await world.listenTCP(80, serverOf(server))
    const client = new AccumulatingProtocol({
      onMade: ({ transport }) => {
        transport.write(Buffer.from('early'))
        transport.loseConnection()
      },
    })
    other.connectTCP(address, 80, clientOf(client))
    await world.run(server.whenClosed)
    expect(server.data.toString()).toBe('early')
  })

  it('does not tell a listener of another that has taken its port', async () => {
    const { world, other: from, address } = apart({ latency: '1s' })
    const [one, other, client] = [0, 0, 0].map(() => new AccumulatingProtocol())
    const port = await world.listenTCP(80, serverOf(one!))
    from.connectTCP(address, 80, clientOf(client!))
    await world.advance('1500ms')
    await world.run(port.stopListening())
    await world.listenTCP(80, serverOf(other!))
    await world.run(client!.whenClosed)
    expect([one!.made, other!.made]).toEqual([false, false])
  })

  it('shows a client a listener that aborts at once as a connection that is reset', async () => {
    const { world, other, address } = apart()
    await world.listenTCP(80, serverOf(aborting()))
    const client = new AccumulatingProtocol()
    other.connectTCP(address, 80, clientOf(client))
    await world.run(client.whenClosed)
    expect(client.closedReason).toMatchObject({ code: 'ECONNRESET' })
  })
})

describe('an attempt to connect to the own machine', () => {
  it('tells the listener first, as the system does', async () => {
    const { world } = newWorld({ latency: '1s' })
    const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
    await world.listenTCP(80, serverOf(server))
    world.connectTCP('127.0.0.1', 80, clientOf(client))
    await world.advance('1s')
    expect([client.made, server.made]).toEqual([false, true])
    await world.advance('1s')
    expect(client.made).toBe(true)
  })

  it('fails when the listener aborts at once', async () => {
    const { world } = newWorld()
    await world.listenTCP(80, serverOf(aborting()))
    const client = new AccumulatingProtocol()
    const factory = clientOf(client)
    let failure: Error | undefined
    factory.clientConnectionFailed = (_connector, reason) => {
      failure = reason
    }
    world.connectTCP('127.0.0.1', 80, factory)
    await world.until(() => failure !== undefined)
    expect(failure).toMatchObject({ name: 'ConnectError', code: 'ECONNRESET', syscall: 'connect' })
    expect(client.made).toBe(false)
  })

  it('shows the client what the listener has sent and ended before', async () => {
    const { world } = newWorld()
    const server = new AccumulatingProtocol({
      onMade: ({ transport }) => {
        transport.write(Buffer.from('bye'))
        transport.loseConnection()
      },
    })
    await world.listenTCP(80, serverOf(server))
    const client = new AccumulatingProtocol()
    world.connectTCP('127.0.0.1', 80, clientOf(client))
    await world.run(client.whenClosed)
    expect(client.data.toString()).toBe('bye')
    expect(client.closedReason?.name).toBe('ConnectionDone')
  })

  it('ends for the listener when it was given up before the client was told', async () => {
    const { world } = newWorld({ latency: '1s' })
    const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
    await world.listenTCP(80, serverOf(server))
    const connector = world.connectTCP('127.0.0.1', 80, clientOf(client))
    await world.advance('1500ms')
    connector.stopConnecting()
    await world.run(server.whenClosed)
    expect(server.closedReason?.name).toBe('ConnectionDone')
    expect(client.made).toBe(false)
  })

  it('is not asked for when it was given up before', async () => {
    const { world } = newWorld({ latency: '1s' })
    const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
    await world.listenTCP(80, serverOf(server))
    world.connectTCP('127.0.0.1', 80, clientOf(client)).stopConnecting()
    await world.advance('1m')
    expect([client.made, server.made]).toEqual([false, false])
  })
})

/** Aborts when it is connected. */
function aborting(): AccumulatingProtocol {
  return new AccumulatingProtocol({ onMade: ({ transport }) => transport.abortConnection() })
}
