/**
 * How every reactor makes a running connection private.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type {
  IHalfCloseableProtocol,
  IHandshakeListener,
  IPullProducer,
  IPushProducer,
  StartTLSOptions,
} from '@sennit/interfaces'
import { LineReceiver } from '@sennit/protocol'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import type { ConformanceKit, Maker } from './kit.ts'
import {
  cast,
  clients,
  connectSSL,
  connectTCP,
  listenSSL,
  listenTCP,
  sslCase,
  type SSLScene,
  type SSLSurroundings,
  tlsOf,
} from './ssl-scene.ts'
import { ClientKeeper, codeOf, Keeper } from './stream-scene.ts'

const MEGABYTE = 1024 * 1024

/** What a server says before it makes the connection private. */
const GO = 'go'

const NOTHING = new Uint8Array(0)

/** Keeps in order what it is told. */
class Witness extends AccumulatingProtocol implements IHandshakeListener, IHalfCloseableProtocol {
  readonly story: string[] = []
  onGo: ((rest: Buffer) => void) | undefined
  onHandshake: (() => void) | undefined
  #isPrivate = false

  override connectionMade(): void {
    super.connectionMade()
    this.story.push('made')
  }

  /** The first word comes in clear. */
  override dataReceived(data: Uint8Array): void {
    if (this.onGo === undefined || this.#isPrivate) {
      if (this.story.at(-1) !== 'data') this.story.push('data')
      super.dataReceived(data)
      return
    }
    this.#isPrivate = true
    this.onGo(Buffer.from(data.subarray(GO.length)))
  }

  handshakeCompleted(): void {
    this.story.push('handshake')
    this.onHandshake?.()
  }

  readConnectionLost(): void {
    this.story.push('read')
    this.transport.loseConnection()
  }

  writeConnectionLost(): void {
    this.story.push('write')
  }

  override connectionLost(reason: Error): void {
    super.connectionLost(reason)
    this.story.push('lost')
  }
}

/** Remembers what it is told. */
class Producer implements IPushProducer {
  readonly told: string[] = []
  pauseProducing(): void {
    this.told.push('pause')
  }
  resumeProducing(): void {
    this.told.push('resume')
  }
  stopProducing(): void {
    this.told.push('stop')
  }
}

const asServer = (more: object = {}): StartTLSOptions => ({ isServer: true, ...cast().server, ...more })
const asClient = (more: object = {}): StartTLSOptions => ({ ...cast().trust, ...more })

/** What has come to a protocol, as text. */
const textOf = ({ data }: AccumulatingProtocol) => data.toString()

