/**
 * What every reactor's transports do.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import { streamCase } from './stream-case.ts'
import { ClientKeeper, Keeper, type StreamSuite } from './stream-scene.ts'

const two = () => [new AccumulatingProtocol(), new AccumulatingProtocol()] as const

/** The part of the suites for streams that is about connections. */
export function streamTransportConformance(suite: StreamSuite): void {
  const { kit, role } = suite
  const it = streamCase(suite)

  kit.describe(`${role}: a connection`, () => {
    it('PR-01 PR-02 carries bytes both ways, in order', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      for (let i = 0; i < 100; i++) {
        client.transport.write(Buffer.from(`c${i};`))
        server.transport.write(Buffer.from(`s${i};`))
      }
      const all = (side: string) => Array.from({ length: 100 }, (_, i) => `${side}${i};`).join('')
      await scene.made.until(
        () => client.data.length === all('s').length && server.data.length === all('c').length,
      )
      assert.equal(client.data.toString(), all('s'))
      assert.equal(server.data.toString(), all('c'))
    })

    it('PR-02 hands out chunks that stay as they are', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      const bytes = Buffer.from('before')
      client.transport.write(bytes)
      await scene.made.until(() => server.data.length === 6)
      bytes.fill('x')
      client.transport.write(Buffer.from('after'))
      await scene.made.until(() => server.data.length === 11)
      assert.equal(server.data.toString(), 'beforeafter')
    })

    it('PR-12 takes bytes only', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      for (const data of ['text', 1, null, undefined, [1], new ArrayBuffer(1)]) {
        assert.throws(() => client.transport.write(data as unknown as Uint8Array), {
          code: 'ERR_SENNIT_BYTES',
        })
      }
      client.transport.write(new Uint8Array([104, 105]))
      await scene.made.until(() => server.data.toString() === 'hi')
    })

    it('PR-12 takes an empty chunk', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      client.transport.write(Buffer.alloc(0))
      client.transport.write(Buffer.from('a'))
      await scene.made.until(() => server.data.length > 0)
      assert.equal(server.data.toString(), 'a')
    })

    it('PR-12 sends several chunks in order', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      client.transport.write(Buffer.from('1'))
      client.transport.writeSequence(['2', '3', '4'].map((text) => Buffer.from(text)))
      client.transport.write(Buffer.from('5'))
      await scene.made.until(() => server.data.length === 5)
      assert.equal(server.data.toString(), '12345')
    })

    it('PR-12 sends nothing of a sequence in which something is no bytes', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      const sequence = [Buffer.from('x'), 'text' as unknown as Uint8Array]
      assert.throws(() => client.transport.writeSequence(sequence), { code: 'ERR_SENNIT_BYTES' })
      client.transport.write(Buffer.from('.'))
      await scene.made.until(() => server.data.length > 0)
      assert.equal(server.data.toString(), '.')
    })

    it('PR-12 ignores writes after the close, before and after the loss', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      client.transport.write(Buffer.from('last'))
      client.transport.loseConnection()
      client.transport.write(Buffer.from('late'))
      await scene.made.until(() => client.closed && server.closed)
      client.transport.write(Buffer.from('later'))
      client.transport.writeSequence([Buffer.from('latest')])
      assert.equal(server.data.toString(), 'last')
    })

    it('PR-17 RX-35 cuts a connection whose protocol throws, and only that one', async (scene) => {
      const error = new Error('boom')
      const [client, other] = two()
      const bad = new AccumulatingProtocol({
        onData: () => {
          throw error
        },
      })
      const good = new AccumulatingProtocol()
      await scene.pair(client, bad)
      await scene.pair(other, good)
      client.transport.write(Buffer.from('x'))
      await scene.made.until(() => bad.closed && client.closed)
      assert.equal(bad.closedReason, error)
      assert.deepEqual(scene.log.errors(), [error])
      other.transport.write(Buffer.from('y'))
      await scene.made.until(() => good.data.toString() === 'y')
    })

    it('PR-17 cuts a connection whose protocol throws in connectionMade', async (scene) => {
      const error = new Error('boom')
      const bad = new AccumulatingProtocol({
        onMade: () => {
          throw error
        },
      })
      const port = await scene.listen(new Keeper(() => bad))
      scene.connect(port, new ClientKeeper(() => new AccumulatingProtocol()))
      await scene.made.until(() => bad.closed)
      assert.equal(bad.closedReason, error)
      assert.deepEqual(scene.log.errors(), [error])
      await scene.made.until(() => scene.fact(port, 'connections') === 0)
    })

    it('RX-35 tells the factory of a loss even when the protocol throws in connectionLost', async (scene) => {
      const error = new Error('boom')
      const client = new AccumulatingProtocol({
        onClosed: () => {
          throw error
        },
      })
      const { factory } = await scene.pair(client, new AccumulatingProtocol())
      client.transport.loseConnection()
      await scene.made.until(() => factory.loss !== undefined)
      assert.deepEqual(scene.log.errors(), [error])
    })
  })
}
