import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type {
  ConnectionHandler,
  IAddress,
  IClientFactory,
  IHostPort,
  IMulticastScope,
  IMulticastTransport,
  IPathAddress,
  IService,
  ISSLTransport,
  IUNIXDatagramTransport,
} from '@sennit/interfaces'
import { ClientFactory, DatagramProtocol, handler, Protocol } from '@sennit/protocol'
import { MultiService } from '@sennit/service'
import { authority, MemoryLog } from '@sennit/testing'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import {
  type AbstractServer,
  MulticastServer,
  ReconnectingClientFactory,
  SSLClient,
  SSLServer,
  TCPClient,
  TCPServer,
  UDPServer,
  UNIXClient,
  UNIXDatagramClient,
  UNIXDatagramServer,
  UNIXServer,
} from '../src/index.ts'
import { DatagramClientRecorder, DatagramRecorder, RecorderFactory } from './doubles.ts'

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

/** Greets, and keeps what comes back. */
class Greeter extends Protocol {
  received = ''
  override connectionMade(): void {
    this.transport.write(Buffer.from('hello'))
  }
  override dataReceived(data: Uint8Array): void {
    this.received += Buffer.from(data).toString()
  }
}

/** A factory of greeters that keeps them. */
class GreeterFactory extends RecorderFactory {
  readonly greeters: Greeter[] = []
  override buildProtocol(): Greeter {
    const greeter = new Greeter()
    this.greeters.push(greeter)
    return greeter
  }
}

const credentials = { ca: '', key: '', cert: '' }
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sennit-'))
  const root = authority('Root of the wrappers')
  Object.assign(credentials, root.issue('carbon', { names: ['carbon.test'] }), { ca: root.cert })
  return () => rmSync(folder, { recursive: true })
})

interface StreamKind {
  readonly name: string
  server(handler: ConnectionHandler, place?: IAddress): AbstractServer
  client(place: IAddress, factory: IClientFactory): IService
}

let paths = 0

const streamKinds: StreamKind[] = [
  {
    name: 'TCPServer and TCPClient',
    server: (served, place) => new TCPServer(place ? portOf(place) : 0, served, local),
    client: (place, factory) => new TCPClient('127.0.0.1', portOf(place), factory),
  },
  {
    name: 'UNIXServer and UNIXClient',
    server: (served, place) =>
      new UNIXServer(place ? (place as IPathAddress).path : join(folder, `s${++paths}`), served),
    client: (place, factory) => new UNIXClient((place as IPathAddress).path, factory),
  },
  {
    name: 'SSLServer and SSLClient',
    server: (served, place) => {
      const { key, cert } = credentials
      return new SSLServer(place ? portOf(place) : 0, served, { key, cert }, local)
    },
    client: (place, factory) => {
      const tls = { ca: credentials.ca, servername: 'carbon.test' }
      return new SSLClient('127.0.0.1', portOf(place), factory, tls)
    },
  },
]

