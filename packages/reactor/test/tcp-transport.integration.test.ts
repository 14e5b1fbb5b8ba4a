import { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { IListeningPort, TCPListenOptions } from '@sennit/interfaces'
import { BytesError, IPv4Address, ProducerRegisteredError } from '@sennit/protocol'
import { Clock } from '@sennit/runtime'
import type { NodeReactor, TCPTransport } from '../src/index.ts'
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

const MARK = 64 * 1024

describe('TCPTransport', () => {
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

  /** A server with one connection, from a plain socket. */
  async function served<P extends Recorder = Recorder>(
    build: () => P = () => new Recorder() as P,
    prepare: (protocol: P) => void = () => {},
    options: TCPListenOptions = {},
  ): Promise<{ protocol: P; client: Client; port: IListeningPort; transport: TCPTransport }> {
    const factory = new RecordingFactory<P>(build)
    factory.prepare = prepare
    const { port, number } = await cleanup.port(
      reactor.listenTCP(0, factory, { ...LOCAL, drain: false, ...options }),
    )
    const client = await cleanup.client(number)
    await until(() => factory.protocols.length === 1)
    const { protocol } = factory
    return { protocol, client, port, transport: protocol.transport as TCPTransport }
  }

  it('PR-01 PR-02 makes the connection, delivers chunks, tells the loss once, and nothing after it', async () => {
    const { protocol, client } = await served()
    client.socket.write('hello')
    await until(() => protocol.text === 'hello')
    client.socket.end()
    await until(() => protocol.reason)
    await turns()
    expect(protocol.events).toEqual(['made', 'data', 'lost'])
    expect(protocol.reason).toMatchObject({ name: 'ConnectionDone', code: 'ERR_SENNIT_CONNECTION_DONE' })
  })

  it('the chunk is the protocol’s to keep', async () => {
    const { protocol, client } = await served()
    for (const text of ['one', 'two', 'three']) {
      const before = protocol.chunks.length
      client.socket.write(text)
      await until(() => protocol.chunks.length > before)
    }
    expect(protocol.chunks.map(String)).toEqual(['one', 'two', 'three'])
  })

  it('PR-12 writes bytes of every kind, in order', async () => {
    const { client, transport } = await served()
    transport.write(Buffer.from('a'))
    transport.write(new Uint8Array([98]))
    transport.write(new Uint8Array([120, 99, 120]).subarray(1, 2))
    transport.write(new Uint8Array())
    transport.writeSequence(new Set([Buffer.from('d'), Buffer.from('e')]))
    await until(() => client.length >= 5)
    expect(client.text).toBe('abcde')
  })

  it.each(['text', 1, null, undefined, [1], new ArrayBuffer(1), new Uint16Array(1)])(
    'PR-12 refuses to write what is no bytes, case %#',
    async (data) => {
      const { client, transport } = await served()
      expect(() => transport.write(data as never)).toThrow(BytesError)
      expect(() => transport.writeSequence([Buffer.from('x'), data as never])).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_BYTES' }),
      )
      transport.write(Buffer.from('.'))
      await until(() => client.text !== '')
      expect(client.text).toBe('.')
    },
  )

  it('PR-12 ignores writes after the end', async () => {
    const { protocol, client, transport } = await served()
    transport.write(Buffer.from('before'))
    transport.loseConnection()
    transport.write(Buffer.from('after'))
    transport.writeSequence([Buffer.from('after')])
    await until(() => client.ended)
    client.socket.end()
    await until(() => protocol.reason)
    transport.write(Buffer.from('long after'))
    await turns()
    expect(client.text).toBe('before')
  })

  it('PR-13 loseConnection sends what is buffered, then closes', async () => {
    const { protocol, client, transport } = await served()
    client.socket.pause()
    const size = 16 * 1024 * 1024
    transport.write(Buffer.alloc(size, 'x'))
    transport.loseConnection()
    transport.loseConnection()
    await turns()
    expect(protocol.reason).toBeUndefined()
    client.socket.resume()
    await until(() => client.ended)
    expect(client.length).toBe(size)
    client.socket.end()
    await until(() => protocol.reason)
    expect(protocol.reason?.name).toBe('ConnectionDone')
    expect(client.error).toBeUndefined()
  })

  it('PR-13 loseConnection stops receiving, and drops what still comes', async () => {
    const { protocol, client, transport } = await served()
    protocol.onData = () => transport.loseConnection()
    client.socket.write('first')
    await until(() => protocol.text === 'first')
    client.socket.write('second')
    await until(() => client.ended)
    client.socket.end('third')
    await until(() => protocol.reason)
    expect(protocol.text).toBe('first')
    expect(protocol.reason?.name).toBe('ConnectionDone')
  })

  it('PR-13 what was sent last is not destroyed by what comes unread', async () => {
    const { protocol, client, transport } = await served()
    transport.pauseProducing()
    client.socket.pause()
    client.socket.write(Buffer.alloc(300_000))
    await until(() => client.socket.writableLength === 0 || client.socket.bytesWritten >= 300_000)
    transport.write(Buffer.alloc(200_000, 'y'))
    transport.loseConnection()
    await turns(50)
    client.socket.resume()
    await until(() => client.ended)
    expect(client.length).toBe(200_000)
    expect(client.error).toBeUndefined()
    client.socket.end()
    await until(() => protocol.reason)
  })

  it('PR-13 a peer that does not close is waited for only a moment', async () => {
    const { protocol, client, transport } = await served()
    const start = reactor.seconds()
    transport.loseConnection()
    await until(() => protocol.reason)
    const took = reactor.seconds() - start
    expect(took).toBeGreaterThan(0.9)
    expect(took).toBeLessThan(4)
    expect(protocol.reason?.name).toBe('ConnectionDone')
    expect(client.ended).toBe(true)
  })

  it('PR-13 what a paused protocol has not read does not delay the end', async () => {
    const clock = new Clock()
    const { protocol, client, transport } = await served(undefined, undefined, { context: { clock } })
    transport.pauseProducing()
    client.socket.on('end', () => client.socket.end('more'))
    client.socket.write('unread')
    await turns()
    transport.loseConnection()
    await until(() => protocol.reason)
    expect(protocol.reason?.name).toBe('ConnectionDone')
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('PR-13 a reset that comes after all was sent is no loss', async () => {
    const { protocol, client, transport } = await served()
    transport.write(Buffer.from('all'))
    transport.loseConnection()
    await until(() => client.ended)
    await turns()
    client.socket.resetAndDestroy()
    await until(() => protocol.reason)
    expect(client.text).toBe('all')
    expect(protocol.reason?.name).toBe('ConnectionDone')
  })

  it('PR-13 with a producer, loseConnection waits until it is unregistered; its writes are sent', async () => {
    const { protocol, client, transport } = await served()
    transport.registerProducer({ pauseProducing() {}, resumeProducing() {}, stopProducing() {} }, true)
    transport.write(Buffer.from('a'))
    transport.loseConnection()
    transport.write(Buffer.from('b'))
    await until(() => client.text === 'ab')
    await turns()
    expect(client.ended).toBe(false)
    transport.unregisterProducer()
    transport.write(Buffer.from('c'))
    await until(() => client.ended)
    expect(client.text).toBe('ab')
    client.socket.end()
    await until(() => protocol.reason)
  })

  it('PR-14 abortConnection drops what is buffered and resets; the loss is told in a later turn', async () => {
    const { protocol, client, transport } = await served()
    client.socket.pause()
    transport.write(Buffer.alloc(8 * 1024 * 1024))
    transport.abortConnection()
    transport.abortConnection()
    expect(protocol.reason).toBeUndefined()
    await Promise.resolve()
    expect(protocol.reason).toBeUndefined()
    await until(() => protocol.reason)
    expect(protocol.reason).toMatchObject({
      name: 'ConnectionAborted',
      code: 'ERR_SENNIT_CONNECTION_ABORTED',
    })
    client.socket.resume()
    await until(() => client.closed || client.ended)
    expect(client.length).toBeLessThan(8 * 1024 * 1024)
    expect(protocol.events).toEqual(['made', 'lost'])
  })

  it('PR-14 the peer of an aborted connection sees ConnectionLost', async () => {
    const factory = new RecordingFactory()
    const { number } = await cleanup.port(reactor.listenTCP(0, factory, { ...LOCAL, drain: false }))
    const clients = new RecordingFactory()
    reactor.connectTCP('127.0.0.1', number, clients)
    await until(() => factory.protocols.length === 1 && clients.protocols.length === 1)
    factory.protocol.transport.abortConnection()
    await until(() => clients.protocol.reason)
    expect(clients.protocol.reason).toMatchObject({ name: 'ConnectionLost', code: 'ECONNRESET' })
  })

  it('PR-14 the reason that is given is the reason of the loss', async () => {
    const { protocol, transport } = await served()
    const reason = new Error('enough')
    transport.abortConnection(reason)
    await until(() => protocol.reason)
    expect(protocol.reason).toBe(reason)
  })

  it('PR-14 no data is delivered after abortConnection', async () => {
    const { protocol, client, transport } = await served()
    client.socket.write('x')
    protocol.onData = () => transport.abortConnection()
    await until(() => protocol.reason)
    expect(protocol.events).toEqual(['made', 'data', 'lost'])
  })

  it.each([
    ['loseConnection', (transport: TCPTransport) => transport.loseConnection()],
    ['loseWriteConnection', (transport: TCPTransport) => transport.loseWriteConnection()],
  ])('PR-14 abortConnection works after %s', async (_, end) => {
    for (const wait of [0, 1, 20]) {
      const { protocol, client, transport } = await served()
      end(transport)
      await turns(wait)
      transport.abortConnection()
      await until(() => protocol.reason)
      expect(protocol.reason?.name).toBe('ConnectionAborted')
      client.socket.end()
      await until(() => client.closed)
    }
  })

  it('PR-15 loseWriteConnection sends what is buffered and ends this direction; the other goes on', async () => {
    const { protocol, client, transport } = await served(() => new HalfRecorder())
    transport.write(Buffer.from('bye'))
    transport.loseWriteConnection()
    transport.loseWriteConnection()
    transport.write(Buffer.from('ignored'))
    await until(() => client.ended && protocol.events.includes('write lost'))
    expect(client.text).toBe('bye')
    client.socket.write('still here')
    await until(() => protocol.text === 'still here')
    client.socket.end()
    await until(() => protocol.reason)
    expect(protocol.events).toEqual(['made', 'write lost', 'data', 'read lost', 'lost'])
    expect(protocol.reason?.name).toBe('ConnectionDone')
  })

  it('PR-15 a protocol that handles the directions apart is told when the peer has ended, and may go on writing', async () => {
    const { protocol, client, transport } = await served(() => new HalfRecorder())
    client.socket.end('request')
    await until(() => protocol.events.includes('read lost'))
    await turns()
    expect(protocol.reason).toBeUndefined()
    transport.write(Buffer.from('reply'))
    await until(() => client.text === 'reply')
    transport.loseConnection()
    await until(() => protocol.reason)
    expect(protocol.events).toEqual(['made', 'data', 'read lost', 'lost'])
    expect(protocol.reason?.name).toBe('ConnectionDone')
  })

  it('PR-15 another protocol loses the connection when the peer has ended; what is buffered is still sent', async () => {
    const { protocol, client, transport } = await served()
    protocol.onData = () => transport.write(Buffer.alloc(4 * 1024 * 1024))
    client.socket.pause()
    client.socket.end('x')
    await turns(50)
    client.socket.resume()
    await until(() => client.closed && protocol.reason)
    expect(client.length).toBe(4 * 1024 * 1024)
    expect(protocol.reason?.name).toBe('ConnectionDone')
  })

  it('PR-15 with a producer, loseWriteConnection waits until it is unregistered', async () => {
    const { protocol, client, transport } = await served(() => new HalfRecorder())
    transport.registerProducer({ pauseProducing() {}, resumeProducing() {}, stopProducing() {} }, true)
    transport.loseWriteConnection()
    transport.write(Buffer.from('more'))
    await until(() => client.text === 'more')
    await turns()
    expect(client.ended).toBe(false)
    transport.unregisterProducer()
    await until(() => client.ended && protocol.events.includes('write lost'))
  })

  it.each(['readConnectionLost', 'writeConnectionLost'] as const)(
    'PR-16 an error of %s is logged, and is the reason of the loss',
    async (hook) => {
      const { protocol, client, transport } = await served(() => new HalfRecorder())
      const error = new Error('broken hook')
      protocol[hook] = () => {
        throw error
      }
      if (hook === 'readConnectionLost') client.socket.end()
      else transport.loseWriteConnection()
      await until(() => protocol.reason)
      expect(protocol.reason).toBe(error)
      expect(log.take()).toEqual([`error: ${hook} threw; its connection is closed`])
    },
  )

  it('PR-17 RX-35 fault 35: an error of dataReceived is logged, is the reason of the loss, and leaves others alone', async () => {
    const error = new Error('broken protocol')
    const factory = new RecordingFactory()
    const { number } = await cleanup.port(reactor.listenTCP(0, factory, { ...LOCAL, drain: false }))
    const [a, b] = [await cleanup.client(number), await cleanup.client(number)]
    await until(() => factory.protocols.length === 2)
    const [first, second] = factory.protocols as [Recorder, Recorder]
    first.onData = () => {
      throw error
    }
    a.socket.write('x')
    await until(() => first.reason && a.closed)
    expect(first.reason).toBe(error)
    expect(first.events).toEqual(['made', 'data', 'lost'])
    expect(log.entries).toEqual([
      { level: 'error', err: error, message: 'dataReceived threw; its connection is closed' },
    ])
    log.take()
    b.socket.write('y')
    await until(() => second.text === 'y')
  })

  it.each([
    ['makeConnection', 'onMade'],
    ['connectionLost', 'onLost'],
  ] as const)('fault 35: an error of %s is logged', async (hook, field) => {
    const { protocol, client } = await served(
      () => new Recorder(),
      (made) => {
        made[field] = () => {
          throw new Error('broken')
        }
      },
    )
    client.socket.end()
    await until(() => protocol.reason && client.closed)
    expect(log.take()).toEqual([
      hook === 'connectionLost'
        ? 'error: connectionLost threw'
        : 'error: makeConnection threw; its connection is closed',
    ])
  })

  it('what is thrown that is no error becomes one', async () => {
    const { protocol, client } = await served()
    protocol.onData = () => {
      throw 'text' as unknown as Error
    }
    client.socket.write('x')
    await until(() => protocol.reason)
    expect(protocol.reason).toBeInstanceOf(Error)
    expect(protocol.reason?.cause).toBe('text')
    log.take()
  })

  class Producer {
    readonly calls: string[] = []
    onResume: (() => void) | undefined
    pauseProducing(): void {
      this.calls.push('pause')
    }
    resumeProducing(): void {
      this.calls.push('resume')
      this.onResume?.()
    }
    stopProducing(): void {
      this.calls.push('stop')
    }
  }

  it('PR-18 a second producer is refused', async () => {
    const { transport } = await served()
    const producer = new Producer()
    transport.registerProducer(producer, true)
    expect(() => transport.registerProducer(new Producer(), true)).toThrow(ProducerRegisteredError)
    transport.unregisterProducer()
    transport.unregisterProducer()
    transport.registerProducer(new Producer(), false)
    expect(producer.calls).toEqual([])
  })

  it('PR-18 a producer for a connection that is gone is stopped at once', async () => {
    const { protocol, transport } = await served()
    transport.abortConnection()
    await until(() => protocol.reason)
    const producer = new Producer()
    transport.registerProducer(producer, true)
    expect(producer.calls).toEqual(['stop'])
  })

  it('PR-19 fault 8: a push producer is paused above 64 KiB and resumed when the buffer is empty', async () => {
    const { client, transport } = await served()
    const producer = new Producer()
    client.socket.pause()
    transport.registerProducer(producer, true)
    let written = 0
    while (producer.calls.length === 0) {
      transport.write(Buffer.alloc(8192))
      written += 8192
      expect(written).toBeLessThan(32 * 1024 * 1024)
      if (written % (256 * 1024) === 0) await turns(1)
    }
    expect(producer.calls).toEqual(['pause'])
    transport.write(Buffer.alloc(1))
    await turns()
    expect(producer.calls).toEqual(['pause'])
    client.socket.resume()
    await until(() => producer.calls.length > 1)
    expect(producer.calls).toEqual(['pause', 'resume'])
    transport.write(Buffer.alloc(1))
    await until(() => client.length === written + 2)
    expect(producer.calls).toEqual(['pause', 'resume'])
  })

  it('PR-19 a push producer is not paused at 64 KiB, nor resumed without a pause', async () => {
    const { client, transport } = await served()
    const producer = new Producer()
    transport.registerProducer(producer, true)
    transport.write(Buffer.alloc(MARK))
    await until(() => client.length === MARK)
    await turns()
    expect(producer.calls).toEqual([])
  })

  it('PR-19 a push producer that comes to a full buffer is paused at once', async () => {
    const { client, transport } = await served()
    client.socket.pause()
    transport.write(Buffer.alloc(8 * 1024 * 1024))
    const producer = new Producer()
    transport.registerProducer(producer, true)
    expect(producer.calls).toEqual(['pause'])
  })

  it('PR-19 a pull producer is asked at once, and again each time the buffer is empty', async () => {
    const { client, transport } = await served()
    const producer = new Producer()
    let left = 5
    producer.onResume = () => {
      if (left === 0) return transport.unregisterProducer()
      left--
      transport.write(Buffer.alloc(1000))
      transport.write(Buffer.alloc(1000))
    }
    transport.registerProducer(producer, false)
    expect(producer.calls).toEqual(['resume'])
    await until(() => left === 0 && client.length === 10_000)
    await turns()
    expect(producer.calls).toEqual(Array.from({ length: 6 }, () => 'resume'))
  })

  it('PR-19 a pull producer is not asked while something is buffered', async () => {
    const { client, transport } = await served()
    const producer = new Producer()
    client.socket.pause()
    producer.onResume = () => transport.write(Buffer.alloc(8 * 1024 * 1024))
    transport.registerProducer(producer, false)
    await turns(100)
    expect(producer.calls).toEqual(['resume'])
    producer.onResume = undefined
    client.socket.resume()
    await until(() => producer.calls.length === 2)
    await turns()
    expect(producer.calls).toEqual(['resume', 'resume'])
  })

  it('PR-20 the producer is stopped before the protocol is told of the loss', async () => {
    const { protocol, client, transport } = await served()
    const producer = new Producer()
    transport.registerProducer(producer, true)
    protocol.onLost = () => producer.calls.push('lost')
    client.socket.resetAndDestroy()
    await until(() => protocol.reason)
    expect(producer.calls).toEqual(['stop', 'lost'])
    expect(() => transport.registerProducer(new Producer(), true)).not.toThrow()
  })

  it.each(['pauseProducing', 'resumeProducing', 'stopProducing'] as const)(
    'fault 35: an error of a producer’s %s is logged and does no more harm',
    async (method) => {
      const { protocol, client, transport } = await served()
      const producer = new Producer()
      producer[method] = () => {
        throw new Error('broken producer')
      }
      client.socket.pause()
      transport.registerProducer(producer, method !== 'resumeProducing')
      if (method === 'pauseProducing') transport.write(Buffer.alloc(8 * 1024 * 1024))
      else if (method === 'stopProducing') transport.abortConnection()
      await until(() => protocol.reason)
      expect(log.take()).toEqual([`error: ${method} threw; its connection is closed`])
    },
  )

  it('PR-21 is a push producer of what it receives', async () => {
    const { protocol, client, transport } = await served()
    transport.pauseProducing()
    client.socket.write('x')
    await turns(100)
    expect(protocol.text).toBe('')
    transport.resumeProducing()
    await until(() => protocol.text === 'x')
    transport.stopProducing()
    await until(() => client.ended)
    client.socket.end()
    await until(() => protocol.reason)
  })

  it('PR-21 can be paused from the first moment on', async () => {
    const { protocol, client, transport } = await served(
      () => new Recorder(),
      (made) => {
        made.onMade = () => made.transport.pauseProducing()
      },
    )
    client.socket.write('x')
    await turns(100)
    expect(protocol.text).toBe('')
    transport.resumeProducing()
    await until(() => protocol.text === 'x')
  })

  it('PR-21 resumeProducing does not bring receiving back once it closes', async () => {
    const { protocol, client, transport } = await served()
    transport.pauseProducing()
    client.socket.write('x')
    await turns()
    transport.loseConnection()
    transport.resumeProducing()
    await until(() => client.ended)
    client.socket.end()
    await until(() => protocol.reason)
    expect(protocol.text).toBe('')
  })

  it('fault 8: pausing bounds what is taken in', async () => {
    const { protocol, client, transport } = await served()
    transport.pauseProducing()
    const chunk = Buffer.alloc(1024 * 1024)
    for (let i = 0; i < 64; i++) client.socket.write(chunk)
    await turns(200)
    expect(protocol.chunks).toEqual([])
    expect(client.socket.writableLength).toBeGreaterThan(32 * 1024 * 1024)
  })

  it('tells both addresses', async () => {
    const { protocol, client, transport } = await served()
    const { localPort, remotePort } = client.socket
    expect(transport.getPeer()).toEqual(new IPv4Address('TCP', '127.0.0.1', localPort!))
    expect(transport.getHost()).toEqual(new IPv4Address('TCP', '127.0.0.1', remotePort!))
    expect(transport.getPeer().equals(protocol.peer)).toBe(true)
    client.socket.resetAndDestroy()
    await until(() => protocol.reason)
    expect(transport.getPeer().port).toBe(localPort)
    expect(transport.getHost().port).toBe(remotePort)
  })

  it('an address that nobody asked for in time has an empty host', async () => {
    const { protocol, client, transport } = await served()
    client.socket.resetAndDestroy()
    await until(() => protocol.reason)
    expect(transport.getPeer()).toMatchObject({ host: '', port: 0 })
    expect(transport.getHost()).toMatchObject({ host: '', port: 0 })
  })

  it('sets the options of TCP', async () => {
    const { client, transport } = await served()
    transport.setTcpNoDelay(false)
    transport.setTcpNoDelay(true)
    transport.setTcpKeepAlive('1m')
    transport.setTcpKeepAlive(false)
    expect(() => transport.setTcpKeepAlive('5s')).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION' }),
    )
    transport.write(Buffer.from('alive'))
    await until(() => client.text === 'alive')
  })

  it('what setTcpKeepAlive says stands above what the port says', async () => {
    const { protocol, client, transport } = await served()
    const set = vi.spyOn(Socket.prototype, 'setKeepAlive')
    transport.setTcpKeepAlive(false)
    transport.startProbing(4_000)
    expect(set.mock.calls).toEqual([[false, undefined]])
    const other = await served()
    other.transport.startProbing(4_000)
    expect(set.mock.calls.slice(1)).toEqual([[true, 4_000]])
    client.socket.end()
    await until(() => protocol.reason)
  })

  it('every method may be called from inside every callback', async () => {
    const { protocol, client } = await served(
      () => new HalfRecorder(),
      (made) => {
        const everything = () => {
          const { transport } = made
          transport.write(Buffer.from('.'))
          transport.pauseProducing()
          transport.resumeProducing()
          transport.loseWriteConnection()
          transport.loseConnection()
          transport.abortConnection()
        }
        made.onReadLost = everything
        made.onWriteLost = everything
        made.onLost = everything
        made.onData = everything
      },
    )
    client.socket.on('end', () => client.socket.end())
    client.socket.write('x')
    await until(() => protocol.reason && client.closed)
    expect(protocol.events).toEqual(['made', 'data', 'lost'])
  })
})
