import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { IConnector, TCPConnectOptions } from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { NodeReactor } from '../src/index.ts'
import {
  assertNothingLogged,
  Cleanup,
  deafPort,
  LOCAL,
  logged,
  type Recorder,
  RecordingFactory,
  type TestLog,
  turns,
  until,
} from './kit.ts'

describe('StreamConnector', () => {
  let cleanup: Cleanup
  let reactor: NodeReactor
  let log: TestLog
  let factory: RecordingFactory

  beforeEach(() => {
    cleanup = new Cleanup()
    ;({ reactor, log } = logged())
    factory = new RecordingFactory()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await cleanup.run()
    assertNothingLogged(log)
  })

  function connect(
    port: number,
    options: TCPConnectOptions = {},
    host = '127.0.0.1',
  ): ReturnType<NodeReactor['connectTCP']> {
    const connector = reactor.connectTCP(host, port, factory, options)
    cleanup.add(() => {
      if (connector.state !== 'disconnected') connector.disconnect()
    })
    return connector
  }

  it('PR-05 RX-27 tells the factory in this order: start, connecting, build, made, lost, its own loss, stop', async () => {
    const { number } = await cleanup.server((socket) => socket.end('hello'))
    const connector = connect(number)
    expect(factory.events).toEqual(['doStart', 'startedConnecting'])
    expect(factory.connector).toBe(connector)
    expect(connector.state).toBe('connecting')
    await until(() => factory.events.includes('doStop'))
    expect(factory.events).toEqual([
      'doStart',
      'startedConnecting',
      'build',
      'made',
      'data',
      'lost',
      'clientLost',
      'doStop',
    ])
    expect(factory.reason).toBe(factory.protocol.reason)
    expect(factory.reason?.name).toBe('ConnectionDone')
    expect(connector.state).toBe('disconnected')
  })

  it('PR-06 a failed attempt is told, then the factory goes out of use', async () => {
    const { server, number } = await cleanup.server()
    server.close()
    const connector = connect(number)
    await until(() => factory.reason)
    expect(factory.events).toEqual(['doStart', 'startedConnecting', 'failed', 'doStop'])
    expect(factory.reason).toMatchObject({
      name: 'ConnectionRefusedError',
      code: 'ECONNREFUSED',
      syscall: 'connect',
      address: '127.0.0.1',
      port: number,
    })
    expect(connector.state).toBe('disconnected')
  })

  it('PR-06 connect() inside clientConnectionFailed tries again, and keeps the factory in use', async () => {
    const { server, number } = await cleanup.server()
    server.close()
    let left = 2
    factory.onFailed = (connector) => {
      if (left-- > 0) connector.connect()
    }
    connect(number)
    await until(() => factory.events.includes('doStop'))
    expect(factory.events).toEqual([
      'doStart',
      'startedConnecting',
      'failed',
      'startedConnecting',
      'failed',
      'startedConnecting',
      'failed',
      'doStop',
    ])
  })

  it('PR-06 connect() inside clientConnectionLost connects again, and keeps the factory in use', async () => {
    const { number } = await cleanup.server((socket) => socket.end())
    factory.onLost = (connector) => {
      if (factory.protocols.length < 3) connector.connect()
    }
    connect(number)
    await until(() => factory.events.includes('doStop'))
    expect(factory.events.filter((event) => event !== 'data')).toEqual([
      'doStart',
      ...Array.from({ length: 3 }, () => ['startedConnecting', 'build', 'made', 'lost', 'clientLost']).flat(),
      'doStop',
    ])
  })

  it('PR-06 connect() later begins anew', async () => {
    const { number } = await cleanup.server((socket) => socket.end())
    const connector = connect(number)
    await until(() => factory.events.includes('doStop'))
    factory.events.length = 0
    connector.connect()
    await until(() => factory.events.includes('doStop'))
    expect(factory.events.slice(0, 2)).toEqual(['doStart', 'startedConnecting'])
  })

  it('PR-07 stopConnecting tells the failure inside the call', async () => {
    const { number } = await cleanup.server()
    const connector = connect(number)
    connector.stopConnecting()
    expect(factory.events).toEqual(['doStart', 'startedConnecting', 'failed', 'doStop'])
    expect(factory.reason).toMatchObject({ name: 'UserError', code: 'ERR_SENNIT_USER' })
    await turns(50)
    expect(factory.events).toHaveLength(4)
  })

  it('PR-07 stopConnecting while it does not connect throws', async () => {
    const { number } = await cleanup.server()
    const connector = connect(number)
    await until(() => factory.protocols.length === 1)
    const refused = expect.objectContaining({
      name: 'NotConnectingError',
      code: 'ERR_SENNIT_NOT_CONNECTING',
    }) as Error
    expect(() => connector.stopConnecting()).toThrow(refused)
    connector.disconnect()
    await until(() => factory.events.includes('doStop'))
    expect(() => connector.stopConnecting()).toThrow(refused)
  })

  it('PR-07 connect() while it connects, or is connected, throws', async () => {
    const { number } = await cleanup.server()
    const connector = connect(number)
    const refused = expect.objectContaining({ code: 'ERR_SENNIT_CONNECT_IN_PROGRESS' }) as Error
    expect(() => connector.connect()).toThrow(refused)
    await until(() => factory.protocols.length === 1)
    expect(() => connector.connect()).toThrow(refused)
  })

  it('PR-07 stopConnecting inside startedConnecting works', async () => {
    const { number } = await cleanup.server()
    factory.onStarted = (connector) => connector.stopConnecting()
    const connector = connect(number)
    expect(factory.events).toEqual(['doStart', 'startedConnecting', 'failed', 'doStop'])
    expect(connector.state).toBe('disconnected')
    await turns(50)
    expect(factory.protocols).toEqual([])
  })

  it('PR-08 fault 5: an attempt that takes longer than the timeout fails with a ConnectionTimeoutError', async () => {
    const clock = new Clock()
    reactor = new NodeReactor({ clock, log })
    const { number } = await deafPort(cleanup, '127.0.0.1')
    connect(number, { timeout: '5s' })
    await turns()
    clock.advance('4999ms')
    expect(factory.reason).toBeUndefined()
    clock.advance('1ms')
    expect(factory.reason).toMatchObject({ name: 'ConnectionTimeoutError', code: 'ETIMEDOUT' })
    expect(factory.events).toEqual(['doStart', 'startedConnecting', 'failed', 'doStop'])
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('PR-08 the clock of the context is used, and freed once connected', async () => {
    const clock = new Clock()
    const { number } = await cleanup.server()
    connect(number, { context: { clock } })
    expect(clock.getDelayedCalls()).toHaveLength(1)
    await until(() => factory.protocols.length === 1)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('PR-09 disconnect gives up while connecting, closes when connected, and else does nothing', async () => {
    const { number } = await cleanup.server((socket) => socket.resume().on('end', () => socket.end()))
    const connector = connect(number)
    connector.disconnect()
    expect(factory.events).toEqual(['doStart', 'startedConnecting', 'failed', 'doStop'])
    connector.disconnect()
    connector.connect()
    await until(() => factory.protocols.length === 1)
    factory.protocol.transport.write(Buffer.alloc(1_000_000))
    connector.disconnect()
    await until(() => factory.protocol.reason)
    expect(factory.reason?.name).toBe('ConnectionDone')
    connector.disconnect()
    expect(factory.events.at(-1)).toBe('doStop')
  })

  it('PR-09 disconnect inside buildProtocol closes the connection', async () => {
    const { number } = await cleanup.server((socket) => socket.resume().on('end', () => socket.end()))
    factory.prepare = () => factory.connector!.disconnect()
    connect(number)
    await until(() => factory.events.includes('doStop'))
    expect(factory.events).toEqual([
      'doStart',
      'startedConnecting',
      'build',
      'made',
      'lost',
      'clientLost',
      'doStop',
    ])
  })

  it('PR-10 buildProtocol that yields nothing closes at once, and is told as a clean loss', async () => {
    let ended = false
    const { number } = await cleanup.server((socket) => socket.resume().on('end', () => (ended = true)))
    reactor = new NodeReactor({ clock: new Clock(), log })
    factory.build = () => undefined
    connect(number)
    await until(() => factory.events.includes('doStop'))
    expect(factory.events).toEqual(['doStart', 'startedConnecting', 'build', 'clientLost', 'doStop'])
    expect(factory.reason?.name).toBe('ConnectionDone')
    await until(() => ended)
  })

  it('PR-11 buildProtocol that throws is logged, and told as a failed attempt', async () => {
    let ended = false
    const { number } = await cleanup.server((socket) => socket.resume().on('end', () => (ended = true)))
    const error = new Error('broken factory')
    factory.build = () => {
      throw error
    }
    connect(number)
    await until(() => factory.events.includes('doStop'))
    expect(factory.events).toEqual(['doStart', 'startedConnecting', 'build', 'failed', 'doStop'])
    expect(factory.reason).toMatchObject({ name: 'ConnectError', cause: error })
    expect(log.take()).toEqual(['error: buildProtocol threw; the connection is closed'])
    await until(() => ended)
    await turns()
    expect(factory.events).toHaveLength(5)
  })

  it('a signal gives the attempt up with a ConnectingCancelledError, inside the abort', async () => {
    const { number } = await cleanup.server()
    const controller = new AbortController()
    const reason = new Error('stop')
    connect(number, { signal: controller.signal })
    controller.abort(reason)
    expect(factory.events).toEqual(['doStart', 'startedConnecting', 'failed', 'doStop'])
    expect(factory.reason).toMatchObject({
      name: 'ConnectingCancelledError',
      code: 'ABORT_ERR',
      cause: reason,
    })
    await turns(50)
    expect(factory.protocols).toEqual([])
  })

  it('a signal that is aborted already lets no attempt begin to matter', async () => {
    const { number } = await cleanup.server()
    connect(number, { signal: AbortSignal.abort() })
    expect(factory.events).toEqual(['doStart', 'startedConnecting', 'failed', 'doStop'])
    expect(factory.reason?.name).toBe('ConnectingCancelledError')
  })

  it('a signal that is aborted once connected changes nothing', async () => {
    const { number } = await cleanup.server((socket) => socket.pipe(socket))
    const controller = new AbortController()
    connect(number, { signal: controller.signal })
    await until(() => factory.protocols.length === 1)
    controller.abort()
    factory.protocol.transport.write(Buffer.from('still here'))
    await until(() => factory.protocol.text === 'still here')
    expect(factory.reason).toBeUndefined()
  })

  const hooks = [
    'doStart',
    'startedConnecting',
    'clientConnectionFailed',
    'clientConnectionLost',
    'doStop',
  ] as const

  it.each(hooks.slice(1))('fault 35: an error of %s is logged and does no more harm', async (hook) => {
    const { number, server } = await cleanup.server((socket) => socket.end())
    if (hook === 'clientConnectionFailed') server.close()
    const original = factory[hook].bind(factory) as (...args: unknown[]) => void
    factory[hook] = (...args: unknown[]) => {
      original(...args)
      throw new Error('broken')
    }
    const connector = connect(number)
    await until(() => factory.events.includes('doStop'))
    expect(log.take()).toEqual([`error: ${hook} threw`])
    expect(connector.state).toBe('disconnected')
  })

  it('an error of doStart is thrown to who connects, and nothing is begun', async () => {
    const error = new Error('broken')
    factory.doStart = () => {
      throw error
    }
    expect(() => reactor.connectTCP('127.0.0.1', 1, factory)).toThrow(error)
    await turns()
    expect(factory.events).toEqual([])
  })

  it('fault 1: the loss of a peer that was killed is told once, with a reason', async () => {
    const { number } = await cleanup.server((socket) => setImmediate(() => socket.resetAndDestroy()))
    connect(number)
    await until(() => factory.events.includes('doStop'))
    expect(factory.events.filter((event) => event.toLowerCase().includes('lost'))).toEqual([
      'lost',
      'clientLost',
    ])
    expect(factory.reason).toMatchObject({ name: 'ConnectionLost', code: 'ECONNRESET' })
  })

  it('every method may be called from inside every callback', async () => {
    const { number } = await cleanup.server((socket) => socket.end())
    const seen: string[] = []
    const everything = (connector: IConnector) => {
      for (const method of ['disconnect', 'stopConnecting', 'connect', 'connect', 'disconnect'] as const) {
        try {
          connector[method]()
        } catch (error) {
          seen.push((error as Error).name)
        }
      }
    }
    let left = 3
    factory.onLost = (connector) => void (left-- > 0 && everything(connector))
    factory.onFailed = (connector) => void (left-- > 0 && everything(connector))
    const connector = connect(number)
    await until(() => connector.state === 'disconnected')
    await turns(50)
    expect(connector.state).toBe('disconnected')
    expect(factory.events.filter((event) => event === 'doStart').length).toBe(
      factory.events.filter((event) => event === 'doStop').length,
    )
    expect(new Set(seen)).toEqual(new Set(['NotConnectingError', 'ConnectInProgressError']))
  })

  it('a client and a server of the reactor talk to one another', async () => {
    const servers = new RecordingFactory()
    servers.prepare = (protocol) => {
      protocol.onData = (data) => protocol.transport.write(data)
    }
    const { number } = await cleanup.port(reactor.listenTCP(0, servers, LOCAL))
    connect(number)
    await until(() => factory.protocols.length === 1)
    const client: Recorder = factory.protocol
    const sent = Buffer.alloc(5_000_000, 'abcdefg')
    client.transport.write(sent)
    await until(() => client.chunks.reduce((sum, { length }) => sum + length, 0) >= sent.length)
    expect(Buffer.concat(client.chunks).equals(sent)).toBe(true)
    client.transport.loseConnection()
    await until(() => client.reason && servers.protocol.reason)
    expect([client.reason?.name, servers.protocol.reason?.name]).toEqual(['ConnectionDone', 'ConnectionDone'])
  })
})
