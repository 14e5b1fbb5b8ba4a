import { describe, expect, it } from 'vitest'
import { handler } from '@sennit/protocol'
import { newWorld, pair } from '../world-pair.ts'

describe('Serving', () => {
  it('closes a connection on which nothing comes, although something goes, in time', async () => {
    const { world, client, server } = await pair({ listen: { receiveTimeout: '10s' } })
    await world.advance('9s')
    client.transport.write(Buffer.from('x'))
    await world.until(() => server.data.length > 0)
    const start = world.seconds()
    const chatter = () => {
      server.transport.write(Buffer.from('y'))
      if (!server.closed) world.callLater(1, chatter)
    }
    chatter()
    await world.run(server.whenClosed)
    expect(world.seconds() - start).toBeCloseTo(10, 6)
    expect(server.closedReason).toMatchObject({ name: 'ConnectionLost', code: 'ERR_SENNIT_RECEIVE' })
  })

  it('does not hold it against the other side that nothing is read', async () => {
    const { world, client, server } = await pair({ listen: { receiveTimeout: '10s' } })
    server.transport.pauseProducing()
    client.transport.write(Buffer.from('x'))
    await world.advance('1m')
    expect(server.closed).toBe(false)
    server.transport.resumeProducing()
    await world.advance('1s')
    expect(server.data.toString()).toBe('x')
  })

  it('gives handlers a stream that the other side ends, and this side goes on writing to', async () => {
    const { world } = newWorld()
    await world.listenTCP(
      80,
      handler(async (socket) => {
        const asked = await socket.toArray()
        socket.write(`you said ${Buffer.concat(asked as Buffer[]).toString()}`)
      }),
    )
    const client = await world.run(world.connect('tcp:127.0.0.1:80'))
    client.end('hello')
    await world.run(client.received('you said hello'))
    await world.run(client.whenClosed)
    expect(client.reason?.name).toBe('ConnectionDone')
  })

  it('closes in an orderly way what a factory does not want', async () => {
    const { world } = newWorld()
    const factory = { buildProtocol: () => undefined, doStart() {}, doStop() {} }
    await world.listenTCP(80, factory)
    const client = await world.run(world.connect('tcp:127.0.0.1:80'))
    await world.run(client.whenClosed)
    expect(client.reason?.name).toBe('ConnectionDone')
  })
})
