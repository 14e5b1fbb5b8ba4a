import { createServer } from 'node:net'
import { once } from 'node:events'
import type { ClientFactory } from '@sennit/protocol'
import { Clock } from '@sennit/runtime'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { assertNothingLogged, Cleanup, logged, RecordingFactory, until } from './kit.ts'
import { ca, client, nodeServer, server, trust, VERSIONS } from './tls-kit.ts'

const { reactor, log } = logged()
const cleanup = new Cleanup()
afterEach(async () => {
  vi.unstubAllEnvs()
  await cleanup.run()
  assertNothingLogged(log)
})

const factoryOf = () => new RecordingFactory() as RecordingFactory & ClientFactory

describe('a TLS connector', () => {
  it.each(VERSIONS)('RX-28 LG-23 connects to servers of Node over %s', async (version) => {
    const { number } = await nodeServer(cleanup, { maxVersion: version }, (socket) => socket.pipe(socket))
    const factory = factoryOf()
    factory.prepare = (protocol) => {
      protocol.onMade = () => protocol.transport.write(Buffer.alloc(300_000, 'a'))
      protocol.onData = () =>
        void (protocol.text.length === 300_000 && protocol.transport.loseWriteConnection())
    }
    const connector = reactor.connectSSL('localhost', number, factory, trust)
    expect(connector.state).toBe('connecting')
    await until(() => factory.reason !== undefined)
    expect(factory.reason).toMatchObject({ name: 'ConnectionDone' })
    expect(factory.protocol.text.length).toBe(300_000)
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
  })

  it('ER-01 gives the reason of Node, and its code, in one line', async () => {
    const { number } = await nodeServer(cleanup, { ...ca.issue('elsewhere.example') })
    const factory = factoryOf()
    reactor.connectSSL('127.0.0.1', number, factory, trust)
    await until(() => factory.reason !== undefined)
    expect(factory.reason).toMatchObject({ name: 'SSLError', code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
    expect(factory.reason?.message).toMatch(/^Cannot connect securely: .*127\.0\.0\.1/)
    expect(factory.events).toEqual(['doStart', 'startedConnecting', 'failed', 'doStop'])
  })

  it('checks certificates whatever the environment says', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0')
    const { number } = await nodeServer(cleanup, {})
    const factory = factoryOf()
    reactor.connectSSL('localhost', number, factory)
    await until(() => factory.reason !== undefined)
    expect(factory.reason).toMatchObject({ name: 'SSLError' })
    expect(factory.events).not.toContain('build')
  })

  it.each(VERSIONS)('shows its certificate, and is told when it has none, over %s', async (version) => {
    const names: unknown[] = []
    const asking = { requestCert: true, rejectUnauthorized: true, ca: ca.cert, maxVersion: version }
    const { number } = await nodeServer(cleanup, asking, (socket) => {
      names.push(socket.getPeerX509Certificate()?.subject)
      socket.end()
    })
    const known = factoryOf()
    reactor.connectSSL('localhost', number, known, { ...trust, ...client })
    await until(() => known.reason !== undefined)
    expect(names).toEqual(['CN=a client'])
    const unknown = factoryOf()
    reactor.connectSSL('localhost', number, unknown, trust)
    await until(() => unknown.reason !== undefined)
    expect(unknown.reason?.name).toBe(version === 'TLSv1.3' ? 'ConnectionLost' : 'SSLError')
    expect(unknown.reason?.code).toMatch(/^ERR_SSL_.*ALERT/)
    expect(names.length).toBe(1)
  })

  it('asks for the name that is wanted, not for an address', async () => {
    const names: unknown[] = []
    const { number } = await nodeServer(cleanup, {}, (socket) => {
      names.push((socket as unknown as { servername: unknown }).servername)
      socket.end()
    })
    const hosts: [string, object][] = [
      ['localhost', trust],
      ['127.0.0.1', trust],
      ['127.0.0.1', { ...trust, servername: 'localhost' }],
    ]
    for (const [host, tls] of hosts) {
      const factory = factoryOf()
      reactor.connectSSL(host, number, factory, tls)
      await until(() => factory.reason !== undefined)
    }
    expect(names).toEqual(['localhost', false, 'localhost'])
  })

  it('gives a server up that says nothing, on the clock that it was given', async () => {
    const { number, server: silent } = await cleanup.server()
    const clock = new Clock()
    const [slow, quick] = [factoryOf(), factoryOf()]
    const context = { clock, log }
    const connected = [once(silent, 'connection')]
    reactor.connectSSL('127.0.0.1', number, slow, trust, { context })
    await Promise.all(connected)
    await until(() => clock.getDelayedCalls().length === 2)
    clock.advance(9.9)
    expect(slow.reason).toBeUndefined()
    clock.advance(0.2)
    expect(slow.reason).toMatchObject({ name: 'SSLError', code: 'ERR_SENNIT_HANDSHAKE_TIMEOUT' })
    reactor.connectSSL('127.0.0.1', number, quick, trust, {
      context,
      timeout: '2s',
      handshakeTimeout: Infinity,
    })
    await once(silent, 'connection')
    clock.advance(2)
    expect(quick.reason).toMatchObject({ name: 'ConnectionTimeoutError' })
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('closes what it gives up', async () => {
    const silent = createServer()
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    cleanup.add(() => silent.close())
    const factory = factoryOf()
    const controller = new AbortController()
    const { port } = silent.address() as { port: number }
    reactor.connectSSL('127.0.0.1', port, factory, trust, { signal: controller.signal })
    const [socket] = await once(silent, 'connection')
    await once(socket, 'data')
    controller.abort()
    expect(factory.reason).toMatchObject({ code: 'ABORT_ERR' })
    await once(socket, 'close')
  })

  it('connects again within a failure', async () => {
    const { number } = await nodeServer(cleanup, {})
    const factory = factoryOf()
    let failures = 0
    factory.onFailed = (connector) => void (++failures < 3 && connector.connect())
    reactor.connectSSL('localhost', number, factory)
    await until(() => factory.events.includes('doStop'))
    expect(failures).toBe(3)
  })

  it('throws for options that cannot work, before the factory is told', () => {
    const factory = factoryOf()
    expect(() => reactor.connectSSL('localhost', 1, factory, { ...server, key: client.key })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_TLS_OPTIONS', option: 'key' }),
    )
    expect(() =>
      reactor.connectSSL('localhost', 1, factory, trust, { handshakeTimeout: 'soon' as '1s' }),
    ).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }))
    expect(factory.events).toEqual([])
  })
})