/** The part of the suite for TLS that is about connections that begin without it. */
export function sslStartConformance(kit: ConformanceKit, make: Maker<SSLSurroundings>): void {
  const it = sslCase(kit, make)

  /** Two protocols that are connected in clear. */
  async function pairOf(scene: SSLScene, client: AccumulatingProtocol, server: AccumulatingProtocol) {
    const port = await listenTCP(scene, new Keeper(() => server))
    const factory = new ClientKeeper(() => client)
    connectTCP(scene, port, factory)
    await scene.made.until(() => client.made && server.made)
    return { port, factory }
  }

  /** The same; when one says the word, both make the connection private. */
  async function startingPair(
    scene: SSLScene,
    { client = asClient(), server = asServer() }: { client?: StartTLSOptions; server?: StartTLSOptions } = {},
  ) {
    const [one, other] = [new Witness(), new Witness()]
    other.onGo = (received) => tlsOf(other).startTLS({ ...server, received })
    const { factory, port } = await pairOf(scene, one, other)
    const start = () => {
      one.transport.write(Buffer.from(GO))
      tlsOf(one).startTLS(client)
    }
    return { client: one, server: other, start, factory, port }
  }

  kit.describe('ITLSTransport: startTLS', () => {
    it('PR-13 is ended in an orderly way by who says something and closes as soon as it is private', async (scene) => {
      const [client, server] = [new Witness(), new Witness()]
      await pairOf(scene, client, server)
      server.onHandshake = () => {
        server.transport.write(Buffer.from('bye'))
        server.transport.loseConnection()
      }
      tlsOf(server).startTLS(asServer())
      tlsOf(client).startTLS(asClient())
      await scene.made.until(() => client.closed && server.closed)
      assert.equal(textOf(client), 'bye')
      assert.equal(client.closedReason?.name, 'ConnectionDone')
    })

    it('PR-33 makes a connection private, and tells both sides when it is', async (scene) => {
      const { client, server, start } = await startingPair(scene)
      assert.equal(tlsOf(client).getTLSInfo(), undefined)
      start()
      client.transport.write(Buffer.from('from the client'))
      await scene.made.until(() => server.story.includes('data'))
      server.transport.write(Buffer.from('from the server'))
      await scene.made.until(() => client.story.includes('data'))
      assert.equal(textOf(server), 'from the client')
      assert.equal(textOf(client), 'from the server')
      assert.equal(tlsOf(client).getTLSInfo()?.authorized, true)
      assert.equal(tlsOf(server).getTLSInfo()?.version, 'TLSv1.3')
      client.transport.loseConnection()
      await scene.made.until(() => client.closed && server.closed)
      assert.deepEqual(client.story, ['made', 'handshake', 'data', 'lost'])
      assert.deepEqual(server.story, ['made', 'handshake', 'data', 'read', 'lost'])
      assert.equal(client.closedReason?.name, 'ConnectionDone')
      assert.equal(server.closedReason?.name, 'ConnectionDone')
    })

    it('PR-33 asks no protocol that does not want to know', async (scene) => {
      const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
      await pairOf(scene, client, server)
      tlsOf(server).startTLS(asServer())
      tlsOf(client).startTLS(asClient())
      client.transport.write(Buffer.from('private'))
      await scene.made.until(() => textOf(server) === 'private')
      client.transport.loseConnection()
    })

    it('takes a protocol that speaks TLS 1.2', async (scene) => {
      const { client, server, start } = await startingPair(scene, {
        client: asClient({ maxVersion: 'TLSv1.2', ALPNProtocols: ['one'] }),
        server: asServer({ ALPNProtocols: ['one'] }),
      })
      start()
      await scene.made.until(() => client.story.includes('handshake') && server.story.includes('handshake'))
      const { version, alpnProtocol } = tlsOf(server).getTLSInfo()!
      assert.deepEqual([version, alpnProtocol], ['TLSv1.2', 'one'])
      client.transport.loseConnection()
    })

    it('sends in clear what was written before, however much, and keeps the order', async (scene) => {
      const [client, server] = [new AccumulatingProtocol(), new Witness()]
      const [clear, hidden] = [Buffer.alloc(2 * MEGABYTE, 'clear '), Buffer.alloc(2 * MEGABYTE, 'hidden ')]
      let length = 0
      client.dataReceived = (data) => {
        client.chunks.push(data)
        length += data.length
        if (length === clear.length) tlsOf(client).startTLS(asClient())
      }
      await pairOf(scene, client, server)
      client.transport.pauseProducing()
      server.transport.write(clear)
      tlsOf(server).startTLS(asServer())
      server.transport.write(hidden)
      server.transport.writeSequence([Buffer.from('the'), Buffer.from(' end')])
      await scene.made.pass(0.05)
      client.transport.resumeProducing()
      await scene.made.until(() => length === clear.length + hidden.length + 7)
      assert.ok(client.data.equals(Buffer.concat([clear, hidden, Buffer.from('the end')])))
      client.transport.loseConnection()
    })

    it('can be called in connectionMade', async (scene) => {
      const server = new Witness()
      server.connectionMade = () => tlsOf(server).startTLS(asServer())
      const port = await listenTCP(scene, new Keeper(() => server))
      const client = new AccumulatingProtocol({
        onMade: (protocol) => {
          tlsOf(protocol).startTLS(asClient())
          protocol.transport.write(Buffer.from('private'))
        },
      })
      connectTCP(scene, port, new ClientKeeper(() => client))
      await scene.made.until(() => textOf(server) === 'private')
      client.transport.loseConnection()
    })

    it('expects the certificate of the host that was connected to', async (scene) => {
      const { client, start } = await startingPair(scene, { server: asServer(cast().other) })
      start()
      await scene.made.until(() => client.closed)
      assert.equal(codeOf(client.closedReason), 'ERR_TLS_CERT_ALTNAME_INVALID')
    })

    it('sends nothing private before the other side has proved who it is', async (scene) => {
      const { client, server, start } = await startingPair(scene, { client: {} })
      start()
      client.transport.write(Buffer.from('secret'))
      await scene.made.until(() => client.closed && server.closed)
      assert.equal(server.data.length, 0)
      assert.match(String(codeOf(client.closedReason)), /^UNABLE_TO_/)
    })
  })

  kit.describe('ITLSTransport: clear bytes', () => {
    it('that come once TLS was asked for are never taken for private ones', async (scene) => {
      const [client, server] = [new AccumulatingProtocol(), new Witness()]
      server.onGo = () => tlsOf(server).startTLS(asServer())
      await pairOf(scene, client, server)
      client.transport.write(Buffer.from(GO))
      await scene.made.pass(0.05)
      client.transport.write(Buffer.from('a command in clear\r\n'.repeat(100)))
      await scene.made.until(() => server.closed)
      assert.deepEqual(server.story, ['made', 'lost'])
      assert.ok(server.closedReason instanceof Error)
      assert.equal(server.closedReason.name, 'ConnectionLost')
      assert.equal((server.closedReason.cause as Error).name, 'SSLError')
    })

    it('that came in one chunk with what asked for TLS are given to the handshake, which refuses them', async (scene) => {
      const lines: string[] = []
      let loss: Error | undefined
      class Upgrading extends LineReceiver {
        override lineReceived(line: Buffer): void {
          lines.push(line.toString())
          const transport = this.transport as unknown as ReturnType<typeof tlsOf>
          if (lines.length === 1) transport.startTLS(asServer({ received: this.clearLineBuffer() }))
        }
        override connectionLost(reason: Error): void {
          super.connectionLost(reason)
          loss = reason
        }
      }
      const port = await listenTCP(scene, new Keeper(() => new Upgrading()))
      const factory = clients()
      connectTCP(scene, port, factory)
      await scene.made.until(() => factory.built[0]?.made === true)
      factory.first.transport.write(Buffer.from('STARTTLS\r\n' + 'injected\r\n'.repeat(50)))
      await scene.made.until(() => loss !== undefined)
      assert.deepEqual(lines, ['STARTTLS'])
      assert.equal(loss?.name, 'ConnectionLost')
    })
  })

  kit.describe('ITLSTransport: flow control within the handshake', () => {
    it('PR-21 stays paused when it was', async (scene) => {
      const { client, server, start } = await startingPair(scene)
      start()
      client.transport.pauseProducing()
      await scene.made.until(() => server.story.includes('handshake'))
      server.transport.write(Buffer.from('held'))
      await scene.made.pass(0.05)
      assert.deepEqual(client.story, ['made', 'handshake'])
      client.transport.resumeProducing()
      await scene.made.until(() => textOf(client) === 'held')
      client.transport.loseConnection()
    })

    it('PR-21 goes on when it is resumed', async (scene) => {
      const [client, server] = [new Witness(), new Witness()]
      await pairOf(scene, client, server)
      client.transport.pauseProducing()
      tlsOf(server).startTLS(asServer())
      tlsOf(client).startTLS(asClient())
      client.transport.resumeProducing()
      server.transport.write(Buffer.from('now'))
      await scene.made.until(() => textOf(client) === 'now')
      client.transport.loseConnection()
    })

    it('PR-19 pauses a push producer, and resumes it when what was written is sent', async (scene) => {
      const { client, server, start } = await startingPair(scene)
      const producer = new Producer()
      client.transport.registerProducer(producer, true)
      start()
      assert.deepEqual(producer.told, ['pause'])
      client.transport.write(Buffer.alloc(100_000))
      await scene.made.until(() => producer.told.length > 1)
      assert.deepEqual(producer.told, ['pause', 'resume'])
      await scene.made.until(() => server.data.length === 100_000)
      client.transport.unregisterProducer()
      client.transport.loseConnection()
    })

    it('PR-19 asks a pull producer when the handshake is done', async (scene) => {
      const { client, server, start } = await startingPair(scene)
      start()
      let asked = 0
      const producer: IPullProducer = {
        resumeProducing() {
          asked++
          client.transport.write(Buffer.from(String(asked)))
          if (asked === 3) client.transport.unregisterProducer()
        },
        stopProducing() {},
      }
      client.transport.registerProducer(producer, false)
      assert.equal(asked, 0)
      await scene.made.until(() => textOf(server) === '123')
      client.transport.loseConnection()
    })

    it('PR-20 stops the producer when the handshake fails', async (scene) => {
      const { client, start } = await startingPair(scene, { client: {} })
      start()
      const producer = new Producer()
      client.transport.registerProducer(producer, true)
      await scene.made.until(() => client.closed)
      assert.deepEqual(producer.told, ['pause', 'stop'])
    })
  })

  kit.describe('ITLSTransport: ending within the handshake', () => {
    it('PR-13 sends what was written, in private, then closes', async (scene) => {
      const { client, server, start } = await startingPair(scene)
      start()
      client.transport.write(Buffer.from('the last word'))
      client.transport.loseConnection()
      client.transport.write(Buffer.from('too late'))
      await scene.made.until(() => client.closed && server.closed)
      assert.equal(textOf(server), 'the last word')
      assert.deepEqual(client.story, ['made', 'lost'])
      assert.equal(client.closedReason?.name, 'ConnectionDone')
    })

    it('PR-15 ends one direction once all is sent', async (scene) => {
      const { client, server, start } = await startingPair(scene)
      start()
      client.transport.write(Buffer.from('question'))
      client.transport.loseWriteConnection()
      await scene.made.until(() => server.closed && client.closed)
      assert.equal(textOf(server), 'question')
      assert.ok(client.story.includes('write'))
      assert.equal(client.closedReason?.name, 'ConnectionDone')
    })

    it('PR-14 aborts at once, with the reason that it was given', async (scene) => {
      const [client, server] = [new Witness(), new AccumulatingProtocol()]
      const { factory } = await pairOf(scene, client, server)
      const reason = new Error('enough')
      tlsOf(client).startTLS(asClient())
      client.transport.abortConnection(reason)
      assert.equal(client.closed, false)
      await scene.made.until(() => client.closed && server.closed)
      assert.equal(client.closedReason, reason)
      assert.equal(factory.loss, reason)
      assert.deepEqual(client.story, ['made', 'lost'])
    })

    it('PR-02 is a loss when the other side goes', async (scene) => {
      const [client, server] = [new Witness(), new AccumulatingProtocol()]
      await pairOf(scene, client, server)
      tlsOf(client).startTLS(asClient())
      server.transport.loseConnection()
      await scene.made.until(() => client.closed)
      assert.ok(client.closedReason instanceof Error)
      assert.equal(client.closedReason.name, 'ConnectionLost')
      assert.equal((client.closedReason.cause as Error).name, 'SSLError')
    })

    it('PR-02 is a loss when the other side is silent for too long', async (scene) => {
      const client = new Witness()
      await pairOf(scene, client, new AccumulatingProtocol())
      tlsOf(client).startTLS(asClient({ handshakeTimeout: 0.1 }))
      client.transport.loseConnection()
      await scene.made.until(() => client.closed)
      assert.equal(codeOf(client.closedReason), 'ERR_SENNIT_HANDSHAKE_TIMEOUT')
      assert.deepEqual(client.story, ['made', 'lost'])
    })

    it('PR-17 cuts the connection when handshakeCompleted throws, and logs it', async (scene) => {
      const error = new Error('boom')
      const { client, server, start } = await startingPair(scene)
      client.onHandshake = () => {
        throw error
      }
      start()
      await scene.made.until(() => client.closed && server.closed)
      assert.equal(client.closedReason, error)
      assert.deepEqual(scene.log.errors(), [error])
    })

    it('PR-13 may end in handshakeCompleted', async (scene) => {
      const { client, server, start } = await startingPair(scene)
      client.onHandshake = () => {
        client.transport.write(Buffer.from('bye'))
        client.transport.loseConnection()
      }
      start()
      await scene.made.until(() => client.closed && server.closed)
      assert.equal(textOf(server), 'bye')
      assert.equal(client.closedReason?.name, 'ConnectionDone')
    })
  })

  kit.describe('ITLSTransport: what cannot be done', () => {
    const twice = { name: 'StartTLSError', code: 'ERR_SENNIT_START_TLS' }

    it('refuses to make a connection private twice', async (scene) => {
      const { client, start } = await startingPair(scene)
      start()
      assert.throws(() => tlsOf(client).startTLS(asClient()), twice)
      await scene.made.until(() => client.story.includes('handshake'))
      assert.throws(() => tlsOf(client).startTLS(asClient()), twice)
      client.transport.loseConnection()
    })

    it('refuses to do so for a connection that has begun so', async (scene) => {
      const port = await listenSSL(scene, new Keeper(() => new AccumulatingProtocol()))
      const factory = clients()
      connectSSL(scene, port, factory)
      await scene.made.until(() => factory.built[0]?.made === true)
      assert.throws(() => tlsOf(factory.first).startTLS(asClient()), twice)
      factory.first.transport.loseConnection()
    })

    it('refuses to do so when the writing side is closed', async (scene) => {
      const { client } = await startingPair(scene)
      client.transport.loseWriteConnection()
      assert.throws(() => tlsOf(client).startTLS(asClient()), twice)
    })

    it('refuses options that cannot work, and goes on in clear', async (scene) => {
      const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
      await pairOf(scene, client, server)
      const wrong = { name: 'TLSOptionsError', code: 'ERR_SENNIT_TLS_OPTIONS' }
      assert.throws(() => tlsOf(server).startTLS({ isServer: true }), wrong)
      assert.throws(() => tlsOf(client).startTLS({ ca: 'garbage' }), wrong)
      client.transport.write(Buffer.from('in clear'))
      await scene.made.until(() => textOf(server) === 'in clear')
      client.transport.loseConnection()
    })

    it('does nothing once the connection closes, or is gone', async (scene) => {
      const { client, server } = await startingPair(scene)
      client.transport.loseConnection()
      tlsOf(client).startTLS(asClient())
      await scene.made.until(() => client.closed && server.closed)
      tlsOf(client).startTLS(asClient({ received: NOTHING }))
      assert.equal(client.closedReason?.name, 'ConnectionDone')
    })
  })
}