describe.each(streamKinds)('$name, on real sockets', ({ server: serverOf, client: clientOf }) => {
  it('LG-16 LG-03 LG-23 talk in one tree, stop, and talk again', async () => {
    const first = serverOf(echo)
    await first.startService()
    const place = first.getHost()
    await first.stopService()
    const factory = new GreeterFactory()
    const server = serverOf(echo, place)
    const app = new MultiService({}, [server, clientOf(place, factory)])
    for (let round = 1; round <= 2; round++) {
      await app.privilegedStartService()
      await app.startService()
      await expect.poll(() => factory.greeters[round - 1]?.received).toBe('hello')
      expect(server.describe().facts).toMatchObject({ connections: 1 })
      await app.stopService()
      expect(factory.greeters).toHaveLength(round)
      expect(factory.events.slice(-2)).toEqual(['clientConnectionLost', 'doStop'])
    }
  })

  it('LG-15 LG-14 a client cannot connect to a server that was stopped', async () => {
    const server = serverOf(echo)
    await server.startService()
    const place = server.getHost()
    await server.stopService()
    const factory = new RecorderFactory()
    const client = clientOf(place, factory)
    await client.startService()
    await expect.poll(() => factory.reason).toBeDefined()
    expect(['ECONNREFUSED', 'ENOENT']).toContain((factory.reason as { code?: string }).code)
    expect(factory.events).toContain('clientConnectionFailed')
    await client.stopService()
  })

  it('LG-04 LG-05 binds in the privileged start, and serves from the start on', async () => {
    const server = serverOf(echo)
    await server.privilegedStartService()
    const factory = new GreeterFactory()
    const client = clientOf(server.getHost(), factory)
    await client.startService()
    expect([server.running, server.state]).toEqual([false, 'starting'])
    await server.startService()
    await expect.poll(() => factory.greeters[0]?.received).toBe('hello')
    expect(server.running).toBe(true)
    await client.stopService()
    await server.stopService()
  })

  it('LG-07 LG-12 both stops settle when nothing is left', async () => {
    const server = serverOf(echo)
    await server.startService()
    const factory = new GreeterFactory()
    const client = clientOf(server.getHost(), factory)
    await client.startService()
    await expect.poll(() => factory.greeters[0]?.received).toBe('hello')
    await Promise.all([client.stopService(), server.stopService()])
    expect(factory.reason).toMatchObject({ name: 'ConnectionDone' })
    expect(server.port).toBeUndefined()
  })
})

describe('SSLServer and SSLClient, on real sockets', () => {
  it('LG-21 LG-23 prove who they are, and refuse who does not', async () => {
    const { key, cert, ca } = credentials
    const server = new SSLServer(0, echo, { key, cert, ALPNProtocols: ['greeting'] }, local)
    await server.startService()
    const factory = new GreeterFactory()
    const tls = { ca, servername: 'carbon.test', ALPNProtocols: ['greeting'] }
    const client = new SSLClient('127.0.0.1', portOf(server.getHost()), factory, tls)
    await client.startService()
    await expect.poll(() => factory.greeters[0]?.received).toBe('hello')
    const transport = factory.greeters[0]!.transport as unknown as ISSLTransport
    expect(transport.getTLSInfo()).toMatchObject({ authorized: true, alpnProtocol: 'greeting' })
    const strangers = new RecorderFactory()
    const stranger = new SSLClient('127.0.0.1', portOf(server.getHost()), strangers)
    await stranger.startService()
    await expect.poll(() => strangers.reason).toMatchObject({ name: 'SSLError' })
    await Promise.all([client.stopService(), stranger.stopService()])
    await server.stopService()
  })
})

describe('UNIXServer, on real sockets', () => {
  it('LG-09 leaves no file behind, and another can listen at the path', async () => {
    const path = join(folder, 'again')
    for (let round = 0; round < 2; round++) {
      const server = new UNIXServer(path, echo, { wantPID: true })
      await server.startService()
      expect((server.getHost() as IPathAddress).path).toBe(path)
      await server.stopService()
    }
  })

  it('LG-10 rejects the start when somebody listens there', async () => {
    const path = join(folder, 'taken')
    const first = new UNIXServer(path, echo)
    await first.startService()
    const second = new UNIXServer(path, echo)
    await expect(second.startService()).rejects.toMatchObject({ code: 'EADDRINUSE' })
    expect(second.running).toBe(false)
    await first.stopService()
  })
})

