import type { IReactorTime } from '@sennit/interfaces'
import { CannotListenError } from '@sennit/protocol'
import { Clock } from '@sennit/runtime'
import { MemoryReactorClock, RaisingMemoryReactor } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { TCP4ServerEndpoint, TCP6ServerEndpoint } from '../src/tcp-server-endpoint.ts'
import { RecorderFactory } from './doubles.ts'

describe('TCP4ServerEndpoint', () => {
  it('EP-01 listens by the reactor with what it was given, and yields the port', async () => {
    const reactor = new MemoryReactorClock()
    const factory = new RecorderFactory()
    const endpoint = new TCP4ServerEndpoint(8080, { interface: '127.0.0.1', backlog: 7, reactor })
    const port = await endpoint.listen(factory)
    expect(reactor.tcpServers).toEqual([
      {
        port: 8080,
        handler: factory,
        options: { interface: '127.0.0.1', backlog: 7 },
        listeningPort: port,
      },
    ])
  })

  it('EP-01 listens on all of IPv4 with the backlog of the platform unless told otherwise', async () => {
    const reactor = new MemoryReactorClock()
    await new TCP4ServerEndpoint(8080, { reactor }).listen(new RecorderFactory())
    expect(reactor.tcpServers[0]!.options).toEqual({ interface: '', backlog: undefined })
  })

  it('EP-02 rejects when the reactor rejects', async () => {
    const listenError = new CannotListenError('', 8080)
    const reactor = new RaisingMemoryReactor({ listenError }) as unknown as IReactorTime
    const listening = new TCP4ServerEndpoint(8080, { reactor }).listen(new RecorderFactory())
    await expect(listening).rejects.toBe(listenError)
  })

  it('EP-02 rejects, and never throws, when the reactor throws', async () => {
    const reactor = new MemoryReactorClock()
    const error = new Error('broken')
    reactor.listenTCP = () => {
      throw error
    }
    const listening = new TCP4ServerEndpoint(8080, { reactor }).listen(new RecorderFactory())
    await expect(listening).rejects.toBe(error)
  })

  it('EP-02 rejects when the reactor has no TCP', async () => {
    const listening = new TCP4ServerEndpoint(8080, { reactor: new Clock() }).listen(new RecorderFactory())
    await expect(listening).rejects.toMatchObject({ code: 'ERR_SENNIT_MISSING_ROLE', role: 'IReactorTCP' })
  })

  it('passes the options of listen on, above its own', async () => {
    const reactor = new MemoryReactorClock()
    const endpoint = new TCP4ServerEndpoint(8080, { interface: '127.0.0.1', backlog: 7, reactor })
    const { signal } = new AbortController()
    const options = { held: true, signal, maxConnections: 3, backlog: 9, noDelay: false } as const
    await endpoint.listen(new RecorderFactory(), options)
    expect(reactor.tcpServers[0]!.options).toEqual({ ...options, interface: '127.0.0.1' })
  })

  it('keeps its own options when those of listen are undefined', async () => {
    const reactor = new MemoryReactorClock()
    const endpoint = new TCP4ServerEndpoint(8080, { interface: '127.0.0.1', backlog: 7, reactor })
    await endpoint.listen(new RecorderFactory(), { backlog: undefined, interface: undefined })
    expect(reactor.tcpServers[0]!.options).toEqual({ backlog: 7, interface: '127.0.0.1' })
  })

  it('takes the reactor of the context when it has none, and its own before that', async () => {
    const own = new MemoryReactorClock()
    const inherited = new MemoryReactorClock()
    const context = { reactor: inherited }
    await new TCP4ServerEndpoint(1).listen(new RecorderFactory(), { context })
    await new TCP4ServerEndpoint(2, { reactor: own }).listen(new RecorderFactory(), { context })
    expect(inherited.tcpServers.map(({ port }) => port)).toEqual([1])
    expect(own.tcpServers.map(({ port }) => port)).toEqual([2])
  })

  it.each([-1, 65_536, 1.5, NaN, '80', undefined])('refuses %j as its port', (port) => {
    expect(() => new TCP4ServerEndpoint(port as number)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_OPTION', option: 'port' }),
    )
  })

  it.each([
    [new TCP4ServerEndpoint(0), 'tcp:0'],
    [new TCP4ServerEndpoint(65_535, { interface: '127.0.0.1' }), 'tcp:65535:interface=127.0.0.1'],
    [new TCP4ServerEndpoint(80, { interface: '::1' }), 'tcp:80:interface=[::1]'],
    [new TCP6ServerEndpoint(80), 'tcp6:80:interface=[::]'],
  ])('says where it listens: %s', (endpoint, text) => {
    expect(endpoint.toString()).toBe(text)
  })
})

describe('TCP6ServerEndpoint', () => {
  it('EP-01 listens on all of IPv6 unless told otherwise', async () => {
    const reactor = new MemoryReactorClock()
    await new TCP6ServerEndpoint(8080, { reactor, backlog: 7 }).listen(new RecorderFactory())
    await new TCP6ServerEndpoint(8081, { reactor, interface: '::1' }).listen(new RecorderFactory())
    expect(reactor.tcpServers.map(({ port, options }) => [port, options])).toEqual([
      [8080, { interface: '::', backlog: 7 }],
      [8081, { interface: '::1', backlog: undefined }],
    ])
  })
})
