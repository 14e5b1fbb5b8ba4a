import { describe, expect, it } from 'vitest'
import type { IHostPort, IProtocol, ISocketHandler } from '@sennit/interfaces'
import {
  ClientFactory,
  DatagramProtocol,
  DuplexProtocol,
  Factory,
  Protocol,
  handler,
  lines,
} from '@sennit/protocol'
import { AccumulatingProtocol, MemoryLog, MemoryWorld, type MemoryWorldOptions } from '../../src/index.ts'

class Echo extends Protocol {
  override dataReceived(data: Uint8Array) {
    this.transport.write(data)
  }
}

function newWorld(options: MemoryWorldOptions = {}) {
  const log = new MemoryLog()
  return { log, world: new MemoryWorld({ seed: 1, log, patience: 0, ...options }) }
}

/** A factory that gives one protocol. */
function clientFactory<P extends IProtocol>(protocol: P): ClientFactory<P> {
  const factory = new ClientFactory<P>()
  factory.buildProtocol = () => protocol
  return factory
}

const echo = () => Factory.forProtocol(Echo)

describe('a test and a program', () => {
  it('talk over a connection of the test', async () => {
    const { world } = newWorld()
    const port = await world.listenTCP(8000, echo())
    const client = await world.run(world.connect('tcp:127.0.0.1:8000'))
    client.write('ping')
    await world.run(client.received('ping'))
    client.close()
    expect(await world.run(client.whenClosed)).toMatchObject({ name: 'ConnectionDone' })
    await world.run(port.stopListening())
    world.assertQuiet()
  })

  it('talk over a connection of the program', async () => {
    const { world } = newWorld()
    const sink = world.listen('tcp:carbon:2003')
    const client = new AccumulatingProtocol()
    const factory = clientFactory(client)
    world.connectTCP('carbon', 2003, factory)
    await world.run(sink.nextConnection())
    sink.write('welcome')
    await world.until(() => client.data.toString() === 'welcome')
    client.transport.write(Buffer.from('a 1\n'))
    await world.run(sink.received('a 1\n'))
    expect((client.transport.getPeer() as IHostPort).port).toBe(2003)
  })

  it('talk through a stream handler', async () => {
    const { world } = newWorld()
    await world.listenTCP(
      8000,
      handler(async (socket, { signal }) => {
        for await (const line of lines(socket, { signal })) socket.write(`${line.toUpperCase()}\n`)
      }),
    )
    const client = await world.run(world.connect('tcp:127.0.0.1:8000'))
    client.end('a\nb\n')
    await world.run(client.whenClosed)
    expect(client.text()).toBe('A\nB\n')
    expect(client.reason?.name).toBe('ConnectionDone')
  })

  it('talk over UDP', async () => {
    const { world } = newWorld()
    const got: string[] = []
    class Upper extends DatagramProtocol {
      override datagramReceived(datagram: Uint8Array, from: IHostPort) {
        got.push(Buffer.from(datagram).toString())
        this.transport.write(Buffer.from(Buffer.from(datagram).toString().toUpperCase()), from)
      }
    }
    await world.listenUDP(53, new Upper())
    world.send('udp:127.0.0.1:53', 'from nowhere')
    const sink = world.bind('udp:127.0.0.1:9000')
    sink.send('hello', { host: '127.0.0.1', port: 53 })
    await world.until(() => sink.datagrams.length === 1)
    expect(got.sort()).toEqual(['from nowhere', 'hello'])
    expect(sink.texts()).toEqual(['HELLO'])
    expect(sink.datagrams[0]?.from.toString()).toBe('udp:127.0.0.1:53')
  })
})

