/**
 * What every reactor's ports do.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { Duplex } from 'node:stream'
import type { IStopRequested } from '@sennit/interfaces'
import { Factory, handler } from '@sennit/protocol'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import { streamCase } from './stream-case.ts'
import { ClientKeeper, Keeper, Story, type StreamSuite, codeOf } from './stream-scene.ts'

const newClient = () => new ClientKeeper(() => new AccumulatingProtocol())

/** Closes when it is told to stop. */
class Polite extends AccumulatingProtocol implements IStopRequested {
  stopRequests = 0
  stopRequested(): void {
    this.stopRequests++
    this.transport.loseConnection()
  }
}

/** Is told to stop, and goes on. */
class Stubborn extends AccumulatingProtocol implements IStopRequested {
  stopRequests = 0
  stopRequested(): void {
    this.stopRequests++
  }
}

/** The part of the suites for streams that is about listening. */
export function streamPortConformance(suite: StreamSuite): void {
  const { kit, role } = suite
  const it = streamCase(suite)

  kit.describe(`${role}: listening`, () => {
    it('PR-22 refuses a busy address, and does not start the factory', async (scene) => {
      const port = await scene.listen(new Factory())
      const story = new Story()
      await assert.rejects(scene.listen(new Keeper(() => undefined, story), {}, port.getHost()), {
        name: 'CannotListenError',
        code: 'EADDRINUSE',
      })
      assert.deepEqual(story.events, [])
    })

    it('refuses what is no handler', async (scene) => {
      await assert.rejects(scene.listen({} as Factory), { code: 'ERR_SENNIT_HANDLER' })
    })

    it('gives up a bind whose signal is aborted', async (scene) => {
      const reason = new Error('not any more')
      await assert.rejects(
        scene.listen(new Factory(), { signal: AbortSignal.abort(reason) }),
        (error) => error === reason,
      )
    })

    it('PR-03 PR-23 starts the factory when it listens, and stops it before the stop settles', async (scene) => {
      const story = new Story()
      const port = await scene.listen(new Keeper(() => undefined, story))
      assert.deepEqual(story.events, ['startFactory'])
      const stopped = port.stopListening()
      assert.deepEqual(story.events, ['startFactory'])
      await scene.made.run(stopped)
      assert.deepEqual(story.events, ['startFactory', 'stopFactory'])
    })

    it('PR-23 joins a second stop, and has nothing to do once it is stopped', async (scene) => {
      const port = await scene.listen(new Factory())
      const first = port.stopListening()
      const second = port.stopListening()
      assert.ok(first instanceof Promise && second instanceof Promise)
      await scene.made.run(Promise.all([first, second]))
      assert.equal(port.stopListening(), undefined)
    })

    it('PR-23 refuses connections once it is stopped, and frees the address', async (scene) => {
      const port = await scene.listen(new Factory())
      await scene.made.run(port.stopListening())
      const client = newClient()
      scene.connect(port, client)
      await scene.made.until(() => client.failure !== undefined)
      await scene.listen(new Factory(), {}, port.getHost())
    })

    it('PR-10 closes a connection for which the factory builds nothing, and counts it as refused', async (scene) => {
      const port = await scene.listen(new Keeper(() => undefined))
      const client = newClient()
      scene.connect(port, client)
      await scene.made.until(() => client.loss !== undefined)
      assert.equal(scene.log.errors().length, 0)
      assert.deepEqual([scene.fact(port, 'accepted'), scene.fact(port, 'refused')], [0, 1])
    })

    it('PR-25 survives a factory that throws', async (scene) => {
      const error = new Error('boom')
      let calls = 0
      const server = new Keeper(() => {
        if (calls++ === 0) throw error
        return new AccumulatingProtocol()
      })
      const port = await scene.listen(server)
      const [one, other] = [newClient(), newClient()]
      scene.connect(port, one)
      await scene.made.until(() => one.loss !== undefined)
      assert.deepEqual(scene.log.errors(), [error])
      scene.connect(port, other)
      await scene.made.until(() => server.built[0]?.made === true)
    })
  })

  kit.describe(`${role}: limits of a port`, () => {
    it('serves no more connections than it may, and counts the others', async (scene) => {
      const server = new Keeper(() => new AccumulatingProtocol())
      const port = await scene.listen(server, { maxConnections: 1 })
      const [one, other, third] = [newClient(), newClient(), newClient()]
      scene.connect(port, one)
      await scene.made.until(() => server.built.length === 1)
      scene.connect(port, other)
      // Over TLS, it does not come as far as a connection.
      await scene.made.until(() => (other.loss ?? other.failure) !== undefined)
      assert.equal(server.built.length, 1)
      assert.equal(scene.fact(port, 'refused'), 1)
      assert.equal(scene.fact(port, 'connections'), 1)
      one.first.transport.loseConnection()
      await scene.made.until(() => server.first.closed)
      scene.connect(port, third)
      await scene.made.until(() => server.built.length === 2)
      assert.equal(scene.fact(port, 'accepted'), 2)
    })

    it('closes a connection that is idle for too long', async (scene) => {
      const server = new AccumulatingProtocol()
      await scene.pair(new AccumulatingProtocol(), server, { idleTimeout: 0.1 })
      await scene.made.until(() => server.closed)
      assert.equal(codeOf(server.closedReason), 'ERR_SENNIT_IDLE')
    })

    it('lets a connection live on which something comes', async (scene) => {
      const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
      await scene.pair(client, server, { idleTimeout: 0.2 })
      for (let i = 0; i < 6; i++) {
        client.transport.write(Buffer.from('x'))
        await scene.made.pass(0.06)
      }
      assert.equal(server.closed, false)
    })
  })

  kit.describe(`${role}: a port that wants to hear something`, () => {
    it('closes a connection on which nothing comes, although something goes', async (scene) => {
      const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
      await scene.pair(client, server, { receiveTimeout: 0.2 })
      while (!server.closed) {
        server.transport.write(Buffer.from('x'))
        await scene.made.pass(0.02)
      }
      assert.equal(codeOf(server.closedReason), 'ERR_SENNIT_RECEIVE')
      await scene.made.until(() => client.closed)
    })

    it('lets a connection live on which something comes', async (scene) => {
      const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
      await scene.pair(client, server, { receiveTimeout: 0.2 })
      for (let i = 0; i < 6; i++) {
        client.transport.write(Buffer.from('x'))
        await scene.made.pass(0.06)
      }
      assert.equal(server.closed, false)
    })

    it('does not hold it against the other side that nothing is read', async (scene) => {
      const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
      await scene.pair(client, server, { receiveTimeout: 0.1 })
      server.transport.pauseProducing()
      client.transport.write(Buffer.alloc(1024 * 1024))
      await scene.made.pass(0.3)
      assert.equal(server.closed, false)
      server.transport.resumeProducing()
      await scene.made.until(() => server.closed)
      assert.equal(codeOf(server.closedReason), 'ERR_SENNIT_RECEIVE')
    })

    it('closes what any kind of handler serves', async (scene) => {
      const handlers = [
        handler(() => new Promise(() => {})),
        { handleSocket: (socket: Duplex) => void socket.resume() },
      ]
      for (const each of handlers) {
        const port = await scene.listen(each, { receiveTimeout: 0.1 })
        const client = newClient()
        scene.connect(port, client)
        await scene.made.until(() => client.loss !== undefined)
      }
    })
  })

  kit.describe(`${role}: a held port`, () => {
    it('serves nothing before it is told to, and loses nothing', async (scene) => {
      const server = new Keeper(() => new AccumulatingProtocol())
      const port = await scene.listen(server, { held: true })
      const early = ({ transport }: AccumulatingProtocol) => transport.write(Buffer.from('early'))
      scene.connect(port, new ClientKeeper(() => new AccumulatingProtocol({ onMade: early })))
      await scene.made.pass(0.05)
      assert.equal(server.built.length, 0)
      port.serve()
      await scene.made.until(() => server.built[0]?.data.toString() === 'early')
      port.serve()
    })

    it('closes the waiting connections when it is stopped', async (scene) => {
      const server = new Keeper(() => new AccumulatingProtocol())
      const port = await scene.listen(server, { held: true })
      const client = newClient()
      scene.connect(port, client)
      await scene.made.pass(0.05)
      await scene.made.run(port.stopListening())
      await scene.made.until(() => (client.loss ?? client.failure) !== undefined)
      assert.equal(server.built.length, 0)
    })
  })

  kit.describe(`${role}: stopping a port`, () => {
    it('tells the live connections, and waits for them', async (scene) => {
      const server = new Polite()
      const { port } = await scene.pair(new AccumulatingProtocol(), server)
      await scene.made.run(port.stopListening())
      assert.equal(server.stopRequests, 1)
      assert.equal(server.closed, true)
      assert.equal(server.closedReason?.name, 'ConnectionDone')
    })

    it('aborts what is left after the drain timeout', async (scene) => {
      const server = new Stubborn()
      const client = new AccumulatingProtocol()
      const { port } = await scene.pair(client, server, { drainTimeout: 0.1 })
      await scene.made.run(port.stopListening())
      assert.equal(server.stopRequests, 1)
      assert.equal(server.closedReason?.name, 'ConnectionAborted')
      await scene.made.until(() => client.closed)
      scene.assertCut(client.closedReason)
    })

    it('leaves the live connections alone when it shall not drain', async (scene) => {
      const server = new Stubborn()
      const client = new AccumulatingProtocol()
      const { port } = await scene.pair(client, server, { drain: false })
      await scene.made.run(port.stopListening())
      assert.equal(server.stopRequests, 0)
      client.transport.write(Buffer.from('still here'))
      await scene.made.until(() => server.data.toString() === 'still here')
      client.transport.loseConnection()
      await scene.made.until(() => server.closed)
    })

    it('PR-23 can be told to stop from inside a protocol', async (scene) => {
      let stopped: void | Promise<void> | 'not yet' = 'not yet'
      const server = new AccumulatingProtocol({
        onData: (_data, { transport }) => {
          stopped = port.stopListening()
          transport.loseConnection()
        },
      })
      const client = new AccumulatingProtocol()
      const { port } = await scene.pair(client, server)
      client.transport.write(Buffer.from('stop'))
      await scene.made.until(() => stopped !== 'not yet')
      await scene.made.run(stopped)
      assert.equal(server.closed, true)
    })
  })
}
