import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { IHostPort, IListeningPort, IProtocolFactory } from '@sennit/interfaces'
import {
  Factory,
  Int32StringReceiver,
  LimitConnectionsByPeer,
  LineReceiver,
  NetstringReceiver,
  netstring,
  netstrings,
  Protocol,
  ThrottlingFactory,
  TimeoutFactory,
  TimeoutMixin,
} from '@sennit/protocol'
import { NodeReactor } from '../src/index.ts'

const ports: IListeningPort[] = []

/** A server on a real port, and a function that connects to it. */
async function serve(factory: IProtocolFactory) {
  const port = await new NodeReactor().listenTCP(0, factory, { interface: '127.0.0.1', drainTimeout: 0 })
  ports.push(port)
  return () => connect((port.getHost() as IHostPort).port, '127.0.0.1').on('error', () => {})
}

/** All that comes, until the end. */
async function received(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

afterEach(async () => {
  for (const port of ports.splice(0)) await port.stopListening()
})

class Flood extends Protocol {
  override connectionMade() {
    this.transport.write(Buffer.alloc(300_000))
    this.transport.loseConnection()
  }
}

class Sink extends Protocol {
  static received = 0
  override dataReceived(data: Uint8Array) {
    Sink.received += data.length
  }
}

describe('policies and framing on real sockets', () => {
  it('throttle what is written, and lose none of it', async () => {
    const open = await serve(new ThrottlingFactory(Factory.forProtocol(Flood), { writeLimit: 400_000 }))
    const start = performance.now()
    const [one, two] = await Promise.all([received(open()), received(open())])
    expect([one!.length, two!.length]).toEqual([300_000, 300_000])
    // Of 600,000 bytes, 400,000 go at once, and two pieces more than there is.
    expect(performance.now() - start).toBeGreaterThan(400)
  })

  it('throttle what is read', async () => {
    const open = await serve(new ThrottlingFactory(Factory.forProtocol(Sink), { readLimit: 400_000 }))
    const socket = open()
    const start = performance.now()
    socket.end(Buffer.alloc(600_000))
    await received(socket)
    expect(Sink.received).toBe(600_000)
    expect(performance.now() - start).toBeGreaterThan(250)
  })

  it('close idle connections', async () => {
    const open = await serve(new TimeoutFactory(Factory.forProtocol(Protocol), { timeoutPeriod: '100ms' }))
    expect(await received(open())).toBe('')
    class Impatient extends TimeoutMixin(LineReceiver) {
      override connectionMade() {
        this.setTimeout('100ms')
      }
      override lineReceived() {}
    }
    expect(await received((await serve(Factory.forProtocol(Impatient)))())).toBe('')
  })

  it('refuse a peer with too many connections', async () => {
    class Greeting extends Protocol {
      override connectionMade() {
        this.transport.write(Buffer.from('welcome'))
      }
    }
    const factory = new LimitConnectionsByPeer(Factory.forProtocol(Greeting), { maxConnectionsPerPeer: 1 })
    const open = await serve(factory)
    const first = open()
    await new Promise((resolve) => first.once('data', resolve))
    expect(await received(open())).toBe('')
    expect(factory.refused).toBe(1)
    first.destroy()
  })

  it('carry strings of any size, through a policy as well', async () => {
    class Echo extends Int32StringReceiver {
      override stringReceived(string: Buffer) {
        this.sendString(string)
        this.transport.loseConnection()
      }
    }
    const open = await serve(
      new TimeoutFactory(
        new ThrottlingFactory(Factory.forProtocol(Echo, { maxLength: 3_000_000 }), { readLimit: 1e9 }),
      ),
    )
    const socket = open()
    const bytes = Buffer.alloc(2_000_004, 'x')
    bytes.writeUInt32BE(2_000_000)
    socket.write(bytes)
    expect((await received(socket)).length).toBe(2_000_004)
  })

  it('hand out nothing after a close, also of what came in the same chunk', async () => {
    const seen: string[] = []
    class Closing extends NetstringReceiver {
      override stringReceived(string: Buffer) {
        seen.push(string.toString())
        this.sendString('bye')
        this.transport.loseConnection()
      }
    }
    const socket = (await serve(Factory.forProtocol(Closing)))()
    socket.write(Buffer.concat([netstring('one'), netstring('two')]))
    const answers: string[] = []
    for await (const answer of netstrings(socket)) answers.push(answer.toString())
    expect([seen, answers]).toEqual([['one'], ['bye']])
  })
})
