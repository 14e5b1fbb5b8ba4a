import dns from 'node:dns'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { TCPConnectOptions } from '@sennit/interfaces'
import { HostnameAddress, IPv4Address } from '@sennit/protocol'
import { Clock } from '@sennit/runtime'
import { NodeReactor } from '../src/index.ts'
import { assertNothingLogged, Cleanup, logged, RecordingFactory, type TestLog, until } from './kit.ts'

describe('connectTCP', () => {
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

  it('RX-27 the protocol talks, and knows both addresses', async () => {
    const { number } = await cleanup.server((socket) => socket.pipe(socket))
    const connector = connect(number)
    await until(() => factory.protocols.length === 1)
    const { transport, peer } = factory.protocol
    transport.write(Buffer.from('echo'))
    await until(() => factory.protocol.text === 'echo')
    const there = new IPv4Address('TCP', '127.0.0.1', number)
    expect(connector.getDestination()).toEqual(there)
    expect(transport.getPeer()).toEqual(there)
    expect(peer).toEqual(there)
    expect(transport.getHost()).toMatchObject({ type: 'TCP', host: '127.0.0.1' })
    connector.disconnect()
    await until(() => factory.events.includes('doStop'))
  })

  it('RX-27 connects to a name', async () => {
    const { number } = await cleanup.server()
    const connector = connect(number, { family: 4 }, 'localhost')
    expect(connector.getDestination()).toEqual(new HostnameAddress('localhost', number))
    await until(() => factory.protocols.length === 1)
    expect(factory.protocol.peer).toEqual(new IPv4Address('TCP', '127.0.0.1', number))
  })

  it('RX-27 connects from a local address and port', async () => {
    const free = await cleanup.server()
    free.server.close()
    let port: number | undefined
    const { number } = await cleanup.server((socket) => (port = socket.remotePort))
    connect(number, { bindAddress: ['127.0.0.1', free.number] })
    await until(() => port)
    expect(port).toBe(free.number)
    await until(() => factory.protocols.length === 1)
    expect(factory.protocol.transport.getHost()).toEqual(new IPv4Address('TCP', '127.0.0.1', free.number))
  })

  it('RX-27 an unusable local address is a ConnectBindError', async () => {
    connect(9, { bindAddress: '192.0.2.200' })
    await until(() => factory.reason)
    expect(factory.reason).toMatchObject({ name: 'ConnectBindError', code: 'EADDRNOTAVAIL' })
  })

  it('RX-27 the name of a service is refused: it is not looked up', () => {
    expect(() => reactor.connectTCP('127.0.0.1', 'http' as never, factory)).toThrow(
      expect.objectContaining({ name: 'ServiceNameUnknownError', code: 'ERR_SENNIT_SERVICE_NAME' }),
    )
    expect(factory.events).toEqual([])
  })

  it.each([
    [['127.0.0.1', -1], {}, 'port'],
    [['127.0.0.1', 65_536], {}, 'port'],
    [['127.0.0.1', 1.5], {}, 'port'],
    [['', 1], {}, 'host'],
    [['localhost\0.evil.example', 1], {}, 'host'],
    [[undefined, 1], {}, 'host'],
    [['127.0.0.1', 1], { bindAddress: 'localhost' }, 'bindAddress'],
    [['127.0.0.1', 1], { bindAddress: ['127.0.0.1', -1] }, 'bindAddress'],
    [['127.0.0.1', 1], { keepAlive: '5s' }, 'keepAlive'],
  ])('fault 17: refuses what cannot be meant, case %#', ([host, port], options, option) => {
    expect(() =>
      reactor.connectTCP(host as string, port as number, factory, options as TCPConnectOptions),
    ).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION', option }))
    expect(factory.events).toEqual([])
  })

  it('PR-08 RX-27 fault 5: the timeout is 30 s unless told otherwise, and includes finding the name', async () => {
    const clock = new Clock()
    reactor = new NodeReactor({ clock, log })
    vi.spyOn(dns, 'lookup').mockImplementation((() => {}) as never)
    connect(1, {}, 'slow.example')
    clock.advance('29999ms')
    expect(factory.reason).toBeUndefined()
    clock.advance('1ms')
    expect(factory.reason).toMatchObject({ name: 'ConnectionTimeoutError' })
  })

  it('fault 6: of several failures the most telling is told', async () => {
    vi.spyOn(dns, 'lookup').mockImplementation(((
      _host: string,
      _options: object,
      callback: (...args: unknown[]) => void,
    ) => {
      setImmediate(() =>
        callback(null, [
          { address: '255.255.255.255', family: 4 },
          { address: '127.0.0.1', family: 4 },
          { address: '255.255.255.255', family: 4 },
        ]),
      )
    }) as never)
    connect(1, {}, 'a.example')
    await until(() => factory.reason)
    expect(factory.reason).toMatchObject({
      name: 'ConnectionRefusedError',
      code: 'ECONNREFUSED',
      address: '127.0.0.1',
    })
    expect((factory.reason!.cause as AggregateError).errors).toHaveLength(3)
  })

  it('EP-33 a name that is not known is a DNSLookupError', async () => {
    vi.spyOn(dns, 'lookup').mockImplementation(((
      _host: string,
      _options: object,
      callback: (error: Error) => void,
    ) => {
      setImmediate(() => callback(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })))
    }) as never)
    connect(1, {}, 'a.example')
    await until(() => factory.reason)
    expect(factory.reason).toMatchObject({ name: 'DNSLookupError', code: 'ENOTFOUND', hostname: 'a.example' })
  })
})