describe('UNIXDatagramServer and UNIXDatagramClient, on real sockets', () => {
  class Answering extends DatagramProtocol<IUNIXDatagramTransport, IPathAddress> {
    readonly datagrams: string[] = []
    override datagramReceived(datagram: Uint8Array, from: IPathAddress): void {
      this.datagrams.push(Buffer.from(datagram).toString())
      this.transport.write(Buffer.from('thanks'), from.path)
    }
  }

  it('LG-16 LG-03 talk in one tree, stop, and talk again', async () => {
    const path = join(folder, 'datagrams')
    const answering = new Answering()
    const asking = new DatagramClientRecorder()
    const app = new MultiService({}, [
      new UNIXDatagramServer(path, answering),
      new UNIXDatagramClient(path, asking, { bindAddress: join(folder, 'answers') }),
    ])
    for (let round = 1; round <= 2; round++) {
      await app.privilegedStartService()
      await app.startService()
      await expect.poll(() => asking.transport).toBeDefined()
      asking.transport!.write(Buffer.from(`round ${round}`))
      await expect.poll(() => asking.datagrams).toHaveLength(round)
      asking.transport = undefined
      await app.stopService()
    }
    expect(answering.datagrams).toEqual(['round 1', 'round 2'])
    expect([...asking.datagrams, ...asking.errors]).toEqual(['thanks', 'thanks'])
  })

  it('LG-14 LG-15 tells the client’s protocol that the server was stopped', async () => {
    const path = join(folder, 'nobody')
    const server = new UNIXDatagramServer(path, new Answering())
    await server.startService()
    await server.stopService()
    const asking = new DatagramClientRecorder()
    const client = new UNIXDatagramClient(path, asking)
    await client.startService()
    await expect.poll(() => asking.errors).toHaveLength(1)
    expect(client.running).toBe(true)
    await client.stopService()
  })
})

describe('MulticastServer, on real sockets', () => {
  it('LG-21 receives what is sent to the group that its protocol has joined', async () => {
    const group = '239.255.77.77'
    class Member extends DatagramProtocol<IMulticastTransport & IMulticastScope> {
      readonly datagrams: string[] = []
      joined: Promise<void> | undefined
      override startProtocol(): void {
        this.joined = this.transport.joinGroup(group, '127.0.0.1')
      }
      override datagramReceived(datagram: Uint8Array): void {
        this.datagrams.push(Buffer.from(datagram).toString())
      }
    }
    const [member, sender] = [new Member(), new Member()]
    const server = new MulticastServer(0, member, { listenMultiple: true })
    await server.startService()
    await member.joined
    const client = new MulticastServer(0, sender, local)
    await client.startService()
    await sender.joined
    sender.transport.setOutgoingInterface('127.0.0.1')
    sender.transport.setLoopbackMode(true)
    sender.transport.write(Buffer.from('who is there?'), { host: group, port: portOf(server.getHost()) })
    await expect.poll(() => member.datagrams).toEqual(['who is there?'])
    await Promise.all([server.stopService(), client.stopService()])
  })
})

describe('ReconnectingClientFactory, on real sockets', () => {
  it('RF-01 connects again until somebody is there, and after a loss', async () => {
    const first = new TCPServer(0, echo, local)
    await first.startService()
    const place = first.getHost()
    await first.stopService()
    const greeters: Greeter[] = []
    class Greetings extends ReconnectingClientFactory<Greeter> {
      override buildProtocol(address: IAddress): Greeter | undefined {
        const greeter = super.buildProtocol(address)
        if (greeter) greeters.push(greeter)
        return greeter
      }
    }
    const factory = new Greetings({ initialDelay: '10ms', maxDelay: '20ms', log: new MemoryLog() })
    factory.protocol = Greeter
    const client = new TCPClient('127.0.0.1', portOf(place), factory)
    await client.startService()
    await expect.poll(() => factory.retries).toBeGreaterThan(1)
    const dropped: Socket[] = []
    const handleSocket = (socket: Duplex) => {
      dropped.push(socket as Socket)
      socket
        .on('error', () => {})
        .on('end', () => socket.end())
        .resume()
    }
    const server = new TCPServer(portOf(place), { handleSocket }, local)
    await server.startService()
    await expect.poll(() => dropped).toHaveLength(1)
    dropped[0]!.destroy()
    await expect.poll(() => dropped).toHaveLength(2)
    await client.stopService()
    expect(greeters).toHaveLength(2)
    await server.stopService()
  })
})
