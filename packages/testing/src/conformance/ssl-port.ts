/**
 * What every reactor's servers of TLS do.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { X509Certificate } from 'node:crypto'
import type { IListeningPort, ITLSPort, TLSClientOptions, TLSServerOptions } from '@sennit/interfaces'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import type { ConformanceKit, Maker } from './kit.ts'
import {
  cast,
  clients,
  connectSSL,
  connectTCP,
  failureOf,
  listenSSL,
  sslCase,
  type SSLScene,
  type SSLSurroundings,
  tlsOf,
} from './ssl-scene.ts'
import { codeOf, Keeper } from './stream-scene.ts'

const keeper = () => new Keeper(() => new AccumulatingProtocol())

/** The subject of the certificate that a server shows. */
async function shownTo(
  scene: SSLScene,
  port: IListeningPort,
  servername: string,
  more: TLSClientOptions = {},
): Promise<string> {
  const factory = clients()
  connectSSL(scene, port, factory, { ...cast().trust, rejectUnauthorized: false, servername, ...more })
  await scene.made.until(() => factory.built[0]?.made === true)
  const { peerCertificate } = tlsOf(factory.first).getTLSInfo()!
  factory.first.transport.loseConnection()
  await scene.made.until(() => factory.loss !== undefined)
  return new X509Certificate(peerCertificate!).subject
}

/** What no server can speak TLS with, and the option that is to blame. */
const MISTAKES: readonly [option: string, tls: () => TLSServerOptions][] = [
  ['cert', () => ({})],
  ['key', () => ({ cert: cast().server.cert })],
  ['key', () => ({ ...cast().server, key: cast().other.key })],
  ['cert', () => ({ ...cast().server, cert: 'garbage' })],
  ['ALPNProtocols', () => ({ ...cast().server, ALPNProtocols: 'h2' as unknown as string[] })],
  ['serverNames["a b"]', () => ({ ...cast().server, serverNames: { 'a b': cast().other } })],
  ['serverNames["a"]', () => ({ ...cast().server, serverNames: { a: {} } })],
]

