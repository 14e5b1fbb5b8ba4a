/**
 * How every reactor's connections balance what is produced and what is read.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { IPushProducer } from '@sennit/interfaces'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import { NonStreamingProducer } from '../non-streaming-producer.ts'
import { streamCase } from './stream-case.ts'
import type { StreamSuite } from './stream-scene.ts'

const MEGABYTE = 1024 * 1024

/** Counts what it is told. */
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

const two = () => [new AccumulatingProtocol(), new AccumulatingProtocol()] as const

/** The part of the suites for streams that is about flow control. */
export function streamFlowConformance(suite: StreamSuite): void {
  const { kit, role } = suite
  const it = streamCase(suite)

  kit.describe(`${role}: flow control`, () => {
    it('PR-18 takes one producer at a time', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      client.transport.registerProducer(new Producer(), true)
      assert.throws(() => client.transport.registerProducer(new Producer(), true), {
        code: 'ERR_SENNIT_PRODUCER_REGISTERED',
      })
      client.transport.unregisterProducer()
      client.transport.registerProducer(new Producer(), true)
      client.transport.unregisterProducer()
    })

    it('PR-18 stops a producer that comes after the loss', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      client.transport.loseConnection()
      await scene.made.until(() => client.closed)
      const producer = new Producer()
      client.transport.registerProducer(producer, true)
      assert.deepEqual(producer.told, ['stop'])
    })

    it('PR-18 stops a producer that comes when nothing more can be sent', async (scene) => {
      for (const end of ['loseConnection', 'loseWriteConnection'] as const) {
        const [client, server] = two()
        await scene.pair(client, server)
        client.transport[end]()
        const producer = new Producer()
        client.transport.registerProducer(producer, true)
        assert.deepEqual(producer.told, ['stop'])
        await scene.made.until(() => client.closed && server.closed)
        assert.deepEqual(producer.told, ['stop'])
      }
    })

    it('PR-19 pauses a push producer above 64 KiB, and resumes it when all is sent', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      server.transport.pauseProducing()
      const producer = new Producer()
      client.transport.registerProducer(producer, true)
      const chunk = Buffer.alloc(256 * 1024)
      let written = 0
      while (!producer.told.includes('pause') && written < 64 * MEGABYTE) {
        client.transport.write(chunk)
        written += chunk.length
      }
      assert.deepEqual(producer.told, ['pause'])
      server.transport.resumeProducing()
      await scene.made.until(() => producer.told.length > 1)
      assert.deepEqual(producer.told, ['pause', 'resume'])
      await scene.made.until(() => server.data.length === written)
      client.transport.unregisterProducer()
    })

    it('PR-19 does not resume a producer that was not paused', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      const producer = new Producer()
      client.transport.registerProducer(producer, true)
      client.transport.write(Buffer.from('a'))
      await scene.made.until(() => server.data.length === 1)
      await scene.made.pass(0.02)
      assert.deepEqual(producer.told, [])
      client.transport.unregisterProducer()
    })

    it('PR-19 asks a pull producer once for each time that all is sent', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      const producer = new NonStreamingProducer(client.transport)
      client.transport.registerProducer(producer, false)
      assert.equal(producer.counter, 1)
      await scene.made.until(() => server.data.length === 10)
      assert.equal(server.data.toString(), '0123456789')
      client.transport.loseConnection()
      await scene.made.until(() => client.closed)
    })

    it('PR-20 stops the producer when the connection is lost', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      const producer = new Producer()
      client.transport.registerProducer(producer, true)
      server.transport.abortConnection()
      await scene.made.until(() => client.closed)
      assert.deepEqual(producer.told, ['stop'])
    })

    it('PR-21 reads nothing while it is paused, and everything after', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      server.transport.pauseProducing()
      client.transport.write(Buffer.from('held'))
      await scene.made.pass(0.05)
      assert.equal(server.data.length, 0)
      server.transport.resumeProducing()
      assert.equal(server.data.length, 0)
      await scene.made.until(() => server.data.toString() === 'held')
    })

    it('PR-21 can be paused from inside dataReceived', async (scene) => {
      const client = new AccumulatingProtocol()
      const server = new AccumulatingProtocol({
        onData: (_data, { transport }) => transport.pauseProducing(),
      })
      await scene.pair(client, server)
      client.transport.write(Buffer.from('a'))
      await scene.made.until(() => server.data.length === 1)
      client.transport.write(Buffer.from('b'))
      await scene.made.pass(0.05)
      assert.equal(server.data.toString(), 'a')
      server.transport.resumeProducing()
      await scene.made.until(() => server.data.toString() === 'ab')
    })

    it('PR-21 resuming while it closes reads nothing', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      server.transport.pauseProducing()
      client.transport.write(Buffer.from('unseen'))
      await scene.made.pass(0.05)
      server.transport.loseConnection()
      server.transport.resumeProducing()
      await scene.made.until(() => server.closed)
      assert.equal(server.data.length, 0)
    })

    it('PR-21 closes like loseConnection when it is told to stop producing', async (scene) => {
      const [client, server] = two()
      await scene.pair(client, server)
      client.transport.stopProducing()
      await scene.made.until(() => client.closed && server.closed)
      assert.equal(client.closedReason?.name, 'ConnectionDone')
    })
  })
}
