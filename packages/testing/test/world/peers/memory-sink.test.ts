import { describe, expect, it } from 'vitest'
import { AccumulatingProtocol } from '../../../src/index.ts'
import { clientOf, newWorld } from '../world-pair.ts'

async function connected(count: number) {
  const { world } = newWorld()
  const sink = world.listen('tcp:carbon:2003')
  const clients = Array.from({ length: count }, () => new AccumulatingProtocol())
  for (const client of clients) {
    const coming = sink.nextConnection()
    world.connectTCP('carbon', 2003, clientOf(client))
    await world.run(coming)
  }
  return { world, sink, clients }
}

describe('MemorySink', () => {
  it('collects what comes over all connections, in the order in which it comes', async () => {
    const { world, sink, clients } = await connected(2)
    for (const [i, text] of ['a', 'b', 'c'].entries()) {
      clients[i % 2]!.transport.write(Buffer.from(text))
      await world.advance('10ms')
    }
    expect(sink.text()).toBe('abc')
    expect(sink.bytes()).toEqual(Buffer.from('abc'))
    expect(sink.connections.map((peer) => peer.text())).toEqual(['ac', 'b'])
    sink.clear()
    expect(sink.text()).toBe('')
  })

  it('sends to every open connection', async () => {
    const { world, sink, clients } = await connected(3)
    sink.connections[1]!.close()
    await world.run(clients[1]!.whenClosed)
    sink.write('hello')
    await world.advance('1s')
    expect(clients.map(({ data }) => data.toString())).toEqual(['hello', '', 'hello'])
  })

  it('cannot send to nobody', () => {
    const sink = newWorld().world.listen('tcp:a:1')
    expect(() => sink.write('x')).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_DOUBLE_STATE' }))
  })

  it('closes its connections, and listens no more', async () => {
    const { world, sink, clients } = await connected(2)
    sink.close()
    await world.run(Promise.all(clients.map(({ whenClosed }) => whenClosed)))
    expect(clients.map(({ closedReason }) => closedReason?.name)).toEqual([
      'ConnectionDone',
      'ConnectionDone',
    ])
    await expect(world.run(world.connect('tcp:carbon:2003'))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('resets its connections, and listens no more', async () => {
    const { world, sink, clients } = await connected(1)
    sink.abort()
    await world.run(clients[0]!.whenClosed)
    expect(clients[0]!.closedReason).toMatchObject({ code: 'ECONNRESET' })
    world.listen('tcp:carbon:2003')
  })

  it('picks a free port for 0', () => {
    const { world } = newWorld()
    expect(world.listen('tcp:a:0').getHost().toString()).toMatch(/^tcp:10\.0\.0\.2:49152$/)
  })

  it('refuses a busy port', () => {
    const { world } = newWorld()
    world.listen('tcp:a:1')
    expect(() => world.listen('tcp:a:1')).toThrow(
      expect.objectContaining({ name: 'CannotListenError', code: 'EADDRINUSE' }),
    )
  })
})
