import { createServer as createHTTPServer } from 'node:http'
import { type AddressInfo, connect, createServer, Socket } from 'node:net'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type {
  ConnectionHandler,
  IDrain,
  IInspectable,
  IListeningPort,
  TCPListenOptions,
} from '@sennit/interfaces'
import { handler, UNIXAddress } from '@sennit/protocol'
import { deferLater, systemClock, wallClock } from '@sennit/runtime'
import { descriptorOf, firstReserved } from '../src/descriptors.ts'
import type { NodeReactor } from '../src/index.ts'
import { serveConnections } from '../src/serve-connections.ts'
import { checkedLimits } from '../src/stream-limits.ts'
import { StreamPort } from '../src/stream-port.ts'
import { TCPConnections } from '../src/tcp-transport.ts'
import {
  assertNothingLogged,
  Cleanup,
  type Client,
  HalfRecorder,
  LOCAL,
  logged,
  Recorder,
  RecordingFactory,
  type TestLog,
  turns,
  until,
} from './kit.ts'

vi.mock('../src/descriptors.ts', { spy: true })

describe('StreamPort', () => {
  let cleanup: Cleanup
  let reactor: NodeReactor
  let log: TestLog

  beforeEach(() => {
    cleanup = new Cleanup()
    ;({ reactor, log } = logged())
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await cleanup.run()
    assertNothingLogged(log)
  })

  const listen = (handler_: ConnectionHandler, options: TCPListenOptions = {}) =>
    cleanup.port(reactor.listenTCP(0, handler_, { ...LOCAL, drainTimeout: 0.2, ...options }))
  const facts = (port: IListeningPort) => (port as IListeningPort & IInspectable).describe().facts

  it('PR-05 PR-23 tells the factory of its use, from the bind to the end of the stop', async () => {
    const factory = new RecordingFactory()
    const { port, number } = await listen(factory)
    expect(factory.events).toEqual(['doStart'])
    const client = await cleanup.client(number)
    await until(() => factory.protocols.length === 1)
    client.socket.destroy()
    await until(() => factory.protocol.reason)
    const stopped = port.stopListening()
    expect(stopped).toBeInstanceOf(Promise)
    expect(factory.events).toEqual(['doStart', 'build', 'made', 'lost'])
    await stopped
    expect(factory.events).toEqual(['doStart', 'build', 'made', 'lost', 'doStop'])
  })

  it('PR-23 a second stopListening joins; when it has stopped, nothing is returned', async () => {
    const factory = new RecordingFactory()
    const { port, number } = await listen(factory)
    const first = port.stopListening()
    const second = port.stopListening()
    expect(first).toBeInstanceOf(Promise)
    await second
    expect(factory.events).toEqual(['doStart', 'doStop'])
    await first
    expect(port.stopListening()).toBeUndefined()
    const refused = await cleanup.client(number)
    expect(refused.error?.code).toBe('ECONNREFUSED')
  })

  it('PR-23 the port is free again when the stop has settled', async () => {
    const { port, number } = await listen(new RecordingFactory())
    await port.stopListening()
    const again = await cleanup.port(reactor.listenTCP(number, new RecordingFactory(), LOCAL))
    expect(again.number).toBe(number)
  })

  it('PR-10 buildProtocol that yields nothing closes the connection; the port goes on', async () => {
    const factory = new RecordingFactory()
    factory.build = () => undefined
    const { number, port } = await listen(factory)
    const client = await cleanup.client(number)
    await until(() => client.ended || client.closed)
    expect(facts(port)).toMatchObject({ connections: 0 })
    factory.build = () => new Recorder()
    await cleanup.client(number)
    await until(() => factory.protocols.length === 1)
  })

  it('fault 35: buildProtocol that throws is logged and closes the connection; the port goes on', async () => {
    const factory = new RecordingFactory()
    factory.build = () => {
      throw new Error('broken')
    }
    const { number } = await listen(factory)
    const client = await cleanup.client(number)
    await until(() => client.ended || client.closed)
    expect(log.take()).toEqual(['error: buildProtocol threw; the connection is closed'])
    factory.build = () => new Recorder()
    await cleanup.client(number)
    await until(() => factory.protocols.length === 1)
  })

  it('PR-10 fault 35: a connection that no protocol is built for counts as refused', async () => {
    const factory = new RecordingFactory()
    const { port, number } = await listen(factory)
    factory.build = () => undefined
    const nothing = await cleanup.client(number)
    await until(() => nothing.ended || nothing.closed)
    expect(facts(port)).toMatchObject({ connections: 0, accepted: 0, refused: 1 })
    factory.build = () => {
      throw new Error('broken')
    }
    const thrown = await cleanup.client(number)
    await until(() => thrown.ended || thrown.closed)
    expect(log.take()).toEqual(['error: buildProtocol threw; the connection is closed'])
    expect(facts(port)).toMatchObject({ connections: 0, accepted: 0, refused: 2 })
  })

  it('a held port keeps connections waiting until serve(), in order, with what they sent', async () => {
    const factory = new RecordingFactory()
    const { port, number } = await listen(factory, { held: true })
    const first = await cleanup.client(number)
    first.socket.write('first')
    const second = await cleanup.client(number)
    second.socket.end('second')
    await turns(50)
    expect(factory.protocols).toEqual([])
    expect(facts(port)).toMatchObject({ waiting: 2, connections: 0, accepted: 0 })
    port.serve()
    port.serve()
    expect(factory.protocols).toEqual([])
    const third = await cleanup.client(number)
    third.socket.write('third')
    await until(() => factory.protocols.length === 3 && factory.protocols.every(({ text }) => text !== ''))
    expect(factory.protocols.map(({ text }) => text)).toEqual(['first', 'second', 'third'])
    expect(facts(port)).toMatchObject({ waiting: 0, accepted: 3 })
    await until(() => factory.protocols[1]!.reason)
  })

  it('a held port closes what waits beyond its limit, and counts it', async () => {
    const factory = new RecordingFactory()
    const { port, number } = await listen(factory, { held: true, maxConnections: 2 })
    const clients: Client[] = []
    for (let i = 0; i < 5; i++) clients.push(await cleanup.client(number))
    await until(() => clients.filter((client) => client.ended || client.closed).length === 3)
    expect(facts(port)).toMatchObject({ waiting: 2, refused: 3 })
    port.serve()
    await until(() => factory.protocols.length === 2)
  })

  it('a held port forgets what goes before serve(), and survives a reset of it', async () => {
    const factory = new RecordingFactory()
    const { port, number } = await listen(factory, { held: true })
    const client = await cleanup.client(number)
    await until(() => facts(port)['waiting'] === 1)
    client.socket.resetAndDestroy()
    await until(() => facts(port)['waiting'] === 0)
    port.serve()
    await turns()
    expect(factory.protocols).toEqual([])
  })

  it('a held port that stops closes what waits; the factory never sees it', async () => {
    const factory = new RecordingFactory()
    const { port, number } = await listen(factory, { held: true })
    const client = await cleanup.client(number)
    await until(() => facts(port)['waiting'] === 1)
    await port.stopListening()
    await until(() => client.ended || client.closed)
    port.serve()
    await turns()
    expect(factory.events).toEqual(['doStart', 'doStop'])
  })

  it('a held port serves untouched sockets and streams as well', async () => {
    const stream = await listen(
      handler(async (socket) => {
        for await (const chunk of socket) socket.write(chunk)
      }),
      { held: true },
    )
    const client = await cleanup.client(stream.number)
    client.socket.end('echo')
    await turns(50)
    stream.port.serve()
    await until(() => client.text === 'echo' && client.ended)
    expect(facts(stream.port)).toMatchObject({ accepted: 1 })
  })

  describe('a peer that ended, and sent nothing, while the port was held', () => {
    async function ended(handler_: ConnectionHandler): Promise<{ port: IListeningPort; client: Client }> {
      const { port, number } = await listen(handler_, { held: true, drainTimeout: '5s' })
      const client = await cleanup.client(number)
      client.socket.end()
      await deferLater(systemClock, 0.1)
      expect(facts(port)).toMatchObject({ waiting: 1 })
      port.serve()
      return { port, client }
    }

    it('is told to a protocol as its loss, once', async () => {
      const factory = new RecordingFactory()
      const { port, client } = await ended(factory)
      await until(() => client.closed && factory.protocols[0]?.reason)
      await turns()
      expect(factory.protocol.events).toEqual(['made', 'lost'])
      expect(factory.protocol.reason).toMatchObject({ name: 'ConnectionDone' })
      expect(facts(port)).toMatchObject({ connections: 0, accepted: 1 })
    })

    it('is told to a protocol that handles the two directions apart, which can still answer', async () => {
      const factory = new RecordingFactory(() => new HalfRecorder())
      factory.prepare = (protocol) => {
        protocol.onReadLost = () => {
          protocol.transport.write(Buffer.from('bye'))
          protocol.transport.loseConnection()
        }
      }
      const { client } = await ended(factory)
      await until(() => client.closed && factory.protocols[0]?.reason)
      expect(factory.protocol.events).toEqual(['made', 'read lost', 'lost'])
      expect(client.text).toBe('bye')
    })

    it.each(['loseConnection', 'abortConnection'] as const)(
      'does no harm to a protocol that calls %s at once',
      async (method) => {
        const factory = new RecordingFactory()
        factory.prepare = (protocol) => (protocol.onMade = () => protocol.transport[method]())
        const { client } = await ended(factory)
        await until(() => client.closed && factory.protocols[0]?.reason)
        await turns()
        expect(factory.protocol.events).toEqual(['made', 'lost'])
      },
    )

    it('ends the loop of a stream handler', async () => {
      const { port, client } = await ended(
        handler(async (stream) => {
          for await (const chunk of stream) stream.write(chunk)
          stream.write('bye')
        }),
      )
      await until(() => client.closed && facts(port)['connections'] === 0)
      expect(client.text).toBe('bye')
      expect(facts(port)).toMatchObject({ accepted: 1 })
    })

    it('is an event for a stream handler', async () => {
      const { port, client } = await ended(handler(async (stream) => void (await once(stream, 'end'))))
      await until(() => client.closed && facts(port)['connections'] === 0)
      expect(facts(port)).toMatchObject({ accepted: 1 })
    })

    it('is an event for a socket handler, once', async () => {
      const events: string[] = []
      const { port, client } = await ended({
        handleSocket(socket) {
          socket.on('data', () => events.push('data'))
          socket.on('end', () => {
            events.push('end')
            socket.end()
          })
          socket.on('close', () => events.push('close'))
        },
      })
      await until(() => client.closed && facts(port)['connections'] === 0)
      expect(events).toEqual(['end', 'close'])
    })

    it('is closed by an existing server', async () => {
      const server = createHTTPServer()
      const { port, client } = await ended({
        handleSocket: (socket) => void server.emit('connection', socket),
      })
      await until(() => client.closed && facts(port)['connections'] === 0)
      expect(facts(port)).toMatchObject({ accepted: 1 })
    })
  })

  it('fault 10: what is above maxConnections is closed at once, and counted', async () => {
    const factory = new RecordingFactory()
    const { port, number } = await listen(factory, { maxConnections: 10 })
    const clients = await Promise.all(Array.from({ length: 100 }, () => cleanup.client(number)))
    await until(() => clients.filter((client) => client.ended || client.closed).length === 90)
    expect(facts(port)).toMatchObject({ connections: 10, accepted: 10, refused: 90 })
    expect(factory.protocols).toHaveLength(10)
    for (const client of clients) client.socket.destroy()
    await until(() => facts(port)['connections'] === 0)
    await cleanup.client(number)
    await until(() => factory.protocols.length === 11)
  })

  it('fault 11: what would take the last descriptors is closed, counted, and logged', async () => {
    vi.mocked(firstReserved).mockReturnValueOnce(0)
    const factory = new RecordingFactory()
    const { port, number } = await listen(factory)
    const clients = await Promise.all(Array.from({ length: 5 }, () => cleanup.client(number)))
    await until(() => clients.every((client) => client.ended || client.closed))
    expect(facts(port)).toMatchObject({ connections: 0, refused: 5 })
    expect(factory.protocols).toEqual([])
    expect(log.take()).toEqual(['warn: Connections are refused: too many files are open'])
    vi.mocked(descriptorOf).mockReturnValueOnce(-1)
    await cleanup.client(number)
    await until(() => factory.protocols.length === 1)
  })

  it('stopping tells protocols that want to know, and waits for them', async () => {
    class Polite extends Recorder {
      stopRequested(): void {
        this.note('stop requested')
        this.transport.write(Buffer.from('bye'))
        this.transport.loseConnection()
      }
    }
    const factory = new RecordingFactory(() => new Polite())
    const { port, number } = await listen(factory, { drainTimeout: '5s' })
    const client = await cleanup.client(number)
    client.socket.on('end', () => client.socket.end())
    await until(() => factory.protocols.length === 1)
    await port.stopListening()
    expect(client.text).toBe('bye')
    expect(factory.events).toEqual(['doStart', 'build', 'made', 'stop requested', 'lost', 'doStop'])
  })

  it('fault 35: a stopRequested that throws is logged, and closes its connection', async () => {
    const factory = new RecordingFactory()
    factory.prepare = (protocol) =>
      Object.assign(protocol, {
        stopRequested() {
          throw new Error('broken')
        },
      })
    const { port, number } = await listen(factory, { drainTimeout: '5s' })
    await cleanup.client(number)
    await until(() => factory.protocols.length === 1)
    await port.stopListening()
    expect(log.take()).toEqual(['error: stopRequested threw; its connection is closed'])
  })

  it('stopping aborts what is left after the drainTimeout', async () => {
    const factory = new RecordingFactory()
    const { port, number } = await listen(factory, { drainTimeout: '50ms' })
    const client = await cleanup.client(number)
    await until(() => factory.protocols.length === 1)
    const start = reactor.seconds()
    await port.stopListening()
    expect(reactor.seconds() - start).toBeGreaterThanOrEqual(0.05)
    expect(factory.protocol.reason?.name).toBe('ConnectionAborted')
    expect(factory.events.at(-1)).toBe('doStop')
    await until(() => client.error?.code === 'ECONNRESET')
    expect(log.take()).toEqual(['warn: Connections were aborted at the end of a drain'])
  })

  it('without drain, stopping leaves live connections alone', async () => {
    const factory = new RecordingFactory()
    const { port, number } = await listen(factory, { drain: false })
    const client = await cleanup.client(number)
    await until(() => factory.protocols.length === 1)
    await port.stopListening()
    expect(factory.events).toEqual(['doStart', 'build', 'made', 'doStop'])
    client.socket.write('still here')
    await until(() => factory.protocol.text === 'still here')
    factory.protocol.transport.abortConnection()
    await until(() => factory.protocol.reason)
  })

  it.each([true, false])('PR-23 the stop settles in a later turn (drain: %s)', async (drain) => {
    const { port } = await listen(new RecordingFactory(), { drain })
    let settled = false
    void Promise.resolve(port.stopListening()).then(() => (settled = true))
    for (let i = 0; i < 20; i++) await Promise.resolve()
    expect(settled).toBe(false)
    await until(() => settled)
  })

  it('stopListening may be called from inside connectionMade, whose connection is then drained', async () => {
    const factory = new RecordingFactory()
    const { port, number } = await listen(factory, { drainTimeout: '5s' })
    let stopped: unknown
    factory.prepare = (protocol) => {
      protocol.onMade = () => {
        stopped = port.stopListening()
      }
    }
    const client = await cleanup.client(number)
    await until(() => factory.protocols.length === 1)
    client.socket.write('one last thing')
    await until(() => factory.protocol.text === 'one last thing')
    client.socket.end()
    await stopped
    expect(factory.protocol.reason?.name).toBe('ConnectionDone')
  })

  it('fault 40: what the system has accepted when the port stops is served, not reset', async () => {
    const factory = new RecordingFactory()
    factory.prepare = (protocol) => {
      protocol.onData = () => {
        protocol.transport.write(Buffer.from('served'))
        protocol.transport.loseConnection()
      }
    }
    const { port, number } = await listen(factory, { drainTimeout: '5s' })
    const sockets = Array.from({ length: 300 }, () => connect({ port: number, host: '127.0.0.1' }))
    let served = 0
    let reset = 0
    for (const socket of sockets) {
      cleanup.add(() => socket.destroy())
      socket.on('error', () => reset++)
      socket.on('data', () => served++)
      socket.write('hello')
    }
    await port.stopListening()
    await until(() => served + reset >= 300)
    expect({ served, reset }).toEqual({ served: 300, reset: 0 })
  })

  it('RX-35 fault 7: a reset is a ConnectionLost with Node’s code, and ends nothing else', async () => {
    const factory = new RecordingFactory()
    const { number } = await listen(factory)
    const client = await cleanup.client(number)
    await until(() => factory.protocols.length === 1)
    client.socket.resetAndDestroy()
    await until(() => factory.protocol.reason)
    expect(factory.protocol.reason).toMatchObject({
      name: 'ConnectionLost',
      code: 'ECONNRESET',
      syscall: 'read',
    })
  })

  it('fault 9: a connection on which nothing comes or goes for the idleTimeout is closed', async () => {
    const factory = new RecordingFactory()
    const { number } = await listen(factory, { idleTimeout: '200ms' })
    const [idle, busy] = [await cleanup.client(number), await cleanup.client(number)]
    await until(() => factory.protocols.length === 2)
    const start = reactor.seconds()
    const ticks = setInterval(() => busy.socket.write('.'), 20)
    cleanup.add(() => clearInterval(ticks))
    await until(() => idle.ended || idle.closed)
    const took = reactor.seconds() - start
    expect(took).toBeGreaterThan(0.15)
    expect(took).toBeLessThan(2)
    await until(() => factory.protocols[0]!.reason)
    expect(factory.protocols[0]!.reason).toMatchObject({ name: 'ConnectionLost', code: 'ERR_SENNIT_IDLE' })
    expect(factory.protocols[1]!.reason).toBeUndefined()
  })

  it('fault 9: an idle connection whose peer does not read is reset', async () => {
    const reset = vi.spyOn(Socket.prototype, 'resetAndDestroy')
    const factory = new RecordingFactory()
    factory.prepare = (protocol) => {
      protocol.onMade = () => protocol.transport.write(Buffer.alloc(16 * 1024 * 1024))
    }
    const { number } = await listen(factory, { idleTimeout: '100ms' })
    const client = await cleanup.client(number)
    client.socket.pause()
    await until(() => factory.protocols[0]?.reason)
    expect(factory.protocol.reason?.code).toBe('ERR_SENNIT_IDLE')
    expect(reset).toHaveBeenCalledTimes(1)
  })

  it('fault 34: a stall of the loop does not count as silence', async () => {
    const factory = new RecordingFactory()
    const { number } = await listen(factory, { idleTimeout: '200ms' })
    const client = await cleanup.client(number)
    await until(() => factory.protocols.length === 1)
    const ticks = setInterval(() => client.socket.write('.'), 20)
    cleanup.add(() => clearInterval(ticks))
    for (let i = 0; i < 3; i++) {
      const before = factory.protocol.chunks.length
      client.socket.write('.')
      const end = reactor.seconds() + 0.5
      while (reactor.seconds() < end);
      await until(() => factory.protocol.chunks.length > before)
      expect(factory.protocol.reason).toBeUndefined()
    }
  })

  it('describes itself', async () => {
    const before = wallClock.now()
    const { port, number } = await listen(new RecordingFactory(), { held: true })
    const inspectable = port as IListeningPort & IInspectable
    expect(inspectable.describe()).toEqual({
      kind: 'TCPPort',
      name: undefined,
      state: 'held',
      since: expect.any(Number) as number,
      error: undefined,
      facts: {
        address: `tcp:127.0.0.1:${number}`,
        connections: 0,
        accepted: 0,
        refused: 0,
        waiting: 0,
        bytesRead: 0,
        bytesWritten: 0,
      },
      children: [],
    })
    expect(inspectable.describe().since).toBeGreaterThanOrEqual(before - 1)
    port.serve()
    expect(inspectable.describe().state).toBe('serving')
    const stopped = port.stopListening()
    expect(inspectable.describe().state).toBe('stopping')
    await stopped
    expect(inspectable.describe().state).toBe('stopped')
  })

  it('the reactor describes the ports that are open', async () => {
    const { port } = await listen(new RecordingFactory())
    expect(reactor.describe().children).toMatchObject([{ kind: 'TCPPort' }])
    await port.stopListening()
    expect(reactor.describe().children).toEqual([])
  })

  it('a handler that drains is asked to, with the timeout', async () => {
    const drains: number[] = []
    const handler_: ConnectionHandler & IDrain = {
      handleSocket: (socket) => socket.end(),
      drain: (timeout) => void drains.push(timeout),
    }
    const { port } = await listen(handler_, { drainTimeout: '3s' })
    await port.stopListening()
    expect(drains).toEqual([3])
  })

  it('PR-15 half-closes work from end to end', async () => {
    const factory = new RecordingFactory(() => new HalfRecorder())
    const { number } = await listen(factory)
    const clients = new RecordingFactory(() => new HalfRecorder())
    reactor.connectTCP('127.0.0.1', number, clients)
    await until(() => factory.protocols.length === 1 && clients.protocols.length === 1)
    clients.protocol.transport.loseWriteConnection()
    await until(() => factory.protocol.events.includes('read lost'))
    factory.protocol.transport.write(Buffer.from('reply'))
    factory.protocol.transport.loseConnection()
    await until(() => clients.protocol.reason && factory.protocol.reason)
    expect(clients.protocol.text).toBe('reply')
    expect(clients.protocol.events).toEqual(['made', 'write lost', 'data', 'read lost', 'lost'])
    expect(factory.protocol.events).toEqual(['made', 'read lost', 'lost'])
  })

  it('PR-25 an error of accepting is logged, and the port goes on', async () => {
    const factory = new RecordingFactory()
    const server = createServer()
    const port = new StreamPort({
      kind: 'TestPort',
      server,
      host: new UNIXAddress('/run/x'),
      handler: factory,
      serving: (options) => serveConnections(factory, new TCPConnections(), options),
      limits: checkedLimits({}),
      surroundings: { clock: reactor, log, closed() {} },
    })
    cleanup.add(() => port.stopListening())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    server.emit('error', Object.assign(new Error('accept EMFILE'), { code: 'EMFILE', syscall: 'accept' }))
    expect(log.take()).toEqual(['error: A port could not accept a connection'])
    expect(port.describe()).toMatchObject({ kind: 'TestPort', state: 'serving', error: 'accept EMFILE' })
    await cleanup.client((server.address() as AddressInfo).port)
    await until(() => factory.protocols.length === 1)
  })
})