describe('names and addresses', () => {
  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', '0.0.0.0', '', '127.1.2.3'])(
    'reaches the listeners of the program at %j',
    async (host) => {
      const { world } = newWorld()
      await world.listenTCP(8000, echo())
      const client = await world.run(world.connect(`tcp:${host}:8000`))
      client.write('x')
      await world.run(client.received('x'))
      expect(client.text()).toBe('x')
    },
  )

  it.each(['', '0.0.0.0', '127.0.0.1'])('reaches a listener on %j by localhost', async (local) => {
    const { world } = newWorld()
    await world.listenTCP(8000, echo(), { interface: local })
    const client = await world.run(world.connect('tcp:localhost:8000'))
    expect(client.closed).toBe(false)
  })

  it('reaches a listener on 127.0.0.1 from its own machine only', async () => {
    const { world } = newWorld()
    await world.listenTCP(8000, echo(), { interface: '127.0.0.1' })
    const address = `tcp:${world.address}:8000`
    await expect(world.run(world.connect(address, { from: 'outside' }))).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    })
    const port = await world.listenTCP(8001, echo())
    const client = await world.run(world.connect(`tcp:${world.address}:8001`, { from: 'outside' }))
    expect(client.peer.toString()).toBe(`tcp:${world.address}:8001`)
    expect(client.host.toString()).toBe(`tcp:${world.host('outside').address}:49153`)
    expect(port.getHost().toString()).toBe('tcp:0.0.0.0:8001')
  })

  it('takes any name for a machine, whatever its case, with one address', async () => {
    const { world } = newWorld()
    const sink = world.listen('tcp:Carbon:2003')
    const { address } = world.host('carbon')
    expect(sink.getHost().toString()).toBe(`tcp:${address}:2003`)
    await world.run(world.connect('tcp:CARBON:2003'))
    await world.run(world.connect(`tcp:${address}:2003`))
    await world.until(() => sink.connections.length === 2)
  })

  it('takes an address for a machine as well', async () => {
    const { world } = newWorld()
    const sink = world.listen('tcp:192.0.2.7:80')
    const client = await world.run(world.connect('tcp:192.0.2.7:80'))
    expect(client.peer.toString()).toBe('tcp:192.0.2.7:80')
    expect(sink.getHost().toString()).toBe('tcp:192.0.2.7:80')
  })

  it('connects over IPv6', async () => {
    const { world } = newWorld()
    await world.listenTCP(8000, echo(), { interface: '::' })
    const client = await world.run(world.connect('tcp:[::1]:8000'))
    expect(client.peer.toString()).toBe('tcp:[::1]:8000')
    await expect(world.run(world.connect('tcp:127.0.0.1:8000'))).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    })
    const program = new AccumulatingProtocol()
    world.connectTCP('localhost', 8000, clientFactory(program), { family: 6 })
    await world.run(program.whenMade)
  })

  it('refuses an address of the wrong kind', () => {
    const { world } = newWorld()
    const code = 'ERR_SENNIT_INVALID_ADDRESS'
    expect(() => world.listen('udp:a:1')).toThrow(expect.objectContaining({ code }))
    expect(() => world.connect('udp:a:1')).toThrow(expect.objectContaining({ code }))
    expect(() => world.bind('tcp:a:1')).toThrow(expect.objectContaining({ code }))
    expect(() => world.send('tcp:a:1', '')).toThrow(expect.objectContaining({ code }))
    expect(() => world.listen('a:1')).toThrow(expect.objectContaining({ code }))
  })
})

describe('refusal', () => {
  it('comes after the time of one way', async () => {
    const { world } = newWorld({ latency: '1ms' })
    await expect(world.run(world.connect('tcp:carbon:2003'))).rejects.toMatchObject({
      name: 'ConnectionRefusedError',
      code: 'ECONNREFUSED',
      port: 2003,
    })
    expect(world.seconds()).toBeCloseTo(0.001, 9)
  })

  it('comes from a sink that listens no more, while its connections go on', async () => {
    const { world } = newWorld()
    const sink = world.listen('tcp:carbon:2003')
    const client = await world.run(world.connect('tcp:carbon:2003'))
    await world.until(() => sink.connections.length === 1)
    sink.stopListening()
    await expect(world.run(world.connect('tcp:carbon:2003'))).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    client.write('still here')
    await world.run(sink.received('still here'))
    world.listen('tcp:carbon:2003')
  })

  it('does not end the process when nobody waits for it', async () => {
    const { world } = newWorld()
    const connecting = world.connect('tcp:carbon:2003')
    await world.advance('1s')
    await expect(connecting).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })
})

describe('latency', () => {
  it('is a tenth of a millisecond to one for each way, unless told otherwise', async () => {
    const { world } = newWorld()
    world.listen('tcp:a:1')
    for (let i = 1; i <= 20; i++) {
      const before = world.seconds()
      await world.run(world.connect('tcp:a:1'))
      expect(world.seconds() - before).toBeGreaterThan(0.0002)
      expect(world.seconds() - before).toBeLessThan(0.002)
    }
  })

  it('can be given', async () => {
    const { world } = newWorld({ latency: ['1s', '2s'] })
    world.listen('tcp:a:1')
    await world.run(world.connect('tcp:a:1'))
    expect(world.seconds()).toBeGreaterThan(2)
    expect(world.seconds()).toBeLessThan(4)
  })
})

