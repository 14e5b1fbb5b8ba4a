import { pipeline } from 'node:stream/promises'
import type { IHostPort } from '@sennit/interfaces'
import { handler, Protocol } from '@sennit/protocol'
import { Application } from '@sennit/service'
import { authority, MemoryWorld } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import {
  ReconnectingClientFactory,
  SSLClient,
  SSLServer,
  TCPClient,
  TCPServer,
  UDPServer,
  UNIXClient,
  UNIXServer,
} from '../src/index.ts'
import { DatagramRecorder, RecorderFactory } from './doubles.ts'

function programOf(...services: ConstructorParameters<typeof Application>[2] & object[]) {
  const world = new MemoryWorld({ seed: 1 })
  const app = new Application('program', {}, services)
  app.reactor = world
  return { world, app }
}

describe('the wrappers in a simulated world', () => {
  it('LG-05 TCPServer serves what it was given, LG-03 again after a stop', async () => {
    const { world, app } = programOf(
      new TCPServer(
        8080,
        handler((socket) => pipeline(socket, socket)),
      ),
    )
    for (let round = 0; round < 2; round++) {
      await world.run(app.privilegedStartService())
      await world.run(app.startService())
      const client = await world.run(world.connect('tcp:127.0.0.1:8080'))
      client.end('hello')
      await world.advance('1s')
      expect(client.text()).toBe('hello')
      await world.run(app.stopService())
      world.assertQuiet()
    }
  })

  it('LG-04 UDPServer drops datagrams that come before its start', async () => {
    const protocol = new DatagramRecorder()
    const server = new UDPServer(8125, protocol)
    const { world, app } = programOf(server)
    await world.run(app.privilegedStartService())
    world.send('udp:127.0.0.1:8125', 'early')
    await world.advance('1s')
    await world.run(app.startService())
    world.send('udp:127.0.0.1:8125', 'gauge:1|g')
    await world.advance('1s')
    expect(protocol.datagrams).toEqual(['gauge:1|g'])
    expect((server.getHost() as IHostPort).port).toBe(8125)
    await world.run(app.stopService())
    expect(protocol.events).toEqual(['start', 'stop'])
    world.assertQuiet()
  })

  it('LG-12 TCPClient has left nothing open when its stop settles', async () => {
    const factory = new RecorderFactory()
    const client = new TCPClient('carbon', 2003, factory)
    const { world, app } = programOf(client)
    const sink = world.listen('tcp:carbon:2003')
    await world.run(app.startService())
    await world.until(() => client.describe().facts['connected'])
    factory.built[0]!.transport.write(Buffer.from('a 1\n'))
    await world.run(app.stopService())
    expect(factory.events.slice(-2)).toEqual(['clientConnectionLost', 'doStop'])
    world.assertQuiet()
    await world.advance('1s')
    expect(sink.text()).toBe('a 1\n')
  })

  it('LG-12 TCPClient cuts a connection to a machine that is gone', async () => {
    const factory = new RecorderFactory()
    const client = new TCPClient('carbon', 2003, factory, { closeTimeout: '3s' })
    const { world, app } = programOf(client)
    world.listen('tcp:carbon:2003')
    await world.run(app.startService())
    await world.until(() => client.describe().facts['connected'])
    world.partition('carbon')
    factory.built[0]!.transport.write(Buffer.alloc(1024 * 1024))
    const before = world.seconds()
    await world.run(app.stopService())
    expect(world.seconds() - before).toBeLessThan(3.1)
    world.assertQuiet()
  })

  it('LG-14 TCPClient tells its factory that nobody listens there', async () => {
    const factory = new RecorderFactory()
    const { world, app } = programOf(new TCPClient('carbon', 2003, factory))
    await world.run(app.startService())
    await world.until(() => factory.reason)
    expect(factory.reason).toMatchObject({ code: 'ECONNREFUSED' })
    await world.run(app.stopService())
    world.assertQuiet()
  })

  it('LG-16 UNIXServer and UNIXClient, SSLServer and SSLClient talk, and talk again after a stop', async () => {
    const root = authority('Root')
    const greet = handler(async (socket) => void socket.end('hello'))
    const received: string[] = []
    const factoryOf = (name: string) => {
      const factory = new RecorderFactory()
      factory.buildProtocol = () => {
        const protocol = new Protocol()
        protocol.dataReceived = (data) => void received.push(`${name}: ${Buffer.from(data).toString()}`)
        return protocol
      }
      return factory
    }
    const tls = { ca: root.cert, servername: 'carbon.test' }
    const { world, app } = programOf(
      new UNIXServer('/run/carbon.sock', greet),
      new UNIXClient('/run/carbon.sock', factoryOf('unix')),
      new SSLServer(2004, greet, root.issue('carbon', { names: ['carbon.test'] })),
      new SSLClient('127.0.0.1', 2004, factoryOf('ssl'), tls),
    )
    for (let round = 1; round <= 2; round++) {
      await world.run(app.privilegedStartService())
      await world.run(app.startService())
      await world.until(() => received.length === 2 * round)
      await world.run(app.stopService())
      world.assertQuiet()
    }
    expect(received.toSorted()).toEqual(['ssl: hello', 'ssl: hello', 'unix: hello', 'unix: hello'])
  })

  it('RF-01 RF-04 ReconnectingClientFactory is there whenever the other side is, and leaves nothing behind', async () => {
    const factory = new ReconnectingClientFactory()
    factory.protocol = Protocol
    const client = new TCPClient('carbon', 2003, factory)
    const { world, app } = programOf(client)
    await world.run(app.startService())
    await world.advance('1m')
    expect(factory.retries).toBeGreaterThan(2)
    const sink = world.listen('tcp:carbon:2003')
    await world.until(() => client.describe().facts['connected'])
    await world.advance('10s')
    expect(factory.retries).toBe(0)
    sink.stopListening()
    sink.abort()
    await world.until(() => factory.retries === 1)
    const again = world.listen('tcp:carbon:2003')
    await world.until(() => again.connections.length === 1)
    expect(sink.connections).toHaveLength(1)
    again.stopListening()
    again.abort()
    await world.until(() => factory.retries > 2)
    await world.run(app.stopService())
    world.assertQuiet()
  })
})
