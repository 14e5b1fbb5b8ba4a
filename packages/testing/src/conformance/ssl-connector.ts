/**
 * What every reactor's clients of TLS do: whom they trust, and what they say when they do not.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import type { IHandshakeListener, TLSClientOptions, TLSServerOptions } from '@sennit/interfaces'
import { type DuplexProtocol, duplexFactory, Factory, handler } from '@sennit/protocol'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import type { ConformanceKit, Maker } from './kit.ts'
import {
  cast,
  clients,
  connectSSL,
  failureOf,
  listenSSL,
  listenTCP,
  sslCase,
  type SSLSurroundings,
  tlsOf,
} from './ssl-scene.ts'
import { ClientKeeper, codeOf, Keeper, Story } from './stream-scene.ts'

/** Wants to know of the handshake. */
class Listening extends AccumulatingProtocol implements IHandshakeListener {
  readonly story: Story
  constructor(story: Story) {
    super({
      onMade: () => story.add('made'),
      onData: () => story.add('data'),
      onClosed: () => story.add('lost'),
    })
    this.story = story
  }
  handshakeCompleted(): void {
    this.story.add('handshake')
  }
}

/** Who is refused, and by what code it is told. */
const REFUSALS: readonly [
  what: string,
  code: RegExp,
  server: () => TLSServerOptions,
  client: () => TLSClientOptions,
][] = [
  ['that has expired', /^CERT_HAS_EXPIRED$/, () => cast().expired, () => cast().trust],
  ['of an authority that is not trusted', /^UNABLE_TO_/, () => cast().server, () => ({})],
  [
    'for another name',
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    () => cast().server,
    () => ({ ...cast().trust, servername: 'elsewhere.example' }),
  ],
  [
    'for a name, when an address is connected to',
    /^ERR_TLS_CERT_ALTNAME_INVALID$/,
    () => cast().other,
    () => cast().trust,
  ],
]

