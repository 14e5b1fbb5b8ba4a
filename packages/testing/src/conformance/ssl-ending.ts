/**
 * How every reactor tells an encrypted connection that has ended from one that was cut.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { IHalfCloseableProtocol, IListeningPort } from '@sennit/interfaces'
import { handler } from '@sennit/protocol'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import type { ConformanceKit, Maker } from './kit.ts'
import {
  clients,
  connectSSL,
  connectTCP,
  listenSSL,
  listenTCP,
  sslCase,
  type SSLScene,
  type SSLSurroundings,
} from './ssl-scene.ts'
import { ClientKeeper, codeOf, Keeper } from './stream-scene.ts'

/** Handles the two directions apart. */
class HalfCloser extends AccumulatingProtocol implements IHalfCloseableProtocol {
  readonly halves: string[] = []
  readConnectionLost(): void {
    this.halves.push('read')
  }
  writeConnectionLost(): void {
    this.halves.push('write')
  }
}

/** Somebody on the way, who passes on what comes, and can end both connections. */
class Middleman {
  readonly #near: Keeper<AccumulatingProtocol>
  readonly #far = clients()
  port!: IListeningPort

  constructor(scene: SSLScene, to: IListeningPort) {
    const waiting: Uint8Array[] = []
    this.#far = new ClientKeeper(
      () =>
        new AccumulatingProtocol({
          onMade: ({ transport }) => transport.writeSequence(waiting.splice(0)),
          onData: (data) => this.#near.first.transport.write(data),
          onClosed: () => this.#near.first.transport.loseConnection(),
        }),
    )
    this.#near = new Keeper(
      () =>
        new AccumulatingProtocol({
          onMade: () => void connectTCP(scene, to, this.#far),
          onData: (data) => {
            const far = this.#far.built[0]
            if (far?.made) far.transport.write(data)
            else waiting.push(data)
          },
          onClosed: () => this.#far.built[0]?.transport.loseConnection(),
        }),
    )
  }

  static async between(scene: SSLScene, to: IListeningPort): Promise<Middleman> {
    const middleman = new Middleman(scene, to)
    middleman.port = await listenTCP(scene, middleman.#near)
    return middleman
  }

  /** Ends both connections, as if each side had. */
  end(): void {
    this.#near.first.transport.loseConnection()
    this.#far.first.transport.loseConnection()
  }
}