describe('repetition', () => {
  /** Twenty clients and an echo; what happens, and when. */
  async function trace(seed: number) {
    const { world } = newWorld({ seed })
    const events: string[] = []
    const note = (event: string) => events.push(`${world.seconds()} ${event}`)
    class Noting extends Echo {
      override dataReceived(data: Uint8Array) {
        note(`server ${Buffer.from(data).toString()}`)
        super.dataReceived(data)
      }
    }
    await world.listenTCP(8000, Factory.forProtocol(Noting))
    for (let n = 0; n < 20; n++) {
      const client = new DuplexProtocol()
      client.on('data', (data: Buffer) => note(`client ${data.toString()}`))
      client.write(`${n}`, () => world.callLater(world.random(), () => client.end(`end ${n}`)))
      world.connectTCP('127.0.0.1', 8000, clientFactory(client))
    }
    await world.advance('5s')
    return events
  }

  it('gives the same run for the same seed', async () => {
    const one = await trace(7)
    expect(one.length).toBeGreaterThan(70)
    expect(await trace(7)).toEqual(one)
  })

  it('gives another run for another seed', async () => {
    const order = (events: string[]) => events.map((event) => event.replace(/^\S+ /, ''))
    expect(order(await trace(8))).not.toEqual(order(await trace(7)))
  })

  it('gives each machine randomness of its own', () => {
    const draw = ({ random }: { random: () => number }) => [random(), random()]
    const [one, other] = [newWorld().world, newWorld().world]
    expect(draw(one)).toEqual(draw(other))
    expect(draw(one.host('a'))).toEqual(draw(other.host('a')))
    expect(draw(newWorld().world)).not.toEqual(draw(newWorld().world.host('a')))
    expect(draw(newWorld({ seed: 2 }).world)).not.toEqual(draw(newWorld().world))
  })
})

describe('host', () => {
  it('is the reactor of a program on another machine', async () => {
    const { world } = newWorld()
    const server = world.host('server')
    await server.listenTCP(80, echo(), { interface: server.address })
    const client = new AccumulatingProtocol({ onMade: ({ transport }) => transport.write(Buffer.from('hi')) })
    const factory = clientFactory(client)
    world.host('laptop').connectTCP('server', 80, factory)
    await world.until(() => client.data.toString() === 'hi')
    expect((client.transport.getHost() as IHostPort).host).toBe(world.host('laptop').address)
  })

  it('is the same object for the same machine, the world itself for localhost', () => {
    const { world } = newWorld()
    expect(world.host('a')).toBe(world.host('A'))
    expect(world.host('localhost')).toBe(world)
    expect(world.host(world.address)).toBe(world)
    expect(world.host('a').name).toBe('a')
  })

  it('shares the time of the world', async () => {
    const { world } = newWorld()
    let ran = false
    world.host('a').callLater(5, () => {
      ran = true
    })
    expect(world.getDelayedCalls()).toHaveLength(1)
    await world.advance('5s')
    expect(ran).toBe(true)
    expect(world.host('a').seconds()).toBe(5)
  })
})

describe('partition', () => {
  it('holds what TCP sends until it is healed, and loses no byte nor their order', async () => {
    const { world } = newWorld()
    const sink = world.listen('tcp:carbon:2003')
    const client = await world.run(world.connect('tcp:carbon:2003'))
    await world.until(() => sink.connections.length === 1)
    client.write('1')
    world.partition('carbon')
    for (let n = 2; n < 9; n++) {
      client.write(String(n))
      await world.advance('0.3ms')
    }
    await world.advance('1h')
    expect(sink.text()).toBe('')
    world.heal('carbon')
    client.write('9')
    await world.run(sink.received('9'))
    expect(sink.text()).toBe('123456789')
  })

  it('lets an attempt to connect wait', async () => {
    const { world } = newWorld()
    world.listen('tcp:carbon:2003')
    world.partition('carbon')
    const connecting = world.connect('tcp:carbon:2003')
    await world.advance('1h')
    world.heal('carbon')
    const client = await world.run(connecting)
    expect(client.closed).toBe(false)
    expect(world.seconds()).toBeLessThan(3600.01)
  })

  it('loses datagrams', async () => {
    const { world } = newWorld()
    const sink = world.bind('udp:statsd:8125')
    world.partition('statsd')
    world.send('udp:statsd:8125', 'lost')
    await world.advance('1s')
    world.heal('statsd')
    world.send('udp:statsd:8125', 'found')
    await world.advance('1s')
    expect(sink.texts()).toEqual(['found'])
  })

  it('can cut two machines from one another only', async () => {
    const { world } = newWorld()
    const sink = world.listen('tcp:carbon:2003')
    world.partition('carbon', 'a')
    const cut = world.connect('tcp:carbon:2003', { from: 'a' })
    await world.run(world.connect('tcp:carbon:2003', { from: 'b' }))
    await world.advance('1m')
    expect(sink.connections).toHaveLength(1)
    world.heal('a', 'carbon')
    await world.run(cut)
  })

  it('does not cut a machine from itself', async () => {
    const { world } = newWorld()
    await world.listenTCP(8000, echo())
    world.partition('localhost')
    const client = await world.run(world.connect('tcp:localhost:8000'))
    expect(client.closed).toBe(false)
  })
})