/** What cannot work, and the option that is to blame. */
const MISTAKES: readonly [option: string, tls: () => TLSClientOptions][] = [
  ['ca', () => ({ ca: 'no certificate' })],
  ['ca', () => ({ ca: [cast().trust.ca, Buffer.from('neither')] })],
  ['cert', () => ({ key: cast().client.key })],
  ['key', () => ({ cert: cast().client.cert })],
  ['cert', () => ({ key: cast().client.key, cert: 'garbage' })],
  ['key', () => ({ key: 'garbage', cert: cast().client.cert })],
  ['key', () => ({ key: cast().server.key, cert: cast().client.cert })],
  ['servername', () => ({ servername: '' })],
  ['ALPNProtocols', () => ({ ALPNProtocols: [''] })],
  ['ALPNProtocols', () => ({ ALPNProtocols: ['x'.repeat(256)] })],
  ['minVersion', () => ({ minVersion: 'TLSv1' as 'TLSv1.2' })],
  ['maxVersion', () => ({ minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' })],
  ['ciphers', () => ({ ciphers: 'NO-SUCH-CIPHER' })],
]

/** The part of the suite for TLS that is about connecting. */
export function sslConnectorConformance(kit: ConformanceKit, make: Maker<SSLSurroundings>): void {
  const it = sslCase(kit, make)
  const echo = () =>
    handler(
      async (socket) =>
        void (await socket
          .pipe(socket)
          .on('error', () => {})
          .toArray()),
    )

  kit.describe('IReactorSSL: a handshake', () => {
    it('RX-28 PR-33 is told to protocols that want to know, after makeConnection and before data', async (scene) => {
      const [client, server] = [new Story(), new Story()]
      const port = await listenSSL(scene, new Keeper(() => new Listening(server)))
      const factory = new ClientKeeper(() => new Listening(client))
      connectSSL(scene, port, factory)
      await scene.made.until(() => client.events.includes('handshake') && server.events.includes('handshake'))
      factory.first.transport.write(Buffer.from('x'))
      await scene.made.until(() => server.events.includes('data'))
      factory.first.transport.loseConnection()
      await scene.made.until(() => client.events.includes('lost') && server.events.includes('lost'))
      assert.deepEqual(client.events, ['made', 'handshake', 'lost'])
      assert.deepEqual(server.events, ['made', 'handshake', 'data', 'lost'])
    })

    it('PR-33 is not told when the protocol closes in connectionMade', async (scene) => {
      const story = new Story()
      const port = await listenSSL(scene, new Keeper(() => new AccumulatingProtocol()))
      const factory = new ClientKeeper(() => {
        const protocol = new Listening(story)
        protocol.connectionMade = () => protocol.transport.loseConnection()
        return protocol
      })
      connectSSL(scene, port, factory)
      await scene.made.until(() => factory.loss !== undefined)
      assert.deepEqual(story.events, ['lost'])
    })

    for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
      it(`RX-28 yields who the other side is, over ${version}`, async (scene) => {
        const server = new AccumulatingProtocol()
        const port = await listenSSL(scene, new Keeper(() => server), {
          ...cast().server,
          maxVersion: version,
          ALPNProtocols: ['two', 'one'],
        })
        const factory = clients()
        connectSSL(scene, port, factory, {
          ...cast().trust,
          servername: 'localhost',
          ALPNProtocols: ['one', 'two'],
        })
        await scene.made.until(() => factory.built[0]?.made === true && server.made)
        const { peerCertificate, ...info } = tlsOf(factory.first).getTLSInfo()!
        const { subject } = new X509Certificate(peerCertificate!)
        assert.equal(subject, 'CN=localhost')
        const both = { version, alpnProtocol: 'two', servername: 'localhost' }
        assert.deepEqual(info, { ...both, authorized: true })
        assert.deepEqual(tlsOf(server).getTLSInfo(), {
          ...both,
          authorized: false,
          peerCertificate: undefined,
        })
        factory.first.transport.loseConnection()
      })
    }

    it('checks an address against the certificate when it is what one connects to', async (scene) => {
      const port = await listenSSL(scene, echo())
      const factory = clients()
      connectSSL(scene, port, factory)
      await scene.made.until(() => factory.built[0]?.made === true)
      const { authorized, servername, alpnProtocol } = tlsOf(factory.first).getTLSInfo()!
      assert.deepEqual([authorized, servername, alpnProtocol], [true, undefined, undefined])
      factory.first.transport.loseConnection()
    })

    it('takes whoever is there when it shall not check, and says so', async (scene) => {
      const port = await listenSSL(scene, echo(), cast().expired)
      const factory = clients()
      connectSSL(scene, port, factory, { rejectUnauthorized: false })
      await scene.made.until(() => factory.built[0]?.made === true)
      assert.equal(tlsOf(factory.first).getTLSInfo()?.authorized, false)
      factory.first.transport.loseConnection()
    })

    it('makes a stream of a connection, for a factory of streams', async (scene) => {
      const port = await listenSSL(scene, echo())
      let stream: DuplexProtocol | undefined
      const factory = new ClientKeeper(() => {
        stream = duplexFactory().buildProtocol(port.getHost())
        return stream
      })
      connectSSL(scene, port, factory)
      await scene.made.until(() => stream?.connected === true)
      const got: unknown[] = []
      stream!.on('data', (chunk) => got.push(chunk))
      stream!.end('all of it')
      await scene.made.until(() => factory.loss !== undefined)
      assert.equal(Buffer.concat(got as Buffer[]).toString(), 'all of it')
      assert.equal(factory.loss?.name, 'ConnectionDone')
    })
  })

  kit.describe('IReactorSSL: a handshake that fails', () => {
    for (const [what, code, server, client] of REFUSALS) {
      it(`ER-01 RX-28 refuses a certificate ${what}, and builds no protocol`, async (scene) => {
        const port = await listenSSL(scene, new Keeper(() => new AccumulatingProtocol()), server())
        const factory = clients()
        connectSSL(scene, port, factory, client())
        const error = await failureOf(scene, factory)
        assert.equal(error.name, 'SSLError')
        assert.match(String(codeOf(error)), code)
        assert.match(error.message, /^Cannot connect securely: \S/)
        assert.doesNotMatch(error.message, /\n|routines/)
      })
    }

    it('ER-01 is told when the two sides have no protocol in common', async (scene) => {
      const port = await listenSSL(scene, echo(), { ...cast().server, ALPNProtocols: ['one'] })
      const factory = clients()
      connectSSL(scene, port, factory, { ...cast().trust, ALPNProtocols: ['two'] })
      const error = await failureOf(scene, factory)
      assert.equal(error.name, 'SSLError')
      assert.equal(codeOf(error), 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL')
      assert.match(error.message, /no application protocol/)
      await scene.made.until(() => scene.fact(port, 'handshakeFailures') === 1)
    })

    it('ER-01 is told when the two sides have no version in common', async (scene) => {
      const port = await listenSSL(scene, echo(), { ...cast().server, minVersion: 'TLSv1.3' })
      const factory = clients()
      connectSSL(scene, port, factory, { ...cast().trust, maxVersion: 'TLSv1.2' })
      assert.equal((await failureOf(scene, factory)).name, 'SSLError')
      await scene.made.until(() => scene.fact(port, 'handshakeFailures') === 1)
    })

    it('ER-01 is told when the other side ends the connection', async (scene) => {
      const port = await listenTCP(
        scene,
        new Keeper(
          () => new AccumulatingProtocol({ onData: (_data, { transport }) => transport.loseConnection() }),
        ),
      )
      const factory = clients()
      connectSSL(scene, port, factory)
      const error = await failureOf(scene, factory)
      assert.deepEqual([error.name, codeOf(error)], ['SSLError', 'ECONNRESET'])
    })

    it('ER-01 is told when the other side does not speak TLS', async (scene) => {
      const port = await listenTCP(
        scene,
        new Keeper(
          () =>
            new AccumulatingProtocol({
              onMade: ({ transport }) => transport.write(Buffer.from('220 mail.example ready\r\n')),
            }),
        ),
      )
      const factory = clients()
      connectSSL(scene, port, factory)
      assert.equal((await failureOf(scene, factory)).name, 'SSLError')
    })

    it('is given up after its own time, when the other side is silent', async (scene) => {
      const silent = new Keeper(() => new AccumulatingProtocol())
      const factory = clients()
      const start = scene.made.reactor.seconds()
      connectSSL(scene, await listenTCP(scene, silent), factory, cast().trust, { handshakeTimeout: 0.1 })
      const error = await failureOf(scene, factory)
      assert.deepEqual([error.name, codeOf(error)], ['SSLError', 'ERR_SENNIT_HANDSHAKE_TIMEOUT'])
      assert.ok(scene.made.reactor.seconds() - start >= 0.1 - 1e-9)
      await scene.made.until(() => silent.first.closed)
    })

    it('PR-08 is given up when the time of the whole attempt is over', async (scene) => {
      const silent = new Keeper(() => new AccumulatingProtocol())
      const factory = clients()
      connectSSL(scene, await listenTCP(scene, silent), factory, cast().trust, { timeout: 0.1 })
      assert.equal((await failureOf(scene, factory)).name, 'ConnectionTimeoutError')
      await scene.made.until(() => silent.first.closed)
    })

    it('PR-07 can be stopped', async (scene) => {
      const silent = new Keeper(() => new AccumulatingProtocol())
      const factory = clients()
      const connector = connectSSL(scene, await listenTCP(scene, silent), factory)
      await scene.made.until(() => (silent.built[0]?.data.length ?? 0) > 0)
      connector.stopConnecting()
      assert.equal(factory.failure?.name, 'UserError')
      await scene.made.until(() => silent.first.closed)
    })

    for (const [option, tls] of MISTAKES) {
      it(`refuses options that cannot work before it connects: ${option}`, async (scene) => {
        const port = await listenSSL(scene, new Factory())
        const factory = new ClientKeeper(() => new AccumulatingProtocol())
        factory.onStarted = () => assert.fail('nothing may begin')
        const wrong = { code: 'ERR_SENNIT_TLS_OPTIONS', name: 'TLSOptionsError', option }
        assert.throws(() => connectSSL(scene, port, factory, tls()), wrong)
      })
    }
  })
}
