import { describe, expect, it } from 'vitest'
import { ClientFactory, DatagramProtocol, Factory } from '@sennit/protocol'
import { MemoryLog, MemoryReactor, RecordedConnector } from '../src/index.ts'

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

  it('TE-09 runs the hooks in order, then stops at once', () => {
    const reactor = new MemoryReactor()
    const order: unknown[] = []
    reactor.callWhenRunning((...args: unknown[]) => order.push(args, reactor.running), 1, 2)
    reactor.callWhenRunning(() => order.push('second'))
    reactor.run()
    expect(order).toEqual([[1, 2], true, 'second'])
    expect(reactor).toMatchObject({ running: false, hasRun: true, hasStopped: true, hasCrashed: false })
  })

  it('TE-09 calls a hook at once that comes while it runs', () => {
    const reactor = new MemoryReactor()
    const order: string[] = []
    reactor.callWhenRunning(() => {
      reactor.callWhenRunning(() => order.push('inner'))
      order.push('outer')
    })
    reactor.run()
    expect(order).toEqual(['inner', 'outer'])
  })

  it('TE-09 refuses to run while it runs', () => {
    const reactor = new MemoryReactor()
    let thrown: unknown
    reactor.callWhenRunning(() => {
      try {
        reactor.run()
      } catch (error) {
        thrown = error
      }
    })
    reactor.run()
    expect(thrown).toMatchObject({ code: 'ERR_SENNIT_DOUBLE_STATE' })
  })

  it('TE-09 is neither running nor stopped after a crash', () => {
    const reactor = new MemoryReactor()
    reactor.crash()
    expect(reactor).toMatchObject({ running: undefined, hasCrashed: true, hasStopped: false })
  })

  it('TE-09 records triggers by phase and event', () => {
    const reactor = new MemoryReactor()
    const calls: unknown[] = []
    const trigger = reactor.addSystemEventTrigger('before', 'shutdown', (n: number) => calls.push(n), 7)
    expect(reactor.triggers.before.get('shutdown')).toEqual([trigger])
    expect(trigger).toMatchObject({ phase: 'before', event: 'shutdown' })
    expect(calls).toEqual([])
  })

  it('TE-10 fires an event: before, during, after, each once', () => {
    const reactor = new MemoryReactor()
    const order: string[] = []
    for (const phase of ['after', 'before', 'during', 'before'] as const) {
      reactor.addSystemEventTrigger(phase, 'shutdown', () => order.push(phase))
    }
    reactor.addSystemEventTrigger('before', 'startup', () => order.push('startup'))
    reactor.fireSystemEvent('shutdown')
    reactor.fireSystemEvent('shutdown')
    expect(order).toEqual(['before', 'before', 'during', 'after'])
  })

  it('TE-10 takes a trigger back', () => {
    const reactor = new MemoryReactor()
    const order: string[] = []
    const one = reactor.addSystemEventTrigger('during', 'shutdown', () => order.push('one'))
    reactor.addSystemEventTrigger('during', 'shutdown', () => order.push('other'))
    reactor.removeSystemEventTrigger(one)
    reactor.fireSystemEvent('shutdown')
    expect(order).toEqual(['other'])
    expect(() => reactor.removeSystemEventTrigger(one)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DOUBLE_STATE' }),
    )
  })

  it('TE-10 resolves every name to itself, and the empty one to all addresses', async () => {
    const reactor = new MemoryReactor()
    expect(await reactor.resolve('carbon')).toBe('carbon')
    expect(await reactor.resolve('127.0.0.1')).toBe('127.0.0.1')
    expect(await reactor.resolve('')).toBe('0.0.0.0')
  })
})
