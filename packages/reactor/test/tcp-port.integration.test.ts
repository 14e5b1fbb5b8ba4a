import { existsSync, readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ConnectionHandler, IHostPort, IStreamTransport, TCPListenOptions } from '@sennit/interfaces'
import { CannotListenError, IPv4Address, IPv6Address } from '@sennit/protocol'
import type { NodeReactor } from '../src/index.ts'
import {
  assertNothingLogged,
  Cleanup,
  LOCAL,
  logged,
  RecordingFactory,
  type TestLog,
  turns,
  until,
} from './kit.ts'

/** In how many seconds the system asks whether the peer is alive. */
function timerOf(transport: IStreamTransport): number | undefined {
  const [local, remote] = [transport.getHost(), transport.getPeer()].map((address) =>
    (address as IHostPort).port.toString(16).toUpperCase().padStart(4, '0'),
  )
  const ends = new RegExp(`: \\w+:${local} \\w+:${remote} 01 \\S+ (\\w+):(\\w+) `)
  const [, kind, jiffies] = ends.exec(readFileSync('/proc/net/tcp', 'utf8')) ?? []
  return kind === '02' ? parseInt(jiffies!, 16) / 100 : undefined
}

describe('listenTCP', () => {
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

  it('PR-24 port 0 picks a free port, and getHost tells it', async () => {
    const { port, number } = await listen(new RecordingFactory())
    expect(number).toBeGreaterThan(0)
    expect(port.getHost()).toEqual(new IPv4Address('TCP', '127.0.0.1', number))
    const client = await cleanup.client(number)
    expect(client.error).toBeUndefined()
  })

  it('PR-22 RX-26 a busy port is a CannotListenError with interface, port and Node’s code; doStart is not called', async () => {
    const { number } = await listen(new RecordingFactory())
    const factory = new RecordingFactory()
    const failure = await reactor.listenTCP(number, factory, LOCAL).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(CannotListenError)
    expect(failure).toMatchObject({
      code: 'EADDRINUSE',
      interface: '127.0.0.1',
      port: number,
      syscall: 'listen',
    })
    expect((failure as Error).message).toContain(`127.0.0.1:${number}`)
    expect(factory.events).toEqual([])
  })

  it('RX-26 an address that is not this machine’s is a CannotListenError', async () => {
    await expect(
      reactor.listenTCP(0, new RecordingFactory(), { interface: '192.0.2.1' }),
    ).rejects.toMatchObject({ name: 'CannotListenError', code: 'EADDRNOTAVAIL' })
  })

  it('RX-26 the interface may be an IPv6 literal', async () => {
    const { port, number } = await listen(new RecordingFactory(), { interface: '::1' })
    expect(port.getHost()).toEqual(new IPv6Address('TCP', '::1', number))
    const client = await cleanup.client(number, '::1')
    expect(client.error).toBeUndefined()
  })

  it('RX-26 fault 13: one call listens on one family only', async () => {
    const six = await listen(new RecordingFactory(), { interface: '::' })
    const refused = await cleanup.client(six.number, '127.0.0.1')
    expect(refused.error?.code).toBe('ECONNREFUSED')
    const four = await listen(new RecordingFactory(), { interface: '' })
    expect((four.port.getHost() as IHostPort).host).toBe('0.0.0.0')
    const refused6 = await cleanup.client(four.number, '::1')
    expect(refused6.error?.code).toBe('ECONNREFUSED')
  })

  it.each([-1, 65_536, 1.5, Number.NaN, '80', '0x50', ' 80', undefined, null])(
    'RX-26 fault 46: refuses the port %j',
    async (port) => {
      await expect(reactor.listenTCP(port as number, new RecordingFactory(), LOCAL)).rejects.toMatchObject({
        code: 'ERR_SENNIT_REACTOR_OPTION',
        option: 'port',
      })
    },
  )

  it.each([
    [{ interface: 'localhost' }, 'interface'],
    [{ interface: '127.0.0.1\0' }, 'interface'],
    [{ backlog: 0 }, 'backlog'],
    [{ backlog: 1.5 }, 'backlog'],
    [{ maxConnections: -1 }, 'maxConnections'],
    [{ keepAlive: '10s' }, 'keepAlive'],
  ] as const)('refuses the option %j', async (options, option) => {
    await expect(reactor.listenTCP(0, new RecordingFactory(), options)).rejects.toMatchObject({
      code: 'ERR_SENNIT_REACTOR_OPTION',
      option,
    })
  })

  it.each([{ idleTimeout: -1 }, { drainTimeout: '5 s' }, { keepAlive: '1d' }])(
    'refuses the duration in %j',
    async (options) => {
      await expect(
        reactor.listenTCP(0, new RecordingFactory(), options as TCPListenOptions),
      ).rejects.toMatchObject({ code: 'ERR_SENNIT_DURATION' })
    },
  )

  it('buildProtocol is given the address of the peer', async () => {
    const factory = new RecordingFactory()
    const { number } = await listen(factory)
    const client = await cleanup.client(number)
    await until(() => factory.protocols.length === 1)
    const { peer } = factory.protocol
    const expected = new IPv4Address('TCP', '127.0.0.1', client.socket.localPort!)
    expect(String(peer)).toBe(String(expected))
    expect(expected.equals(peer)).toBe(true)
    expect(JSON.parse(JSON.stringify(peer))).toEqual(JSON.parse(JSON.stringify(expected)))
  })

  it.runIf(existsSync('/proc/net/tcp'))(
    'fault 2: a dead peer is asked after 5 s, unless told otherwise; ten probes of a second follow',
    async () => {
      const factory = new RecordingFactory()
      const usual = await listen(factory)
      const slow = await listen(factory, { keepAlive: '1m' })
      const off = await listen(factory, { keepAlive: false })
      for (const { number } of [usual, slow, off]) await cleanup.client(number)
      const clients = new RecordingFactory()
      reactor.connectTCP('127.0.0.1', usual.number, clients)
      await until(() => factory.protocols.length === 4 && clients.protocols.length === 1)
      const asked = timerOf(clients.protocol.transport)
      expect(asked).toBeGreaterThan(4)
      expect(asked).toBeLessThanOrEqual(5)
      // Those that are accepted are up to a second old when it is turned on, which the system counts in.
      const timers = () => factory.protocols.map(({ transport }) => timerOf(transport))
      await until(() => timers()[0] !== undefined && timers()[1] !== undefined)
      const [first, second, third] = timers()
      expect(first).toBeGreaterThan(0)
      expect(first).toBeLessThanOrEqual(4)
      expect(second).toBeGreaterThan(40)
      expect(second).toBeLessThanOrEqual(49)
      expect(third).toBeUndefined()
      clients.protocol.transport.abortConnection()
      await until(() => clients.protocol.reason)
    },
  )

  it('fault 2: a connection that ends within a second is never set up to be asked', async () => {
    const set = vi.spyOn(Socket.prototype, 'setKeepAlive')
    const factory = new RecordingFactory()
    const { number } = await listen(factory)
    const [short, long] = [await cleanup.client(number), await cleanup.client(number)]
    await until(() => factory.protocols.length === 2)
    short.socket.destroy()
    await until(() => set.mock.calls.length > 0)
    await turns()
    expect(set.mock.calls).toEqual([[true, 4_000]])
    expect(long.closed).toBe(false)
  })
})
