/**
 * What every reactor's connectors do.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { IConnector } from '@sennit/interfaces'
import { ConnectError } from '@sennit/protocol'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import { streamCase } from './stream-case.ts'
import { ClientKeeper, Keeper, Story, type StreamSuite, codeOf } from './stream-scene.ts'

/** A protocol that tells a story. */
function storied(story: Story): AccumulatingProtocol {
  return new AccumulatingProtocol({
    onMade: () => story.add('connectionMade'),
    onClosed: () => story.add('connectionLost'),
  })
}

/** The part of the suites for streams that is about connecting. */
export function streamConnectorConformance(suite: StreamSuite): void {
  const { kit, role } = suite
  const it = streamCase(suite)
  const echo = () => new Keeper(() => new AccumulatingProtocol())

  kit.describe(`${role}: connecting`, () => {
    it('PR-05 tells the factory and the protocol everything in order', async (scene) => {
      const story = new Story()
      const server = echo()
      const port = await scene.listen(server)
      const client = new ClientKeeper(() => storied(story), story)
      scene.connect(port, client)
      assert.deepEqual(story.events, ['startFactory', 'startedConnecting'])
      await scene.made.until(() => server.built[0]?.made === true && client.built[0]?.made === true)
      assert.deepEqual(story.events.splice(0), [
        'startFactory',
        'startedConnecting',
        'buildProtocol',
        'connectionMade',
      ])
      client.first.transport.loseConnection()
      await scene.made.until(() => story.events.includes('stopFactory'))
      assert.deepEqual(story.events, ['connectionLost', 'clientConnectionLost', 'stopFactory'])
      assert.equal(client.loss, client.first.closedReason)
      assert.equal(client.loss?.name, 'ConnectionDone')
    })

    it('PR-05 throws what the start of the factory throws, and begins nothing', async (scene) => {
      const server = echo()
      const port = await scene.listen(server)
      const error = new Error('boom')
      const throwing = () => {
        throw error
      }
      const story = new Story()
      const client = new ClientKeeper(() => new AccumulatingProtocol(), story)
      const { startFactory } = client
      client.startFactory = throwing
      assert.throws(() => scene.connect(port, client), error)
      await scene.made.pass(0.05)
      assert.deepEqual([server.built, story.events], [[], []])
      client.startFactory = startFactory
      const connector = scene.connect(port, client)
      await scene.made.until(() => client.built[0]?.made === true)
      connector.disconnect()
      await scene.made.until(() => story.events.includes('stopFactory'))
      client.startFactory = throwing
      assert.throws(() => connector.connect(), error)
      client.startFactory = startFactory
      connector.connect()
      await scene.made.until(() => client.built[1]?.made === true)
    })

    it('PR-06 tells the factory of a refused attempt, then stops it', async (scene) => {
      const story = new Story()
      const client = new ClientKeeper(() => new AccumulatingProtocol(), story)
      scene.connect(await scene.unused(), client)
      await scene.made.until(() => story.events.includes('stopFactory'))
      assert.deepEqual(story.events, [
        'startFactory',
        'startedConnecting',
        'clientConnectionFailed',
        'stopFactory',
      ])
      assert.ok(client.failure instanceof ConnectError)
    })

    it('PR-06 connects again from inside clientConnectionFailed, and does not stop the factory', async (scene) => {
      const story = new Story()
      const client = new ClientKeeper(() => new AccumulatingProtocol(), story)
      let failures = 0
      client.onFailed = (connector) => {
        if (++failures < 3) connector.connect()
      }
      scene.connect(await scene.unused(), client)
      await scene.made.until(() => story.events.includes('stopFactory'))
      assert.deepEqual(story.events, [
        'startFactory',
        'startedConnecting',
        'clientConnectionFailed',
        'startedConnecting',
        'clientConnectionFailed',
        'startedConnecting',
        'clientConnectionFailed',
        'stopFactory',
      ])
    })

    it('PR-06 connects again from inside clientConnectionLost, and does not stop the factory', async (scene) => {
      const story = new Story()
      const port = await scene.listen(echo())
      const client = new ClientKeeper(() => storied(story), story)
      client.onLost = (connector) => {
        if (client.built.length < 2) connector.connect()
      }
      scene.connect(port, client)
      for (const n of [0, 1]) {
        await scene.made.until(() => client.built[n]?.made === true)
        client.built[n]!.transport.loseConnection()
      }
      await scene.made.until(() => story.events.includes('stopFactory'))
      const once = [
        'startedConnecting',
        'buildProtocol',
        'connectionMade',
        'connectionLost',
        'clientConnectionLost',
      ]
      assert.deepEqual(story.events, ['startFactory', ...once, ...once, 'stopFactory'])
    })

    it('PR-07 reports a stopped attempt at once', async (scene) => {
      const story = new Story()
      const port = await scene.listen(echo())
      const client = new ClientKeeper(() => new AccumulatingProtocol(), story)
      const connector = scene.connect(port, client)
      connector.stopConnecting()
      const told = ['startFactory', 'startedConnecting', 'clientConnectionFailed', 'stopFactory']
      assert.deepEqual(story.events, told)
      assert.equal(client.failure?.name, 'UserError')
      await scene.made.pass(0.05)
      assert.deepEqual(story.events, told)
    })

    it('PR-07 can be stopped from inside startedConnecting', async (scene) => {
      const client = new ClientKeeper(() => new AccumulatingProtocol())
      client.onStarted = (connector) => connector.stopConnecting()
      scene.connect(await scene.listen(echo()), client)
      assert.equal(client.failure?.name, 'UserError')
      await scene.made.pass(0.05)
      assert.equal(client.built.length, 0)
    })

    it('PR-07 refuses to stop or to connect in the wrong state', async (scene) => {
      const client = new ClientKeeper(() => new AccumulatingProtocol())
      const connector = scene.connect(await scene.listen(echo()), client)
      assert.throws(() => connector.connect(), { code: 'ERR_SENNIT_CONNECT_IN_PROGRESS' })
      await scene.made.until(() => client.built[0]?.made === true)
      assert.throws(() => connector.connect(), { code: 'ERR_SENNIT_CONNECT_IN_PROGRESS' })
      assert.throws(() => connector.stopConnecting(), { code: 'ERR_SENNIT_NOT_CONNECTING' })
      connector.disconnect()
      await scene.made.until(() => client.loss !== undefined)
      assert.throws(() => connector.stopConnecting(), { code: 'ERR_SENNIT_NOT_CONNECTING' })
    })

    it('PR-08 leaves no timer behind when the attempt is over', async (scene) => {
      const { reactor } = scene.made
      const before = reactor.getDelayedCalls().length
      const client = new ClientKeeper(() => new AccumulatingProtocol())
      scene.connect(await scene.listen(echo()), client, { timeout: 5 })
      await scene.made.until(() => client.built[0]?.made === true)
      await scene.made.until(() => reactor.getDelayedCalls().length === before)
    })

    it('PR-09 disconnects: an attempt is stopped, a connection closed, else nothing happens', async (scene) => {
      const port = await scene.listen(echo())
      const attempt = new ClientKeeper(() => new AccumulatingProtocol())
      const pending = scene.connect(port, attempt)
      pending.disconnect()
      assert.equal(attempt.failure?.name, 'UserError')
      const client = new ClientKeeper(() => new AccumulatingProtocol())
      const connector = scene.connect(port, client)
      await scene.made.until(() => client.built[0]?.made === true)
      connector.disconnect()
      await scene.made.until(() => client.loss !== undefined)
      assert.equal(client.loss?.name, 'ConnectionDone')
      connector.disconnect()
    })

    it('PR-10 closes the connection when the factory builds nothing', async (scene) => {
      const server = echo()
      const port = await scene.listen(server)
      const client = new ClientKeeper(() => undefined)
      scene.connect(port, client)
      await scene.made.until(() => client.loss !== undefined)
      assert.equal(client.loss?.name, 'ConnectionDone')
      await scene.made.until(() => server.built.every(({ closed }) => closed))
    })

    it('PR-11 reports a factory that throws as a failed attempt', async (scene) => {
      const error = new Error('boom')
      const client = new ClientKeeper(() => {
        throw error
      })
      scene.connect(await scene.listen(echo()), client)
      await scene.made.until(() => client.failure !== undefined)
      assert.equal(client.failure?.name, 'ConnectError')
      assert.equal(client.failure?.cause, error)
      assert.deepEqual(scene.log.errors(), [error])
      await scene.made.pass(0.05)
      assert.equal(client.loss, undefined)
    })

    it('RX-27 RX-28 gives a connector at once, which knows where it leads', async (scene) => {
      const port = await scene.listen(echo())
      const connector: IConnector = scene.connect(port, new ClientKeeper(() => new AccumulatingProtocol()))
      assert.equal(connector.getDestination().toString(), port.getHost().toString())
      connector.disconnect()
    })

    it('gives an attempt up when its signal is aborted', async (scene) => {
      const controller = new AbortController()
      const client = new ClientKeeper(() => new AccumulatingProtocol())
      scene.connect(await scene.listen(echo()), client, { signal: controller.signal })
      controller.abort()
      await scene.made.until(() => client.failure !== undefined)
      assert.equal(codeOf(client.failure), 'ABORT_ERR')
      await scene.made.pass(0.05)
      assert.equal(client.built.length, 0)
    })

    it('gives an attempt up whose signal is aborted already', async (scene) => {
      const client = new ClientKeeper(() => new AccumulatingProtocol())
      scene.connect(await scene.listen(echo()), client, { signal: AbortSignal.abort() })
      await scene.made.until(() => client.failure !== undefined)
      assert.equal(codeOf(client.failure), 'ABORT_ERR')
      await scene.made.pass(0.05)
      assert.equal(client.built.length, 0)
    })
  })
}
