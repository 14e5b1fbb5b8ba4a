/**
 * How every reactor's connections end.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { IHalfCloseableProtocol, IPushProducer } from '@sennit/interfaces'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import { streamCase } from './stream-case.ts'
import type { StreamSuite } from './stream-scene.ts'

const MEGABYTE = 1024 * 1024

/** Handles the two directions apart, and remembers. */
class HalfCloser extends AccumulatingProtocol implements IHalfCloseableProtocol {
  readonly halves: string[] = []
  throws: Error | undefined
  readConnectionLost(): void {
    this.halves.push('read')
    if (this.throws !== undefined) throw this.throws
  }
  writeConnectionLost(): void {
    this.halves.push('write')
  }
}

/** Produces nothing. */
const IDLE: IPushProducer = { pauseProducing() {}, resumeProducing() {}, stopProducing() {} }

const two = () => [new AccumulatingProtocol(), new AccumulatingProtocol()] as const

/** The part of the suites for streams that is about closing. */
export function streamClosingConformance(suite: StreamSuite): void {
  const { kit, role } = suite
  const it = streamCase(suite)

  kit.describe(`${role}: closing`, () => {
    it('PR-13 sends what is buffered, then closes; both sides see a clean end', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      const big = Buffer.alloc(2 * MEGABYTE, 'x')
      client.transport.write(big)
      client.transport.loseConnection()
      assert.equal(client.closed, false)
      await scene.made.until(() => client.closed && server.closed)
      assert.equal(server.data.length, big.length)
      assert.equal(client.closedReason?.name, 'ConnectionDone')
      assert.equal(server.closedReason?.name, 'ConnectionDone')
    })

    it('PR-13 reads nothing more once it closes', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      server.transport.write(Buffer.from('to be dropped'))
      client.transport.loseConnection()
      await scene.made.until(() => client.closed && server.closed)
      assert.equal(client.data.length, 0)
    })

    it('PR-13 is told of the loss once, and not inside the call, however often it closes', async (scene) => {
      let losses = 0
      const client = new AccumulatingProtocol({
        onClosed: () => {
          losses++
          client.transport.loseConnection()
          client.transport.abortConnection()
        },
      })
      const server = new AccumulatingProtocol()
      await scene.pair(client, server)
      client.transport.loseConnection()
      client.transport.loseConnection()
      assert.equal(losses, 0)
      await scene.made.until(() => client.closed)
      client.transport.loseConnection()
      await scene.made.pass(0.05)
      assert.equal(losses, 1)
    })

    it('PR-02 is told nothing after the loss', async (scene) => {
      const told: string[] = []
      const client = new AccumulatingProtocol({
        onData: (_data, { transport }) => {
          told.push('data')
          transport.abortConnection()
        },
        onClosed: () => told.push('lost'),
      })
      const server = new AccumulatingProtocol()
      await scene.pair(client, server)
      for (let i = 0; i < 32; i++) server.transport.write(Buffer.alloc(64 * 1024))
      await scene.made.until(() => client.closed && server.closed)
      await scene.made.pass(0.05)
      assert.deepEqual(told, ['data', 'lost'])
    })

    it('PR-13 waits for a registered producer to be unregistered', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      client.transport.registerProducer(IDLE, true)
      client.transport.loseConnection()
      await scene.made.pass(0.05)
      assert.equal(client.closed, false)
      client.transport.write(Buffer.from('the rest'))
      client.transport.unregisterProducer()
      await scene.made.until(() => client.closed && server.closed)
      assert.equal(server.data.toString(), 'the rest')
    })

    it('PR-14 aborts in a later turn, and resets the other side', async (scene) => {
      const [client, server] = two()
      const { factory } = await scene.pair(client, server)
      client.transport.abortConnection()
      assert.equal(client.closed, false)
      await scene.made.until(() => client.closed && server.closed)
      assert.equal(client.closedReason?.name, 'ConnectionAborted')
      assert.equal(factory.loss, client.closedReason)
      scene.assertCut(server.closedReason)
    })

    it('PR-14 drops what is buffered when it aborts', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      server.transport.pauseProducing()
      const size = 16 * MEGABYTE
      client.transport.write(Buffer.alloc(size))
      client.transport.abortConnection()
      server.transport.resumeProducing()
      await scene.made.until(() => client.closed && server.closed)
      assert.ok(server.data.length < size)
    })

    it('PR-14 is lost with the reason that it was given', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      const reason = new Error('enough')
      client.transport.abortConnection(reason)
      client.transport.abortConnection()
      await scene.made.until(() => client.closed)
      assert.equal(client.closedReason, reason)
    })

    it('PR-15 ends one direction, while the other goes on', async (scene) => {
      const [client, server] = [new HalfCloser(), new HalfCloser()]
      await scene.pair(client, server)
      client.transport.write(Buffer.from('question'))
      client.transport.loseWriteConnection()
      await scene.made.until(() => server.halves.length > 0)
      assert.deepEqual(client.halves, ['write'])
      assert.deepEqual(server.halves, ['read'])
      assert.equal(server.data.toString(), 'question')
      server.transport.write(Buffer.from('answer'))
      await scene.made.until(() => client.data.toString() === 'answer')
      server.transport.loseWriteConnection()
      await scene.made.until(() => client.closed && server.closed)
      assert.deepEqual(client.halves, ['write', 'read'])
      assert.deepEqual(server.halves, ['read', 'write'])
      assert.equal(client.closedReason?.name, 'ConnectionDone')
      assert.equal(server.closedReason?.name, 'ConnectionDone')
    })

    it('PR-15 closes for a protocol that does not handle the directions apart', async (scene) => {
      const [client, server] = [new HalfCloser(), new AccumulatingProtocol()]
      await scene.pair(client, server)
      client.transport.loseWriteConnection()
      await scene.made.until(() => server.closed && client.closed)
      assert.equal(server.closedReason?.name, 'ConnectionDone')
      assert.deepEqual(client.halves, ['write', 'read'])
    })

    it('PR-15 sends what is buffered before it ends the direction', async (scene) => {
      const [client, server] = [new HalfCloser(), new HalfCloser()]
      await scene.pair(client, server)
      client.transport.write(Buffer.alloc(2 * MEGABYTE))
      client.transport.loseWriteConnection()
      client.transport.write(Buffer.from('too late'))
      await scene.made.until(() => server.halves.length > 0)
      assert.equal(server.data.length, 2 * MEGABYTE)
      server.transport.loseConnection()
    })

    it('PR-15 waits for a registered producer before it ends the direction', async (scene) => {
      const [client, server] = [new HalfCloser(), new HalfCloser()]
      await scene.pair(client, server)
      client.transport.registerProducer(IDLE, true)
      client.transport.loseWriteConnection()
      await scene.made.pass(0.05)
      assert.deepEqual(server.halves, [])
      client.transport.write(Buffer.from('the rest'))
      client.transport.unregisterProducer()
      await scene.made.until(() => server.halves.length > 0 && client.halves.length > 0)
      assert.equal(server.data.toString(), 'the rest')
      assert.deepEqual([client.halves, server.halves], [['write'], ['read']])
      server.transport.loseConnection()
    })

    it('PR-16 closes with the error that such a hook throws, and logs it', async (scene) => {
      const [client, server] = [new HalfCloser(), new HalfCloser()]
      const error = new Error('boom')
      server.throws = error
      await scene.pair(client, server)
      client.transport.loseWriteConnection()
      await scene.made.until(() => server.closed)
      assert.equal(server.closedReason, error)
      assert.deepEqual(scene.log.errors(), [error])
    })

    it('PR-02 can close from inside connectionMade and dataReceived', async (scene) => {
      const client = new AccumulatingProtocol({
        onMade: ({ transport }) => transport.write(Buffer.from('hi')),
        onData: (_data, { transport }) => transport.loseConnection(),
      })
      const server = new AccumulatingProtocol({
        onMade: ({ transport }) => {
          transport.write(Buffer.from('bye'))
          transport.loseConnection()
        },
      })
      await scene.pair(client, server)
      await scene.made.until(() => client.closed && server.closed)
      assert.equal(client.data.toString(), 'bye')
      assert.equal(client.closedReason?.name, 'ConnectionDone')
    })
  })
}
