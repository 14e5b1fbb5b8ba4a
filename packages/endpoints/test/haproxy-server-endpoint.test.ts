import type { IInspectable, IListeningPort, IProtocolFactory } from '@sennit/interfaces'
import { handler, internetAddress } from '@sennit/protocol'
import { Clock } from '@sennit/runtime'
import { MemoryLog } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { AdoptedStreamServerEndpoint } from '../src/adopted-stream-server-endpoint.ts'
import { HAProxyServerEndpoint } from '../src/haproxy-server-endpoint.ts'
import { ProxiedFactory } from '../src/proxied-factory.ts'
import { ProxiedSocketHandler, ProxiedStreamHandler } from '../src/proxied-streams.ts'
import { TCP4ServerEndpoint } from '../src/tcp-server-endpoint.ts'
import { UNIXServerEndpoint } from '../src/unix-server-endpoint.ts'
import { EndpointReactor, RecorderFactory } from './doubles.ts'

const facts = (port: IListeningPort) => (port as IListeningPort & IInspectable).describe().facts

describe('HAProxyServerEndpoint', () => {
  it.each([
    ['a factory', new RecorderFactory(), ProxiedFactory],
    ['a stream handler', handler(async () => {}), ProxiedStreamHandler],
    ['an existing server', { handleSocket: () => {} }, ProxiedSocketHandler],
  ] as const)(
    'EP-46 EP-62 listens at the endpoint inside with something around %s of the same kind',
    async (_what, given, kind) => {
      const reactor = new EndpointReactor()
      const inner = new TCP4ServerEndpoint(80, { interface: '127.0.0.1', reactor })
      const port = await new HAProxyServerEndpoint(inner).listen(given, { maxConnections: 3 })
      const [server] = reactor.tcpServers
      expect(server!.handler).toBeInstanceOf(kind)
      expect(server!.options).toMatchObject({ maxConnections: 3 })
      expect(port.getHost()).toBe(server!.listeningPort.getHost())
    },
  )

  it.each([
    ['all of IPv4', (reactor: EndpointReactor) => new TCP4ServerEndpoint(80, { reactor })],
    [
      'an address that others reach',
      (reactor: EndpointReactor) => new TCP4ServerEndpoint(80, { reactor, interface: '10.0.0.1' }),
    ],
  ])('EP-62 refuses to listen at %s when no proxy is trusted', async (_what, make) => {
    const reactor = new EndpointReactor()
    const listening = new HAProxyServerEndpoint(make(reactor)).listen(new RecorderFactory())
    await expect(listening).rejects.toMatchObject({ code: 'ERR_SENNIT_ENDPOINT_OPTION', option: 'trusted' })
    await expect(listening).rejects.toThrow(
      /'trusted' must be IP addresses, .*, since tcp:\S+:80 is open to others, got undefined/,
    )
    expect(reactor.tcpServers).toEqual([])
  })

  it('EP-62 closes a socket again that turns out to be open to others', async () => {
    const reactor = new EndpointReactor()
    const inner = new AdoptedStreamServerEndpoint(3, 'INET', { reactor })
    const listening = new HAProxyServerEndpoint(inner).listen(new RecorderFactory())
    await expect(listening).rejects.toMatchObject({ code: 'ERR_SENNIT_ENDPOINT_OPTION', option: 'trusted' })
    expect(reactor.adoptedPorts[0]!.listeningPort.stopped).toBe(true)
  })

  it('EP-62 listens there when some are, and at a UNIX socket in any case', async () => {
    const reactor = new EndpointReactor()
    const inner = new TCP4ServerEndpoint(80, { reactor })
    await new HAProxyServerEndpoint(inner, { trusted: ['10.0.0.0/8'] }).listen(new RecorderFactory())
    await new HAProxyServerEndpoint(new UNIXServerEndpoint('/run/a.sock', { reactor })).listen(
      new RecorderFactory(),
    )
    expect(reactor.tcpServers[0]!.listeningPort.stopped).toBe(false)
    expect(reactor.unixServers).toHaveLength(1)
  })

  it('counts whom it has refused, and logs to the log of the context', async () => {
    const reactor = new EndpointReactor()
    const log = new MemoryLog()
    const inner = new TCP4ServerEndpoint(80, { interface: '127.0.0.1', reactor })
    const port = await new HAProxyServerEndpoint(inner).listen(new RecorderFactory(), { context: { log } })
    const outer = reactor.tcpServers[0]!.handler as IProtocolFactory
    expect(outer.buildProtocol(internetAddress('TCP', '192.0.2.66', 1))).toBeUndefined()
    expect(facts(port)).toMatchObject({ address: 'tcp:127.0.0.1:80', untrusted: 1, invalid: 0 })
    expect(log.messages('warn')).toEqual(['A connection of no trusted proxy is refused'])
  })

  it('takes the time of the context, of its own reactor, or of the inherited one', async () => {
    const proxy = internetAddress('TCP', '127.0.0.1', 1)
    const listen = async (own: EndpointReactor | undefined, context: object) => {
      const reactor = new EndpointReactor()
      const inner = new TCP4ServerEndpoint(80, { interface: '127.0.0.1', reactor })
      await new HAProxyServerEndpoint(inner, { reactor: own, headerTimeout: '2s' }).listen(
        new RecorderFactory(),
        { context },
      )
      const outer = reactor.tcpServers[0]!.handler as IProtocolFactory
      outer.buildProtocol(proxy)!.makeConnection({ getPeer: () => proxy } as never)
    }
    const [clock, own, inherited] = [new Clock(), new EndpointReactor(), new EndpointReactor()]
    await listen(own, { clock, reactor: inherited })
    await listen(own, { reactor: inherited })
    await listen(undefined, { reactor: inherited })
    expect(
      [clock, own, inherited].map((time) => time.getDelayedCalls().map((call) => call.getTime())),
    ).toEqual([[2], [2], [2]])
  })

  it.each([
    [{ trusted: ['localhost'] }, 'ERR_SENNIT_ENDPOINT_OPTION'],
    [{ headerTimeout: 'soon' as '1s' }, 'ERR_SENNIT_DURATION'],
  ])('refuses %j', (options, code) => {
    expect(() => new HAProxyServerEndpoint(new TCP4ServerEndpoint(80), options)).toThrow(
      expect.objectContaining({ code }),
    )
  })
})
