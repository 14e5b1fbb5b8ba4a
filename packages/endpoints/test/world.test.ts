import { pipeline } from 'node:stream/promises'
import { duplexFactory, Factory, handler, lines, Protocol } from '@sennit/protocol'
import { Application } from '@sennit/service'
import { MemoryLog, MemoryWorld } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { clientFromString, listen, service } from '../src/index.ts'

const echo = handler((socket) => pipeline(socket, socket))

/** A program that has one service, and never heard of a reactor. */
function program(...args: Parameters<typeof service>) {
  const web = service(...args)
  const app = new Application('program', {}, [web])
  const world = new MemoryWorld({ seed: 1 })
  app.reactor = world
  return { web, app, world }
}

describe('endpoints in a simulated world', () => {
  it('ST-02 a service listens in the world that its root was given', async () => {
    const { app, world } = program('tcp:8126', echo)
    await world.run(app.startService())
    const client = await world.run(world.connect('tcp:127.0.0.1:8126'))
    client.end('hello')
    await world.advance('1s')
    expect(client.text()).toBe('hello')
    await world.run(app.stopService())
    world.assertQuiet()
  })

  it('SE-01 nothing is served between the privileged start and the start', async () => {
    const served: string[] = []
    const { app, world } = program(
      'tcp:80',
      handler(async (socket) => {
        for await (const line of lines(socket)) served.push(line)
      }),
    )
    await world.run(app.privilegedStartService())
    const client = await world.run(world.connect('tcp:127.0.0.1:80'))
    client.write('early\n')
    await world.advance('1m')
    expect(served).toEqual([])
    await world.run(app.startService())
    await world.advance('1s')
    expect(served).toEqual(['early'])
    client.close()
    await world.run(app.stopService())
    world.assertQuiet()
  })

  it('SE-05 rejects its start when the port is taken', async () => {
    const { web, app, world } = program('tcp:8126', echo)
    const other = await world.run(listen('tcp:8126', echo, { reactor: world }))
    await expect(world.run(app.startService())).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(web.port).toBeUndefined()
    await world.run(other.stopListening())
    world.assertQuiet()
  })

  it('SE-14 serves again after a stop, and SE-09 refuses in between', async () => {
    const { app, world } = program('tcp:8126', echo)
    for (let round = 0; round < 3; round++) {
      await world.run(app.startService())
      const client = await world.run(world.connect('tcp:127.0.0.1:8126'))
      client.end('hello')
      await world.run(client.received('hello'))
      await world.run(app.stopService())
      await expect(world.run(world.connect('tcp:127.0.0.1:8126'))).rejects.toMatchObject({
        code: 'ECONNREFUSED',
      })
      world.assertQuiet()
    }
  })

  it('SE-16 tells the handlers when it stops, and cuts what is left when the time is over', async () => {
    const log = new MemoryLog()
    const { app, world } = program(
      'tcp:8126',
      handler(async (socket, { signal }) => {
        for await (const line of lines(socket, { signal })) if (line === 'stay') await new Promise(() => {})
      }),
      { drainTimeout: '2s', log },
    )
    await world.run(app.startService())
    const polite = await world.run(world.connect('tcp:127.0.0.1:8126'))
    const stubborn = await world.run(world.connect('tcp:127.0.0.1:8126'))
    polite.write('go\n')
    stubborn.write('stay\n')
    await world.advance('1s')
    const stopping = app.stopService()
    await world.advance('1s')
    expect([polite.closed, stubborn.closed]).toEqual([true, false])
    await world.run(stopping)
    await world.advance('1s')
    expect(stubborn.closed).toBe(true)
    expect(log.events.filter(({ level }) => level === 'warn')).toMatchObject([{ fields: { connections: 1 } }])
    world.assertQuiet()
  })

  it('EP-03 EP-79 a client endpoint reaches a name of the world', async () => {
    const world = new MemoryWorld({ seed: 1 })
    const sink = world.listen('tcp:carbon:2003')
    const endpoint = clientFromString('tcp:carbon:2003')
    const socket = await world.run(endpoint.connect(duplexFactory(), { context: { reactor: world } }))
    socket.end('a 1\n')
    await world.advance('1m')
    expect(sink.text()).toBe('a 1\n')
    sink.close()
    world.assertQuiet()
  })

  it('EP-08 leaves nothing behind when it is cancelled, whenever that is', async () => {
    const outcomes = new Set<string>()
    for (let step = 0; step < 40; step++) {
      const world = new MemoryWorld({ seed: step, latency: '1ms' })
      const sink = world.listen('tcp:carbon:2003')
      const controller = new AbortController()
      const endpoint = clientFromString('tcp:carbon:2003', { reactor: world })
      const connecting = endpoint.connect(Factory.forProtocol(Protocol), { signal: controller.signal })
      const outcome = connecting.then(
        (protocol) => {
          protocol.transport.loseConnection()
          return 'connected'
        },
        (error: Error) => error.name,
      )
      await world.advance(step / 10_000)
      controller.abort()
      outcomes.add(await world.run(outcome))
      await world.advance('1m')
      sink.close()
      world.assertQuiet()
    }
    expect(Array.from(outcomes).toSorted()).toEqual(['ConnectingCancelledError', 'connected'])
  })

  it('EP-70 gives up after its timeout', async () => {
    const world = new MemoryWorld({ seed: 1 })
    world.listen('tcp:carbon:2003')
    world.partition('carbon')
    const connecting = clientFromString('tcp:carbon:2003:timeout=1.5', { reactor: world }).connect(
      duplexFactory(),
    )
    const before = world.seconds()
    await expect(world.run(connecting)).rejects.toMatchObject({
      name: 'ConnectionTimeoutError',
      code: 'ETIMEDOUT',
    })
    expect(world.seconds() - before).toBeCloseTo(1.5, 2)
    world.assertQuiet()
  })
})