/** The part of the suite for TLS that is about ends. */
export function sslEndingConformance(kit: ConformanceKit, make: Maker<SSLSurroundings>): void {
  const it = sslCase(kit, make)

  /** Two connected protocols, and who is between them. */
  async function pairOf(scene: SSLScene, client: AccumulatingProtocol, server: AccumulatingProtocol) {
    const port = await listenSSL(scene, new Keeper(() => server))
    const middleman = await Middleman.between(scene, port)
    connectSSL(scene, middleman.port, new ClientKeeper(() => client))
    await scene.made.until(() => client.made && server.made)
    return middleman
  }

  kit.describe('IReactorSSL: the end of a connection', () => {
    it('is clean when the other side has said it', async (scene) => {
      const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
      await pairOf(scene, client, server)
      client.transport.write(Buffer.from('all of it'))
      client.transport.loseConnection()
      await scene.made.until(() => client.closed && server.closed)
      assert.equal(server.data.toString(), 'all of it')
      assert.equal(client.closedReason?.name, 'ConnectionDone')
      assert.equal(server.closedReason?.name, 'ConnectionDone')
    })

    it('PR-13 is clean when the first that a server does is to say something and close', async (scene) => {
      const server = new AccumulatingProtocol({
        onMade: ({ transport }) => {
          transport.write(Buffer.from('421 busy'))
          transport.loseConnection()
        },
      })
      const client = new AccumulatingProtocol()
      const port = await listenSSL(scene, new Keeper(() => server))
      connectSSL(scene, port, new ClientKeeper(() => client))
      await scene.made.until(() => client.closed && server.closed)
      assert.equal(client.data.toString(), '421 busy')
      assert.equal(client.closedReason?.name, 'ConnectionDone')
    })

    it('PR-13 is told to a server whose client closes as soon as it is connected', async (scene) => {
      const client = new AccumulatingProtocol({ onMade: ({ transport }) => transport.loseConnection() })
      const server = new AccumulatingProtocol()
      const port = await listenSSL(scene, new Keeper(() => server))
      connectSSL(scene, port, new ClientKeeper(() => client))
      await scene.made.until(() => server.closed)
      assert.equal(server.closedReason?.name, 'ConnectionDone')
    })

    it('PR-13 is clean when a handler says something and returns at once', async (scene) => {
      const client = new AccumulatingProtocol()
      const port = await listenSSL(
        scene,
        handler(async (stream) => void stream.write('bye')),
      )
      connectSSL(scene, port, new ClientKeeper(() => client))
      await scene.made.until(() => client.closed)
      assert.equal(client.data.toString(), 'bye')
      assert.equal(client.closedReason?.name, 'ConnectionDone')
    })

    it('is a loss to both sides when somebody on the way has cut it', async (scene) => {
      const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
      const middleman = await pairOf(scene, client, server)
      client.transport.write(Buffer.from('a part of it'))
      await scene.made.until(() => server.data.length > 0)
      middleman.end()
      await scene.made.until(() => client.closed && server.closed)
      assert.equal(server.data.toString(), 'a part of it')
      for (const { closedReason } of [client, server]) {
        assert.equal(closedReason?.name, 'ConnectionLost')
        assert.equal(codeOf(closedReason), 'ERR_SENNIT_TLS_TRUNCATED')
      }
    })

    it('is a loss also when nothing was read for a while, after all that has come', async (scene) => {
      const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
      const middleman = await pairOf(scene, client, server)
      server.transport.pauseProducing()
      client.transport.write(Buffer.alloc(100_000))
      await scene.made.pass(0.05)
      middleman.end()
      await scene.made.pass(0.05)
      server.transport.resumeProducing()
      await scene.made.until(() => server.closed)
      assert.equal(codeOf(server.closedReason), 'ERR_SENNIT_TLS_TRUNCATED')
      assert.equal(server.data.length, 100_000)
    })

    it('is clean also when nothing was read for a while', async (scene) => {
      const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
      await pairOf(scene, client, server)
      server.transport.pauseProducing()
      client.transport.write(Buffer.alloc(100_000))
      client.transport.loseConnection()
      await scene.made.pass(0.05)
      server.transport.resumeProducing()
      await scene.made.until(() => server.closed)
      assert.equal(server.data.length, 100_000)
      assert.equal(server.closedReason?.name, 'ConnectionDone')
    })

    it('PR-15 is no end of one direction when it was cut', async (scene) => {
      const [client, server] = [new HalfCloser(), new HalfCloser()]
      const middleman = await pairOf(scene, client, server)
      client.transport.loseWriteConnection()
      await scene.made.until(() => server.halves.length > 0)
      middleman.end()
      await scene.made.until(() => client.closed)
      assert.deepEqual(client.halves, ['write'])
      assert.equal(codeOf(client.closedReason), 'ERR_SENNIT_TLS_TRUNCATED')
      server.transport.loseConnection()
    })

    it('is of no interest to a side that has closed', async (scene) => {
      const [client, server] = [new AccumulatingProtocol(), new HalfCloser()]
      const middleman = await pairOf(scene, client, server)
      client.transport.loseConnection()
      await scene.made.until(() => server.halves.length > 0)
      middleman.end()
      await scene.made.until(() => client.closed)
      assert.equal(client.closedReason?.name, 'ConnectionDone')
      server.transport.loseConnection()
    })

    it('fails a stream that was cut, once all that has come is read', async (scene) => {
      let got = ''
      let failure: unknown
      const port = await listenSSL(
        scene,
        handler(async (stream) => {
          try {
            for await (const chunk of stream) got += String(chunk)
          } catch (error) {
            failure = error
          }
        }),
      )
      const middleman = await Middleman.between(scene, port)
      const factory = clients()
      connectSSL(scene, middleman.port, factory)
      await scene.made.until(() => factory.built[0]?.made === true)
      factory.first.transport.write(Buffer.from('a part of it'))
      await scene.made.until(() => got !== '')
      middleman.end()
      await scene.made.until(() => failure !== undefined)
      assert.equal(got, 'a part of it')
      assert.equal(codeOf(failure), 'ERR_SENNIT_TLS_TRUNCATED')
      await scene.made.until(() => scene.fact(port, 'connections') === 0)
    })
  })
}