/** The part of the suite for TLS that is about listening. */
export function sslPortConformance(kit: ConformanceKit, make: Maker<SSLSurroundings>): void {
  const it = sslCase(kit, make)

  kit.describe('IReactorSSL: whoever does not speak TLS', () => {
    it('is not served, and closed after a time when it is silent', async (scene) => {
      const server = keeper()
      const port = await listenSSL(scene, server, cast().server, { handshakeTimeout: 0.2 })
      const silent = Array.from({ length: 10 }, clients)
      for (const each of silent) connectTCP(scene, port, each)
      await scene.made.until(() => scene.fact(port, 'handshakes') === silent.length)
      assert.deepEqual([scene.fact(port, 'connections'), scene.fact(port, 'accepted')], [0, 0])
      await scene.made.until(() => silent.every(({ loss }) => loss !== undefined))
      assert.equal(server.built.length, 0)
      await scene.made.until(() => scene.fact(port, 'handshakeFailures') === silent.length)
      assert.equal(scene.fact(port, 'handshakes'), 0)
    })

    for (const [what, text] of [
      ['HTTP', 'GET / HTTP/1.1\r\nHost: x\r\n\r\n'],
      ['rubbish', '\x16\x03\x01\xff\xff rubbish \x00\x01\x02'.repeat(20)],
    ] as const) {
      it(`is closed, and counted, when it speaks ${what}; the port goes on`, async (scene) => {
        const server = keeper()
        const port = await listenSSL(scene, server)
        const rude = clients()
        connectTCP(scene, port, rude)
        await scene.made.until(() => rude.built[0]?.made === true)
        rude.first.transport.write(Buffer.from(text, 'latin1'))
        await scene.made.until(() => rude.loss !== undefined)
        await scene.made.until(() => scene.fact(port, 'handshakeFailures') === 1)
        const polite = clients()
        connectSSL(scene, port, polite)
        await scene.made.until(() => server.built[0]?.made === true)
        assert.deepEqual(scene.log.messages('error'), [])
        polite.first.transport.loseConnection()
      })
    }

    it('is closed when it leaves in the middle of its handshake', async (scene) => {
      const port = await listenSSL(scene, keeper())
      const rude = clients()
      connectTCP(scene, port, rude)
      await scene.made.until(() => rude.built[0]?.made === true)
      rude.first.transport.write(Buffer.from([0x16, 0x03]))
      rude.first.transport.loseConnection()
      await scene.made.until(() => scene.fact(port, 'handshakeFailures') === 1)
      assert.equal(scene.fact(port, 'handshakes'), 0)
    })

    it('does not hold up a port that stops', async (scene) => {
      const port = await listenSSL(scene, keeper(), cast().server, { drainTimeout: 30 })
      const silent = clients()
      connectTCP(scene, port, silent)
      await scene.made.until(() => scene.fact(port, 'handshakes') === 1)
      const start = scene.made.reactor.seconds()
      await scene.made.run(port.stopListening())
      assert.ok(scene.made.reactor.seconds() - start < 5)
      await scene.made.until(() => silent.loss !== undefined)
    })

    it('takes the place of a connection', async (scene) => {
      const server = keeper()
      const port = await listenSSL(scene, server, cast().server, { maxConnections: 1 })
      const silent = clients()
      connectTCP(scene, port, silent)
      await scene.made.until(() => scene.fact(port, 'handshakes') === 1)
      const other = clients()
      connectSSL(scene, port, other)
      await failureOf(scene, other)
      assert.equal(scene.fact(port, 'refused'), 1)
      silent.first.transport.loseConnection()
      await scene.made.until(() => scene.fact(port, 'handshakes') === 0)
      const third = clients()
      connectSSL(scene, port, third)
      await scene.made.until(() => server.built[0]?.made === true)
      third.first.transport.loseConnection()
    })
  })

  kit.describe("IReactorSSL: clients' certificates", () => {
    const asking = () => ({ ...cast().server, requestCert: true, ca: cast().authority.cert })

    it('are asked for, and shown to the protocol', async (scene) => {
      const server = keeper()
      const port = await listenSSL(scene, server, asking())
      const factory = clients()
      connectSSL(scene, port, factory, { ...cast().trust, ...cast().client })
      await scene.made.until(() => server.built[0]?.made === true)
      const { authorized, peerCertificate } = tlsOf(server.first).getTLSInfo()!
      assert.equal(authorized, true)
      assert.equal(new X509Certificate(peerCertificate!).subject, 'CN=a client')
      factory.first.transport.loseConnection()
    })

    it('must be there: over TLS 1.2 the attempt fails', async (scene) => {
      const server = keeper()
      const port = await listenSSL(scene, server, { ...asking(), maxVersion: 'TLSv1.2' })
      const factory = clients()
      connectSSL(scene, port, factory)
      assert.equal((await failureOf(scene, factory)).name, 'SSLError')
      await scene.made.until(() => scene.fact(port, 'handshakeFailures') === 1)
      assert.equal(server.built.length, 0)
    })

    it('must be there: over TLS 1.3 the connection is lost, and says why', async (scene) => {
      const server = keeper()
      const port = await listenSSL(scene, server, asking())
      const factory = clients()
      connectSSL(scene, port, factory)
      await scene.made.until(() => factory.loss !== undefined)
      assert.equal(factory.loss?.name, 'ConnectionLost')
      assert.equal(codeOf(factory.loss), 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')
      assert.match(factory.loss!.message, /certificate required/)
      await scene.made.until(() => scene.fact(port, 'handshakeFailures') === 1)
      assert.equal(server.built.length, 0)
    })

    it('must be trusted', async (scene) => {
      const server = keeper()
      const port = await listenSSL(scene, server, asking())
      const factory = clients()
      connectSSL(scene, port, factory, { ...cast().trust, ...cast().strange })
      await scene.made.until(() => (factory.loss ?? factory.failure) !== undefined)
      assert.notEqual(factory.loss?.name, 'ConnectionDone')
      await scene.made.until(() => scene.fact(port, 'handshakeFailures') === 1)
      assert.equal(server.built.length, 0)
    })

    it('may be missing, or strange, when it says so', async (scene) => {
      const server = keeper()
      const port = await listenSSL(scene, server, { ...asking(), rejectUnauthorized: false })
      for (const tls of [cast().trust, { ...cast().trust, ...cast().strange }]) {
        const factory = clients()
        const before = server.built.length
        connectSSL(scene, port, factory, tls)
        await scene.made.until(() => server.built[before]?.made === true)
        assert.equal(tlsOf(server.built[before]!).getTLSInfo()?.authorized, false)
        factory.first.transport.loseConnection()
      }
    })
  })

  kit.describe('IReactorSSL: a server with several names', () => {
    const names = (): TLSServerOptions => ({
      ...cast().server,
      serverNames: { 'Other.example': cast().other, '*.wild.example': cast().wild },
    })

    for (const [asked, shown] of [
      ['other.example', 'other.example'],
      ['OTHER.EXAMPLE', 'other.example'],
      ['a.wild.example', '*.wild.example'],
      ['a.b.wild.example', 'localhost'],
      ['wild.example', 'localhost'],
      ['elsewhere.example', 'localhost'],
      ['constructor', 'localhost'],
    ] as const) {
      it(`shows the certificate of ${shown} to who asks for ${asked}`, async (scene) => {
        const port = await listenSSL(scene, keeper(), names())
        assert.equal(await shownTo(scene, port, asked), `CN=${shown}`)
      })
    }

    it('does without one of its own', async (scene) => {
      const port = await listenSSL(scene, keeper(), { serverNames: { 'other.example': cast().other } })
      assert.equal(await shownTo(scene, port, 'other.example'), 'CN=other.example')
      const factory = clients()
      connectSSL(scene, port, factory)
      assert.equal((await failureOf(scene, factory)).name, 'SSLError')
    })
  })

  kit.describe('IReactorSSL: exchanging credentials', () => {
    it('holds for new handshakes, and leaves connections alone', async (scene) => {
      const server = keeper()
      const port = await listenSSL(scene, server)
      const old = clients()
      connectSSL(scene, port, old)
      await scene.made.until(() => server.built[0]?.made === true && old.built[0]?.made === true)
      ;(port as IListeningPort & ITLSPort).setTLSOptions(cast().other)
      assert.equal(await shownTo(scene, port, 'localhost'), 'CN=other.example')
      old.first.transport.write(Buffer.from('still here'))
      await scene.made.until(() => server.first.data.toString() === 'still here')
      old.first.transport.loseConnection()
    })

    for (const [option, tls] of MISTAKES) {
      it(`refuses what cannot work, and goes on with the old: ${option}`, async (scene) => {
        const port = await listenSSL(scene, keeper())
        const wrong = { code: 'ERR_SENNIT_TLS_OPTIONS', name: 'TLSOptionsError', option }
        assert.throws(() => (port as IListeningPort & ITLSPort).setTLSOptions(tls()), wrong)
        assert.equal(await shownTo(scene, port, 'localhost'), 'CN=localhost')
      })

      it(`RX-28 does not listen with what cannot work: ${option}`, async (scene) => {
        const wrong = { code: 'ERR_SENNIT_TLS_OPTIONS', name: 'TLSOptionsError', option }
        await assert.rejects(listenSSL(scene, keeper(), tls()), wrong)
      })
    }
  })
}
