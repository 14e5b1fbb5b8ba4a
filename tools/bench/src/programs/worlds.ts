/**
 * Simulated connections: `node worlds.ts SIDE N`, so many mebibytes or so many connections.
 *
 * @module
 */
import stream, { type Duplex } from 'node:stream'
import { Factory, Protocol } from '@sennit/protocol'
import { MemoryWorld } from '@sennit/testing'
import { cpu, measure } from './measure.ts'

const CHUNK = Buffer.alloc(16_384, 'x')
const CHUNKS = (1 << 20) / CHUNK.length

/** Two streams, each of which yields what is written to the other. */
function pair(): readonly [Duplex, Duplex] {
  const { duplexPair } = stream as unknown as { duplexPair?: () => [Duplex, Duplex] }
  if (duplexPair === undefined) throw new Error('this Node has no duplexPair')
  return duplexPair()
}

/** Writes so much into one stream, no faster than it goes, and waits until it has arrived at the other. */
async function through(mebibytes: number, from: Duplex, arrived: () => number): Promise<void> {
  for (let i = 0; i < mebibytes * CHUNKS; i++) {
    if (!from.write(CHUNK)) await new Promise((resolve) => from.once('drain', resolve))
  }
  while (arrived() < mebibytes << 20) await new Promise((resolve) => setImmediate(resolve))
}

class Sink extends Protocol {
  static bytes = 0
  static connections = 0
  override connectionMade(): void {
    Sink.connections++
  }
  override dataReceived(data: Uint8Array): void {
    Sink.bytes += data.length
  }
}

const sink = Factory.forProtocol(Sink)

await measure({
  'bytes duplexPair': async (mebibytes = 0) => {
    const [one, other] = pair()
    let bytes = 0
    other.on('data', (data: Buffer) => (bytes += data.length))
    await through(1, one, () => bytes)
    return async () => {
      bytes = 0
      const start = cpu()
      await through(mebibytes, one, () => bytes)
      return { rate: mebibytes / (cpu() - start) }
    }
  },
  'bytes world': async (mebibytes = 0) => {
    const world = new MemoryWorld({ seed: 1 })
    await world.listenTCP(8000, sink)
    const client = await world.run(world.connect('tcp:127.0.0.1:8000'))
    const send = async (count: number): Promise<void> => {
      const whole = Sink.bytes + (count << 20)
      for (let i = 0; i < count * CHUNKS; i++) client.write(CHUNK)
      await world.until(() => Sink.bytes === whole)
    }
    await send(1)
    return async () => {
      const start = cpu()
      for (let i = 0; i < mebibytes; i++) await send(1)
      return { rate: mebibytes / (cpu() - start) }
    }
  },
  'connections duplexPair':
    (n = 0) =>
    async () => {
      let closed = 0
      const start = cpu()
      for (let i = 0; i < n; i++) {
        const [one, other] = pair()
        other.on('end', () => other.end()).resume()
        one.on('close', () => closed++).resume()
        one.end('x')
      }
      while (closed < n) await new Promise((resolve) => setImmediate(resolve))
      return { rate: n / (cpu() - start) }
    },
  'connections world': async (n = 0) => {
    const world = new MemoryWorld({ seed: 1 })
    await world.listenTCP(8000, sink)
    return async () => {
      Sink.connections = 0
      const start = cpu()
      for (let i = 0; i < n; i += 100) {
        const clients = await world.run(
          Promise.all(Array.from({ length: 100 }, () => world.connect('tcp:127.0.0.1:8000'))),
        )
        for (const client of clients) client.close()
        await world.until(() => clients.every((client) => client.closed))
      }
      if (Sink.connections !== n) throw new Error(`${Sink.connections} of ${n} connections were made`)
      return { rate: n / (cpu() - start) }
    }
  },
})
