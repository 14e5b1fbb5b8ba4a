import { describe, expect, it } from 'vitest'
import { ClientFactory, ConnectedDatagramProtocol, DatagramProtocol, Factory } from '@sennit/protocol'
import { AccumulatingProtocol, MemoryLog, MemoryReactor, RecordedConnector } from '../src/index.ts'

describe('MemoryReactor', () => {
  it('TE-06 has done nothing at first', () => {
    expect(new MemoryReactor()).toMatchObject({
      running: false,
      hasRun: false,
      hasStopped: false,
      hasCrashed: false,
    })
  })

  it('TE-07 records listening over TCP', async () => {
    const reactor = new MemoryReactor()
    const [handler, options] = [new Factory(), { backlog: 5 }]
    const port = await reactor.listenTCP(80, handler, options)
    expect(reactor.tcpServers).toEqual([{ port: 80, handler, options, listeningPort: port }])
    expect(port.getHost().toString()).toBe('tcp:0.0.0.0:80')
    await port.stopListening()
    expect(reactor.tcpServers[0]?.listeningPort.stopped).toBe(true)
  })

  it('TE-07 says that it listens on the interface it was given', async () => {
    const port = await new MemoryReactor().listenTCP(80, new Factory(), { interface: '::1' })
    expect(port.getHost().toString()).toBe('tcp:[::1]:80')
  })

  it('TE-07 records connecting over TCP', () => {
    const reactor = new MemoryReactor()
    const [factory, options] = [new ClientFactory(), { timeout: 5 }]
    const connector = reactor.connectTCP('example.org', 80, factory, options)
    expect(reactor.tcpClients).toEqual([{ host: 'example.org', port: 80, factory, options, connector }])
    expect(reactor.connectors).toEqual([connector])
    expect(connector).toBeInstanceOf(RecordedConnector)
    expect(connector.getDestination().toString()).toBe('example.org:80')
  })

  it('TE-07 TE-10 records listening over UDP', async () => {
    const reactor = new MemoryReactor()
    const [protocol, options] = [new DatagramProtocol(), { maxPacketSize: 5 }]
    const port = await reactor.listenUDP(53, protocol, options)
    expect(reactor.udpServers).toEqual([{ port: 53, protocol, options, listeningPort: port }])
    expect(port.getHost().toString()).toBe('udp:0.0.0.0:53')
  })

  it('TE-08 tells the factory that it connects, inside connectTCP', () => {
    const reactor = new MemoryReactor()
    const factory = new ClientFactory()
    const connectors: unknown[] = []
    factory.startedConnecting = (connector) => connectors.push(connector)
    const connector = reactor.connectTCP('a', 1, factory)
    expect(connectors).toEqual([connector])
  })

  it('TE-08 knows a connector that gives up inside startedConnecting', () => {
    const reactor = new MemoryReactor()
    const factory = new ClientFactory()
    factory.startedConnecting = (connector) => connector.stopConnecting()
    const connector = reactor.connectTCP('a', 1, factory)
    expect(reactor.connectors).toEqual([connector])
    expect(connector.state).toBe('disconnected')
  })

  it('TE-08 logs what a factory throws', () => {
    const log = new MemoryLog()
    const factory = new ClientFactory()
    const error = new Error('boom')
    factory.clientConnectionFailed = () => {
      throw error
    }
    new MemoryReactor({ log }).connectTCP('a', 1, factory).stopConnecting()
    expect(log.errors()).toEqual([error])
  })

  it('TE-07 records TLS, with what both sides prove themselves with', async () => {
    const reactor = new MemoryReactor()
    const [handler, factory, tls] = [new Factory(), new ClientFactory(), { key: 'k' }]
    const port = await reactor.listenSSL(443, handler, tls, { interface: '::1' })
    const connector = reactor.connectSSL('example.org', 443, factory, tls, { timeout: 5 })
    expect(reactor.sslServers).toEqual([
      { port: 443, handler, tls, options: { interface: '::1' }, listeningPort: port },
    ])
    expect(reactor.sslClients).toEqual([
      { host: 'example.org', port: 443, factory, tls, options: { timeout: 5 }, connector },
    ])
    expect(port.getHost().toString()).toBe('tcp:[::1]:443')
    expect(reactor.sslServers[0]?.listeningPort.tlsOptions).toEqual([tls])
  })

  it('TE-07 records UNIX sockets', async () => {
    const reactor = new MemoryReactor()
    const [handler, factory] = [new Factory(), new ClientFactory()]
    const port = await reactor.listenUNIX('/run/a', handler, { mode: 0o600 })
    const connector = reactor.connectUNIX('/run/b', factory)
    expect(reactor.unixServers).toEqual([
      { path: '/run/a', handler, options: { mode: 0o600 }, listeningPort: port },
    ])
    expect(reactor.unixClients).toEqual([{ path: '/run/b', factory, options: {}, connector }])
    expect(reactor.connectors).toEqual([connector])
    expect(connector.getDestination().toString()).toBe('unix:/run/b')
  })

  it('TE-07 TE-10 records multicast, and datagrams over UNIX sockets', async () => {
    const reactor = new MemoryReactor()
    const protocol = new DatagramProtocol<never, never>()
    const peer = new ConnectedDatagramProtocol()
    const multicast = await reactor.listenMulticast(5000, protocol, { listenMultiple: true })
    const port = await reactor.listenUNIXDatagram('/run/a', protocol)
    const connector = reactor.connectUNIXDatagram('/run/b', peer, { bindAddress: '/run/c' })
    expect(reactor.multicastServers).toEqual([
      { port: 5000, protocol, options: { listenMultiple: true }, listeningPort: multicast },
    ])
    expect(reactor.unixDatagramServers).toEqual([
      { path: '/run/a', protocol, options: {}, listeningPort: port },
    ])
    expect(reactor.unixDatagramClients).toEqual([
      { path: '/run/b', protocol: peer, options: { bindAddress: '/run/c' }, connector },
    ])
  })

  it('TE-07 records what is adopted', async () => {
    const reactor = new MemoryReactor()
    const [handler, protocol] = [new Factory(), new DatagramProtocol()]
    const port = await reactor.adoptStreamPort(3, 'INET6', handler, { held: true })
    const datagrams = await reactor.adoptDatagramPort(4, 'INET', protocol)
    expect(reactor.adoptedPorts).toEqual([
      { fd: 3, family: 'INET6', handler, options: { held: true }, listeningPort: port },
      { fd: 4, family: 'INET', handler: protocol, options: {}, listeningPort: datagrams },
    ])
    const built = new AccumulatingProtocol()
    const factory = new Factory()
    factory.buildProtocol = () => built
    const transport = reactor.adoptStreamConnection(5, 'UNIX', factory)
    expect(built.transport).toBe(transport)
    factory.buildProtocol = () => undefined as never
    expect(reactor.adoptStreamConnection(6, 'INET', factory)).toBeUndefined()
    expect(reactor.adoptedStreamConnections).toMatchObject([
      { fd: 5, family: 'UNIX', protocol: built },
      { fd: 6, family: 'INET', protocol: undefined },
    ])
  })

  it('TE-10 resolves every name to itself, and the empty one to all addresses', async () => {
    const reactor = new MemoryReactor()
    expect(await reactor.resolve('carbon')).toBe('carbon')
    expect(await reactor.resolve('127.0.0.1')).toBe('127.0.0.1')
    expect(await reactor.resolve('')).toBe('0.0.0.0')
  })
})
