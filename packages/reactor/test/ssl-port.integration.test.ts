import { get } from 'node:https'
import { createServer as createHttpServer } from 'node:http'
import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { connect } from 'node:tls'
import type { Socket } from 'node:net'
import { Factory, handler, lines } from '@sennit/protocol'
import { Clock } from '@sennit/runtime'
import { afterEach, describe, expect, it } from 'vitest'
import type { SocketTransport } from '../src/socket-transport.ts'
import type { SSLPort } from '../src/ssl-port.ts'
import { assertNothingLogged, Cleanup, LOCAL, logged, Recorder, RecordingFactory, until } from './kit.ts'
import { ca, client, server, stranger, TLSClient, trust, VERSIONS } from './tls-kit.ts'

const { reactor, log } = logged()
const cleanup = new Cleanup()
afterEach(async () => {
  await cleanup.run()
  assertNothingLogged(log)
})

const factFor = (port: SSLPort) => (name: string) => port.describe().facts[name]

/** Node's own client, connected. */
async function nodeClient(port: number, options: object = {}): Promise<TLSClient> {
  const peer = new TLSClient({ port, ...options })
  cleanup.add(() => peer.socket.destroy())
  await until(() => peer.isSecure || peer.closed, 'a handshake')
  return peer
}

describe('a TLS port', () => {
  it.each(VERSIONS)('RX-28 LG-23 serves clients of Node over %s', async (version) => {
    const factory = new RecordingFactory()
    const { port, number } = await cleanup.port(reactor.listenSSL(0, factory, server, LOCAL))
    const peer = await nodeClient(number, { maxVersion: version })
    expect(peer.socket.getProtocol()).toBe(version)
    await until(() => factory.protocols.length === 1)
    factory.protocol.transport.write(Buffer.alloc(300_000, 'a'))
    peer.socket.end(Buffer.alloc(300_000, 'b'))
    await until(() => peer.closed && factory.protocol.reason !== undefined)
    expect([peer.length, factory.protocol.text.length]).toEqual([300_000, 300_000])
    expect(factory.protocol.reason?.name).toBe('ConnectionDone')
    expect(port.describe()).toMatchObject({
      kind: 'SSLPort',
      facts: { accepted: 1, connections: 0, handshakes: 0, handshakeFailures: 0, refused: 0 },
    })
  })

  it('RX-28 hands encrypted sockets to an existing server', async () => {
    const web = createHttpServer((request, response) => {
      const socket = request.socket as Socket & { encrypted?: boolean }
      response.end(`encrypted: ${socket.encrypted}`)
    })
    const handleSocket = (socket: object) => void web.emit('connection', socket)
    const { number } = await cleanup.port(reactor.listenSSL(0, { handleSocket }, server, LOCAL))
    const [response] = await once(
      get({ host: '127.0.0.1', port: number, ...trust, agent: false }),
      'response',
    )
    let text = ''
    for await (const chunk of response) text += String(chunk)
    expect(text).toBe('encrypted: true')
  })

  it('RX-28 gives encrypted streams to a function', async () => {
    const { number } = await cleanup.port(
      reactor.listenSSL(
        0,
        handler(async (socket) => {
          for await (const line of lines(socket)) socket.write(`hello ${line}\n`)
        }),
        server,
        LOCAL,
      ),
    )
    const peer = await nodeClient(number)
    peer.socket.end('a\nb\n')
    await until(() => peer.closed)
    expect(peer.text).toBe('hello a\nhello b\n')
  })

  it('leaves room for the listeners of a pipeline', async () => {
    const warnings: Error[] = []
    const keep = (warning: Error) => warnings.push(warning)
    process.on('warning', keep)
    cleanup.add(() => process.off('warning', keep))
    const echo = handler((socket) => pipeline(socket, socket))
    const { number } = await cleanup.port(reactor.listenSSL(0, echo, server, LOCAL))
    const peer = await nodeClient(number)
    peer.socket.end('all')
    await until(() => peer.closed)
    expect([peer.text, warnings]).toEqual(['all', []])
  })

  it.each([
    ['Other.EXAMPLE', 'CN=other.example'],
    ['A.wild.example', 'CN=*.wild.example'],
    ['', 'CN=localhost'],
  ])('shows to a client of Node that asks for %j the certificate of %s', async (servername, subject) => {
    const serverNames = {
      'other.example': ca.issue('other.example'),
      '*.WILD.example': ca.issue('*.wild.example'),
    }
    const { number } = await cleanup.port(
      reactor.listenSSL(0, new RecordingFactory(), { ...server, serverNames }, LOCAL),
    )
    const peer = await nodeClient(number, { servername, rejectUnauthorized: false })
    expect(peer.socket.getPeerX509Certificate()?.subject).toBe(subject)
  })

  it('trusts the same authorities under all its names', async () => {
    const factory = new RecordingFactory()
    const serverNames = { 'other.example': ca.issue('other.example') }
    const tls = { ...server, serverNames, requestCert: true, ca: ca.cert }
    const { number } = await cleanup.port(reactor.listenSSL(0, factory, tls, LOCAL))
    await nodeClient(number, { ...client, servername: 'other.example', rejectUnauthorized: false })
    await until(() => factory.protocols.length === 1)
    expect((factory.protocol.transport as SocketTransport).getTLSInfo()).toMatchObject({
      authorized: true,
      servername: 'other.example',
    })
  })

  it('closes fifty silent clients at the deadline, on the clock that it was given, and serves others meanwhile', async () => {
    const clock = new Clock()
    const factory = new RecordingFactory()
    const context = { clock, log }
    const { port, number } = await cleanup.port(
      reactor.listenSSL(0, factory, server, { ...LOCAL, handshakeTimeout: '10s', context }),
    )
    const fact = factFor(port)
    const silent = await Promise.all(Array.from({ length: 50 }, () => cleanup.client(number)))
    await until(() => fact('handshakes') === 50)
    clock.advance(9.9)
    await nodeClient(number)
    await until(() => factory.protocols.length === 1)
    expect(silent.some(({ ended, closed }) => ended || closed)).toBe(false)
    clock.advance(0.2)
    await until(() => silent.every(({ ended, closed }) => ended || closed))
    await until(() => fact('handshakes') === 0)
    expect(fact('handshakeFailures')).toBe(50)
    expect(fact('connections')).toBe(1)
    factory.protocol.transport.abortConnection()
    await until(() => fact('connections') === 0)
    expect(clock.getDelayedCalls()).toEqual([])
    await port.stopListening()
  })

  it('finishes handshakes that go on when it stops, and tells their connections', async () => {
    const factory = new RecordingFactory()
    const { port, number } = await cleanup.port(reactor.listenSSL(0, factory, server, LOCAL))
    const raw = await cleanup.client(number)
    await until(() => factFor(port)('handshakes') === 1)
    const secure = connect({ socket: raw.socket, ...trust, host: '127.0.0.1' })
    secure.on('end', () => secure.end()).resume()
    await until(() => raw.socket.bytesWritten > 0)
    const stopped = port.stopListening()
    await until(() => factory.protocols.length === 1)
    factory.protocol.transport.loseConnection()
    await stopped
    expect(factory.protocol.reason?.name).toBe('ConnectionDone')
    expect(factory.events.at(-1)).toBe('doStop')
  })

  it('cuts handshakes that go on at the end of its drain', async () => {
    const { port, number } = await cleanup.port(
      reactor.listenSSL(0, new Factory(), server, { ...LOCAL, drainTimeout: 0.1 }),
    )
    const peer = await cleanup.client(number)
    peer.socket.write(Buffer.from([0x16, 0x03, 0x01]))
    await until(() => factFor(port)('handshakes') === 1)
    await port.stopListening()
    await until(() => peer.closed || peer.ended)
    expect(log.take()).toEqual(['warn: Connections were aborted at the end of a drain'])
  })

  it.each(VERSIONS)('tells clients without a certificate why they are refused, over %s', async (version) => {
    const asking = { ...server, ca: ca.cert, requestCert: true, maxVersion: version }
    const factory = new RecordingFactory()
    const { port, number } = await cleanup.port(reactor.listenSSL(0, factory, asking, LOCAL))
    const peer = await nodeClient(number)
    await until(() => peer.error)
    expect(peer.error?.code).toMatch(/ALERT/)
    const strange = stranger.issue('a stranger', { names: [] })
    const other = await nodeClient(number, strange)
    await until(() => other.closed || other.ended)
    const known = await nodeClient(number, client)
    await until(() => factory.protocols.length === 1)
    expect(known.error).toBeUndefined()
    expect(factFor(port)('handshakeFailures')).toBe(2)
    expect(factory.protocol.transport).toMatchObject({ disconnecting: false })
  })

  it('resumes sessions, and does not when its credentials were exchanged', async () => {
    const factory = new RecordingFactory(() => {
      const protocol = new Recorder()
      protocol.onMade = () => protocol.transport.write(Buffer.from('x'))
      return protocol
    })
    const { port, number } = await cleanup.port(reactor.listenSSL(0, factory, server, LOCAL))
    const first = await nodeClient(number)
    const [session] = (await once(first.socket, 'session')) as [Buffer]
    const second = await nodeClient(number, { session })
    expect(second.socket.isSessionReused()).toBe(true)
    port.setTLSOptions({ ...ca.issue('localhost', { names: ['127.0.0.1'] }) })
    const third = await nodeClient(number, { session })
    expect(third.socket.isSessionReused()).toBe(false)
  })

  it('survives whatever is written to it', async () => {
    const { port, number } = await cleanup.port(reactor.listenSSL(0, new RecordingFactory(), server, LOCAL))
    const hello = await clientHello()
    const texts = [
      '',
      'GET / HTTP/1.1\r\n\r\n',
      '\x80\x2e\x01\x00\x02',
      '\x16\x03\x01\x00\x00',
      '\x15\x03\x01\x00\x02\x02\x28',
    ]
    const halves = [
      hello.subarray(0, 5),
      hello.subarray(0, 50),
      Buffer.concat([hello, hello]),
      hello.map((byte) => byte ^ 1),
    ]
    const all = [...texts.map((text) => Buffer.from(text, 'latin1')), ...halves]
    for (const bytes of all) {
      const peer = await cleanup.client(number)
      peer.socket.end(bytes)
      await until(() => peer.closed || peer.ended)
    }
    await until(() => factFor(port)('handshakeFailures') === all.length)
    expect((await nodeClient(number)).error).toBeUndefined()
  })
})

/** The first flight of a client of Node. */
async function clientHello(): Promise<Buffer> {
  const { number, server: listening } = await cleanup.server()
  const [[socket]] = await Promise.all([
    once(listening, 'connection') as Promise<[Socket]>,
    nodeHello(number),
  ])
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  return chunk
}

async function nodeHello(port: number): Promise<void> {
  const peer = connect({ host: '127.0.0.1', port })
  peer.on('error', () => {})
  await once(peer, 'connect')
}