describe('reset', () => {
  it('gives both sides a reset', async () => {
    const { world } = newWorld()
    const server = new AccumulatingProtocol()
    const factory = new Factory<AccumulatingProtocol>()
    factory.buildProtocol = () => server
    await world.listenTCP(8000, factory)
    const client = await world.run(world.connect('tcp:127.0.0.1:8000'))
    await world.run(server.whenMade)
    world.reset(client)
    await world.until(() => client.closed && server.closed)
    expect(client.reason).toMatchObject({ name: 'ConnectionLost', code: 'ECONNRESET' })
    expect(server.closedReason).toMatchObject({ name: 'ConnectionLost', code: 'ECONNRESET' })
    world.reset(client)
  })

  it.each(['protocol', 'transport'] as const)('takes the %s of the program', async (what) => {
    const { world } = newWorld()
    const sink = world.listen('tcp:a:1')
    const protocol = new AccumulatingProtocol()
    const factory = clientFactory(protocol)
    world.connectTCP('a', 1, factory)
    await world.run(protocol.whenMade)
    world.reset(what === 'protocol' ? protocol : protocol.transport)
    await world.advance('1s')
    expect([protocol.closed, sink.connections[0]?.closed]).toEqual([true, true])
  })

  it('refuses what is no connection of the world', () => {
    const { world } = newWorld()
    expect(() => world.reset(new DuplexProtocol())).toThrow(TypeError)
  })
})

describe('assertQuiet', () => {
  it('lists the timers, connections, attempts and listeners of the program', async () => {
    const { world } = newWorld()
    world.assertQuiet()
    world.callLater(10, function poll() {})
    await world.listenTCP(8000, echo())
    await world.listenUDP(53, new DatagramProtocol())
    await world.run(world.connect('tcp:127.0.0.1:8000'))
    await world.advance(1 - world.seconds())
    world.connectTCP('carbon', 2003, clientFactory(new Echo()), { timeout: Infinity })
    expect(() => world.assertQuiet()).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_WORLD_NOT_QUIET' }))
    expect(world.pending()).toEqual([
      'DelayedCall(poll, in 9.000 s)',
      'listener tcp:0.0.0.0:8000',
      'port udp:0.0.0.0:53',
      'connection from tcp:127.0.0.1:8000 to tcp:127.0.0.1:49152',
      'attempt to connect to carbon:2003',
    ])
  })

  it('does not count what belongs to the test', async () => {
    const { world } = newWorld()
    world.listen('tcp:a:1')
    world.bind('udp:a:1')
    await world.run(world.connect('tcp:a:1'))
    expect(world.pending()).toEqual([])
    world.assertQuiet()
  })

  it('counts the programs of other hosts', async () => {
    const { world } = newWorld()
    await world.host('a').listenTCP(1, echo())
    expect(world.pending()).toEqual(['listener tcp:0.0.0.0:1'])
  })
})

describe('the time of day', () => {
  it('begins in the year 2000, and goes with the time', async () => {
    const { world } = newWorld()
    await world.advance('1h')
    expect(new Date(world.now() * 1000).toISOString()).toBe('2000-01-01T01:00:00.000Z')
    expect(newWorld({ epoch: 5 }).world.now()).toBe(5)
  })
})

describe('errors of the test', () => {
  it('show the line of the test', async () => {
    const { world } = newWorld()
    const error: unknown = await world.run(new Promise(() => {})).catch((caught: unknown) => caught)
    expect((error as Error).stack!.split('\n')[1]).toContain('memory-world.test.ts')
  })

  it('name what is open when nothing can move', async () => {
    const { world } = newWorld()
    const silent: ISocketHandler = { handleSocket: (socket) => void socket.resume() }
    await world.listenTCP(8000, silent)
    const client = await world.run(world.connect('tcp:127.0.0.1:8000'))
    await expect(world.run(client.received('anything'))).rejects.toMatchObject({
      code: 'ERR_SENNIT_WORLD_STUCK',
      pending: ['listener tcp:0.0.0.0:8000', expect.stringMatching(/^connection from tcp:127.0.0.1:8000/)],
    })
  })
})
