import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { IAddress, IHostPort } from '@sennit/interfaces'
import { ClientFactory, DatagramProtocol, handler, Protocol } from '@sennit/protocol'
import { MultiService } from '@sennit/service'
import { afterEach, describe, expect, it } from 'vitest'
import { TCPClient, TCPServer, UDPServer } from '../src/index.ts'
import { DatagramRecorder, RecorderFactory } from './doubles.ts'

const local = { interface: '127.0.0.1' } as const
const echo = handler((socket) => pipeline(socket, socket))

function factoryOf<P extends Protocol>(protocol: new () => P): ClientFactory<P> {
  return Object.assign(new ClientFactory<P>(), { protocol })
}

function portOf(address: IAddress): number {
  return (address as IHostPort).port
}

const servers: Server[] = []
afterEach(() => servers.splice(0).forEach((server) => server.close()))

/** A server that keeps its sockets. */
async function plainServer(onSocket: (socket: Socket) => void = () => {}): Promise<number> {
  const server = createServer((socket) => onSocket(socket.on('error', () => {})))
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

describe('the wrappers on real sockets', () => {
  it('LG-05 TCPServer and TCPClient talk, and LG-03 talk again after a stop', async () => {
    const server = new TCPServer(0, echo, local)
    await server.startService()
    const received: string[] = []
    class Greeter extends Protocol {
      override connectionMade(): void {
        this.transport.write(Buffer.from('hello'))
      }
      override dataReceived(data: Uint8Array): void {
        received.push(Buffer.from(data).toString())
      }
    }
    const client = new TCPClient('127.0.0.1', portOf(server.getHost()), factoryOf(Greeter))
    for (const expected of [['hello'], ['hello', 'hello']]) {
      await client.startService()
      await expect.poll(() => received).toEqual(expected)
      await client.stopService()
      expect(server.describe().facts).toMatchObject({ accepted: expected.length })
    }
    await server.stopService()
  })

  it('a server and a client in one tree talk, stop, and talk again', async () => {
    const port = await plainServer((socket) => socket.end('free'))
    servers.splice(0).forEach((server) => server.close())
    const accepted: string[] = []
    class Listener extends Protocol {
      override dataReceived(data: Uint8Array): void {
        accepted.push(Buffer.from(data).toString())
      }
    }
    class Sender extends Protocol {
      override connectionMade(): void {
        this.transport.write(Buffer.from('hello'))
      }
    }
    const app = new MultiService({}, [
      new TCPServer(port, factoryOf(Listener), local),
      new TCPClient('127.0.0.1', port, factoryOf(Sender)),
    ])
    for (let round = 1; round <= 2; round++) {
      await app.privilegedStartService()
      await app.startService()
      await expect.poll(() => accepted).toHaveLength(round)
      await app.stopService()
    }
  })

  it('LG-09 the same TCP port can be bound when the stop has settled', async () => {
    const first = new TCPServer(0, echo, local)
    await first.startService()
    const port = portOf(first.getHost())
    await first.stopService()
    const second = new TCPServer(port, echo, local)
    await second.startService()
    expect(portOf(second.getHost())).toBe(port)
    await second.stopService()
  })

  it('LG-09 the same UDP port can be bound when the stop has settled', async () => {
    const protocol = new DatagramRecorder()
    const first = new UDPServer(0, protocol, local)
    await first.privilegedStartService()
    const port = portOf(first.getHost())
    await first.startService()
    await first.stopService()
    expect(protocol.events).toEqual(['start', 'stop'])
    const second = new UDPServer(port, new DatagramProtocol(), local)
    await second.startService()
    expect(portOf(second.getHost())).toBe(port)
    await second.stopService()
  })

  it('UDPServer takes datagrams from another one', async () => {
    const protocol = new DatagramRecorder()
    const server = new UDPServer(0, protocol, local)
    const sender = new DatagramProtocol()
    const client = new UDPServer(0, sender, local)
    await server.startService()
    await client.startService()
    sender.transport.write(Buffer.from('gauge:1|g'), server.getHost() as IHostPort)
    await expect.poll(() => protocol.datagrams).toEqual(['gauge:1|g'])
    await Promise.all([server.stopService(), client.stopService()])
  })

  it('LG-10 rejects the start when the port is taken', async () => {
    const server = new TCPServer(await plainServer(), echo, local)
    await expect(server.startService()).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(server.running).toBe(false)
    await server.stopService()
  })

  it('LG-12 settles its stop when the connection is gone', async () => {
    let socket: Socket | undefined
    const port = await plainServer((accepted) => (socket = accepted.resume()))
    const factory = new RecorderFactory()
    const client = new TCPClient('127.0.0.1', port, factory)
    await client.startService()
    await expect.poll(() => socket).toBeDefined()
    await client.stopService()
    expect(factory.events.slice(-2)).toEqual(['clientConnectionLost', 'doStop'])
    expect(factory.reason).toMatchObject({ name: 'ConnectionDone' })
    socket!.destroy()
  })

  it('LG-12 cuts a connection whose peer takes nothing', async () => {
    let socket: Socket | undefined
    const port = await plainServer((accepted) => (socket = accepted.pause()))
    const factory = new RecorderFactory()
    const client = new TCPClient('127.0.0.1', port, factory, { closeTimeout: '100ms' })
    await client.startService()
    await expect.poll(() => factory.built[0]?.connected).toBe(true)
    factory.built[0]!.transport.write(Buffer.alloc(16 * 1024 * 1024))
    await client.stopService()
    expect(factory.reason).toMatchObject({ name: 'ConnectionAborted' })
    socket!.destroy()
  })

  it('LG-14 tells the factory that the peer refuses', async () => {
    const port = await plainServer()
    servers.splice(0).forEach((server) => server.close())
    const factory = new RecorderFactory()
    const client = new TCPClient('127.0.0.1', port, factory)
    await client.startService()
    await expect.poll(() => factory.reason).toMatchObject({ code: 'ECONNREFUSED' })
    expect(client.running).toBe(true)
    await client.stopService()
  })
})
