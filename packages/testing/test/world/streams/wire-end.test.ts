import { describe, expect, it } from 'vitest'
import { type AccumulatingProtocol, authority } from '../../../src/index.ts'
import type { MemoryTransport } from '../../../src/world/streams/memory-transport.ts'
import { pair } from '../world-pair.ts'

const known = authority('known')
const transportOf = ({ transport }: AccumulatingProtocol) => transport as MemoryTransport

describe('WireEnd', () => {
  it('has the clock and the log that its connection inherited', async () => {
    const { world, log, client, server } = await pair()
    expect([transportOf(client).clock, transportOf(client).log]).toEqual([world, log])
    expect(transportOf(server).clock).toBe(world)
  })

  it('has room again for what came over a private connection, also over many records', async () => {
    const { world, client, server } = await pair()
    const size = 300_000
    transportOf(server).startTLS({ isServer: true, ...known.issue('a.example') })
    transportOf(client).startTLS({ servername: 'a.example', rejectUnauthorized: false })
    client.transport.write(Buffer.alloc(size, 'x'))
    await world.until(() => server.data.length === size)
    server.transport.pauseProducing()
    client.transport.write(Buffer.alloc(size, 'y'))
    await world.advance('1s')
    expect(server.data).toHaveLength(size)
    server.transport.resumeProducing()
    await world.until(() => server.data.length === 2 * size)
  })

  it('takes bytes of the handshake that its protocol has received already', async () => {
    const { world, client, server } = await pair()
    transportOf(client).startTLS({ servername: 'a.example', rejectUnauthorized: false })
    await world.until(() => server.data.length > 0)
    transportOf(server).startTLS({
      isServer: true,
      ...known.issue('a.example'),
      received: server.chunks.splice(0)[0],
    })
    client.transport.write(Buffer.from('private'))
    await world.until(() => server.data.toString() === 'private')
    expect(transportOf(server).getTLSInfo()?.version).toBe('TLSv1.3')
  })

  it('knows whether something has come, and whether it was reset', async () => {
    const { world, client, server } = await pair()
    expect(transportOf(server).hasReceived).toBe(false)
    client.transport.write(Buffer.from('x'))
    await world.until(() => server.data.length > 0)
    expect(transportOf(server)).toMatchObject({ hasReceived: true, wasReset: false, disconnecting: false })
    client.transport.abortConnection()
    expect(transportOf(client)).toMatchObject({ wasReset: true, disconnecting: true })
  })
})
