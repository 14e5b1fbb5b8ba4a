import { describe, expect, it } from 'vitest'
import type { IInspectable, IListeningPort, ISocketHandler } from '@sennit/interfaces'
import { Factory, handler } from '@sennit/protocol'
import { Clock, realTurn } from '@sennit/runtime'
import { AccumulatingProtocol } from '../../../src/index.ts'
import { newWorld, pair, serverOf } from '../world-pair.ts'

const describeOf = (port: IListeningPort) => (port as IListeningPort & IInspectable).describe()

describe('MemoryStreamPort', () => {
  it('describes itself', async () => {
    const { world, client, port } = await pair({ listen: { maxConnections: 1 } })
    await world.run((await world.run(world.connect('tcp:127.0.0.1:80'))).whenClosed)
    expect(describeOf(port)).toMatchObject({
      kind: 'TCPPort',
      state: 'serving',
      facts: { address: 'tcp:0.0.0.0:80', connections: 1, accepted: 1, refused: 1 },
      children: [],
    })
    const stopped = port.stopListening()
    expect(describeOf(port).state).toBe('stopping')
    client.transport.loseConnection()
    await world.run(stopped)
    expect(describeOf(port)).toMatchObject({ state: 'stopped', facts: { connections: 0 } })
  })

  it('refuses what goes beyond the backlog of a held port', async () => {
    const { world } = newWorld()
    const port = await world.listenTCP(80, new Factory(), { held: true, backlog: 2 })
    expect(describeOf(port).state).toBe('held')
    const clients = await world.run(Promise.all([1, 2, 3].map(() => world.connect('tcp:127.0.0.1:80'))))
    await world.advance('1s')
    expect(clients.filter(({ closed }) => closed)).toHaveLength(1)
    expect(describeOf(port).facts['refused']).toBe(1)
  })

  it('ends cleanly what waits at a held port that stops, and what goes beyond its backlog', async () => {
    const { world } = newWorld()
    const port = await world.listenTCP(80, new Factory(), { held: true, backlog: 1 })
    const [one, other] = await world.run(Promise.all([1, 2].map(() => world.connect('tcp:127.0.0.1:80'))))
    await world.advance('1s')
    expect([one, other].filter((each) => each!.closed)).toHaveLength(1)
    await world.run(port.stopListening())
    await world.advance('5s')
    expect([one!.reason?.name, other!.reason?.name]).toEqual(['ConnectionDone', 'ConnectionDone'])
  })

  it('forgets a waiting connection that is lost before it is served', async () => {
    const { world } = newWorld()
    const server = new AccumulatingProtocol()
    const port = await world.listenTCP(80, serverOf(server), { held: true })
    const client = await world.run(world.connect('tcp:127.0.0.1:80'))
    await world.advance('1s')
    client.abort()
    await world.advance('1s')
    port.serve()
    await world.advance('1s')
    expect(server.made).toBe(false)
  })

  it('closes an idle connection in time, in whatever direction the last byte went', async () => {
    const { world, client, server } = await pair({ listen: { idleTimeout: '10s' } })
    await world.advance('9s')
    client.transport.write(Buffer.from('a'))
    await world.advance('9s')
    server.transport.write(Buffer.from('b'))
    const start = world.seconds()
    await world.run(server.whenClosed)
    expect(world.seconds() - start).toBeCloseTo(10, 6)
    expect(server.closedReason).toMatchObject({ name: 'ConnectionLost', code: 'ERR_SENNIT_IDLE' })
    await world.run(client.whenClosed)
    expect(client.closedReason).toMatchObject({ name: 'ConnectionDone' })
  })

  it('resets an idle connection that does not take what was written', async () => {
    const { world, client, server } = await pair({ listen: { idleTimeout: '10s' } })
    client.transport.pauseProducing()
    server.transport.write(Buffer.alloc(500_000))
    await world.run(client.whenClosed)
    expect(client.closedReason).toMatchObject({ code: 'ECONNRESET' })
  })

  it('takes a connection for busy on which something is written, although it cannot be sent', async () => {
    const { world, client, server } = await pair({ listen: { idleTimeout: '10s' } })
    client.transport.pauseProducing()
    server.transport.write(Buffer.alloc(500_000))
    for (let n = 0; n < 4; n++) {
      await world.advance('9s')
      server.transport.write(Buffer.from('x'))
    }
    expect(server.closed).toBe(false)
    await world.advance('11s')
    expect(server.closed).toBe(true)
  })

  it('closes idle connections of streams and of sockets as well', async () => {
    const { world } = newWorld()
    const silent: ISocketHandler = { handleSocket: (socket) => void socket.resume() }
    await world.listenTCP(80, silent, { idleTimeout: '10s' })
    await world.listenTCP(
      81,
      handler(() => new Promise(() => {})),
      { idleTimeout: '10s' },
    )
    for (const port of [80, 81]) {
      const client = await world.run(world.connect(`tcp:127.0.0.1:${port}`))
      await world.run(client.whenClosed)
    }
    expect(world.seconds()).toBeLessThan(21)
  })

  it('PR-23 stops in a later turn', async () => {
    const { world } = newWorld()
    const factory = new Factory()
    let stops = 0
    factory.doStop = () => void stops++
    const port = await world.listenTCP(80, factory)
    const stopped = port.stopListening()
    await realTurn()
    expect(stops).toBe(0)
    await world.run(stopped)
    expect(stops).toBe(1)
  })

  it('releases the port when the factory cannot start', async () => {
    const { world } = newWorld()
    const factory = new Factory()
    const error = new Error('boom')
    factory.doStart = () => {
      throw error
    }
    await expect(world.listenTCP(80, factory)).rejects.toBe(error)
    await world.listenTCP(80, new Factory())
  })

  it('logs what the factory throws when it stops', async () => {
    const { world, log } = newWorld()
    const factory = new Factory()
    const error = new Error('boom')
    factory.doStop = () => {
      throw error
    }
    const port = await world.listenTCP(80, factory)
    await world.run(port.stopListening())
    expect(log.errors()).toEqual([error])
  })

  it('cuts the connection of a protocol that throws when it is told to stop', async () => {
    const error = new Error('boom')
    const server = Object.assign(new AccumulatingProtocol(), {
      stopRequested() {
        throw error
      },
    })
    const { world, log, port } = await pair({}, undefined, server)
    await world.run(port.stopListening())
    expect(server.closedReason).toBe(error)
    expect(log.errors()).toEqual([error])
  })

  it('runs the drain on the clock that the service inherited', async () => {
    const { world } = newWorld()
    const clock = new Clock()
    const port = await world.listenTCP(
      80,
      handler(() => new Promise(() => {})),
      {
        drainTimeout: '5s',
        context: { clock },
      },
    )
    const client = await world.run(world.connect('tcp:127.0.0.1:80'))
    await world.advance('1s')
    const stopped = port.stopListening()
    await world.advance('1m')
    expect(client.closed).toBe(false)
    clock.advance('5s')
    clock.advance(0)
    clock.advance(0)
    await world.run(stopped)
    await world.run(client.whenClosed)
  })
})
