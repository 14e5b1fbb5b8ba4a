/**
 * What every reactor's TCP ports do.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { IStopRequested } from '@sennit/interfaces'
import { Factory } from '@sennit/protocol'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import type { ConformanceKit, Maker } from './kit.ts'
import { tcpCase } from './tcp-case.ts'
import { ClientKeeper, Keeper, Story, type TCPSurroundings, codeOf, portOf } from './tcp-scene.ts'

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

/** The part of the TCP suite that is about listening. */
export function tcpPortConformance(kit: ConformanceKit, make: Maker<TCPSurroundings>): void {
  const it = tcpCase(kit, make)

  kit.describe('IReactorTCP: listening', () => {
    it('PR-24 RX-26 picks a free port for 0, and says which', async (scene) => {
      const one = await scene.listen(new Factory())
      const other = await scene.listen(new Factory())
      assert.ok(portOf(one) > 0)
      assert.notEqual(portOf(one), portOf(other))
      assert.equal((one.getHost() as unknown as { host: string }).host, '127.0.0.1')
      assert.equal(one.getHost().type, 'TCP')
    })

    it('PR-22 refuses a busy port, and does not start the factory', async (scene) => {
      const port = portOf(await scene.listen(new Factory()))
      const story = new Story()
      await assert.rejects(scene.listen(new Keeper(() => undefined, story), {}, port), {
        name: 'CannotListenError',
        code: 'EADDRINUSE',
        interface: '127.0.0.1',
        port,
      })
      assert.deepEqual(story.events, [])
    })

    it('RX-26 refuses an address that is not its own', async (scene) => {
      await assert.rejects(scene.listen(new Factory(), { interface: '192.0.2.1' }), {
        name: 'CannotListenError',
        code: 'EADDRNOTAVAIL',
      })
    })

    it('RX-26 refuses an interface that is no address', async (scene) => {
      await assert.rejects(scene.listen(new Factory(), { interface: 'localhost' }), {
        code: 'ERR_SENNIT_REACTOR_OPTION',
      })
    })

    it('RX-26 refuses what is no port', async (scene) => {
      for (const port of [-1, 65536, 1.5, Number.NaN, '80']) {
        await assert.rejects(scene.listen(new Factory(), {}, port as number), {
          code: 'ERR_SENNIT_REACTOR_OPTION',
        })
      }
    })

    it('RX-26 refuses what is no handler', async (scene) => {
      await assert.rejects(scene.listen({} as Factory), { code: 'ERR_SENNIT_HANDLER' })
    })

    it('RX-26 listens on IPv6 when the interface is of IPv6', async (scene) => {
      if (scene.made.hasIPv6 === false) return
      const server = new Keeper(() => new AccumulatingProtocol())
      const port = await scene.listen(server, { interface: '::1' })
      const client = newClient()
      const connector = scene.made.reactor.connectTCP('::1', portOf(port), client)
      await scene.made.until(() => server.built.length === 1 && client.built.length === 1)
      assert.equal((client.first.transport.getPeer() as unknown as { host: string }).host, '::1')
      connector.disconnect()
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

    it('PR-23 refuses connections once it is stopped, and frees the port', async (scene) => {
      const port = await scene.listen(new Factory())
      const number = portOf(port)
      await scene.made.run(port.stopListening())
      const client = newClient()
      scene.connect(number, client)
      await scene.made.until(() => client.failure !== undefined)
      assert.equal(codeOf(client.failure), 'ECONNREFUSED')
      await scene.listen(new Factory(), {}, number)
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

  kit.describe('IReactorTCP: limits of a port', () => {
    it('serves no more connections than it may, and counts the others', async (scene) => {
      const server = new Keeper(() => new AccumulatingProtocol())
      const port = await scene.listen(server, { maxConnections: 1 })
      const [one, other, third] = [newClient(), newClient(), newClient()]
      scene.connect(port, one)
      await scene.made.until(() => server.built.length === 1)
      scene.connect(port, other)
      await scene.made.until(() => other.loss !== undefined)
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

  kit.describe('IReactorTCP: a held port', () => {
    it('serves nothing before it is told to, and loses nothing', async (scene) => {
      const server = new Keeper(() => new AccumulatingProtocol())
      const port = await scene.listen(server, { held: true })
      const client = newClient()
      scene.connect(port, client)
      await scene.made.until(() => client.built[0]?.made === true)
      client.first.transport.write(Buffer.from('early'))
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
      await scene.made.until(() => client.built[0]?.made === true)
      await scene.made.pass(0.05)
      await scene.made.run(port.stopListening())
      await scene.made.until(() => client.loss !== undefined)
      assert.equal(server.built.length, 0)
    })
  })

  kit.describe('IReactorTCP: stopping a port', () => {
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
      assert.equal(client.closedReason?.name, 'ConnectionLost')
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
