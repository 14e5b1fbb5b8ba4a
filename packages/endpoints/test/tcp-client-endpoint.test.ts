import { Clock } from '@sennit/runtime'
import { MemoryReactorClock } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import {
  HostnameEndpoint,
  type HostnameEndpointOptions,
  TCP4ClientEndpoint,
  TCP6ClientEndpoint,
} from '../src/tcp-client-endpoint.ts'
import { RecorderFactory } from './doubles.ts'

const classes = [
  ['TCP4ClientEndpoint', TCP4ClientEndpoint, 4],
  ['TCP6ClientEndpoint', TCP6ClientEndpoint, 6],
  ['HostnameEndpoint', HostnameEndpoint, undefined],
] as const

describe.each(classes)('%s', (_name, Endpoint, family) => {
  it('EP-03 connects once by the reactor with what it was given', () => {
    const reactor = new MemoryReactorClock()
    const bindAddress = ['::1', 4000] as const
    const options = { timeout: '5s', bindAddress, keepAlive: false, reactor } as const
    void new Endpoint('carbon', 2003, options).connect(new RecorderFactory())
    expect(reactor.tcpClients.map(({ host, port, options }) => ({ host, port, options }))).toEqual([
      { host: 'carbon', port: 2003, options: { timeout: 5, bindAddress, keepAlive: false, family } },
    ])
  })

  it('EP-03 has 30 s and no local address unless told otherwise', () => {
    const reactor = new MemoryReactorClock()
    void new Endpoint('carbon', 2003, { reactor }).connect(new RecorderFactory())
    expect(reactor.tcpClients[0]!.options).toEqual({ timeout: 30, family })
  })

  it('takes the timeout and the probing from the options of connect first', () => {
    const reactor = new MemoryReactorClock()
    const endpoint = new Endpoint('carbon', 2003, { reactor, timeout: 5, keepAlive: '20s' })
    void endpoint.connect(new RecorderFactory(), { timeout: '1s', keepAlive: false })
    expect(reactor.tcpClients[0]!.options).toMatchObject({ timeout: '1s', keepAlive: false })
  })

  it('takes the reactor of the context when it has none, passes the context on, and takes its own before that', () => {
    const own = new MemoryReactorClock()
    const context = { reactor: new MemoryReactorClock() }
    void new Endpoint('one', 1).connect(new RecorderFactory(), { context })
    void new Endpoint('two', 2, { reactor: own }).connect(new RecorderFactory(), { context })
    expect(context.reactor.tcpClients.map(({ host, options }) => [host, options.context])).toEqual([
      ['one', context],
    ])
    expect(own.tcpClients.map(({ host }) => host)).toEqual(['two'])
  })

  it('EP-05 rejects, and never throws, when the reactor throws', async () => {
    const reactor = new MemoryReactorClock()
    const error = new Error('broken')
    reactor.connectTCP = () => {
      throw error
    }
    await expect(new Endpoint('carbon', 2003, { reactor }).connect(new RecorderFactory())).rejects.toBe(error)
  })

  it('EP-05 rejects when the reactor has no TCP', async () => {
    const connecting = new Endpoint('carbon', 2003, { reactor: new Clock() }).connect(new RecorderFactory())
    await expect(connecting).rejects.toMatchObject({ code: 'ERR_SENNIT_MISSING_ROLE', role: 'IReactorTCP' })
  })

  it.each<[string, string, number, HostnameEndpointOptions, string]>([
    ['no host', '', 2003, {}, 'ERR_SENNIT_ENDPOINT_OPTION'],
    ['a host that is no text', 7 as unknown as string, 2003, {}, 'ERR_SENNIT_ENDPOINT_OPTION'],
    ['a host in bytes', Buffer.from('carbon') as unknown as string, 2003, {}, 'ERR_SENNIT_ENDPOINT_OPTION'],
    ['an attemptDelay that is none', 'carbon', 2003, { attemptDelay: 'soon' as '5s' }, 'ERR_SENNIT_DURATION'],
    ['a port beyond the last', 'carbon', 65_536, {}, 'ERR_SENNIT_ENDPOINT_OPTION'],
    ['a timeout that is none', 'carbon', 2003, { timeout: '5d' as '5s' }, 'ERR_SENNIT_DURATION'],
  ])('refuses %s', (_what, host, port, options, code) => {
    expect(() => new Endpoint(host, port, options)).toThrow(expect.objectContaining({ code }))
  })
})

describe('HostnameEndpoint', () => {
  it('asks for one family when told so', () => {
    const reactor = new MemoryReactorClock()
    void new HostnameEndpoint('carbon', 2003, { reactor, family: 6 }).connect(new RecorderFactory())
    expect(reactor.tcpClients[0]!.options.family).toBe(6)
  })
})

describe('HostnameEndpoint and its options', () => {
  it('EP-37 EP-27 passes its options to the one attempt of the reactor, which has the rest', () => {
    const reactor = new MemoryReactorClock()
    const options = { timeout: '5s', bindAddress: '10.0.0.1', attemptDelay: '100ms', reactor } as const
    void new HostnameEndpoint('carbon', 2003, options).connect(new RecorderFactory())
    expect(reactor.tcpClients[0]!.options).toEqual({ timeout: 5, bindAddress: '10.0.0.1', attemptDelay: 0.1 })
  })

  it('EP-39 takes a host that can be no name, and rejects when it is to connect', async () => {
    const reactor = new MemoryReactorClock()
    const endpoint = new HostnameEndpoint('a b', 2003, { reactor })
    await expect(endpoint.connect(new RecorderFactory())).rejects.toMatchObject({
      code: 'ERR_SENNIT_ENDPOINT_OPTION',
      option: 'host',
      message: `Cannot make an endpoint: 'host' must be a host name or an IP address, got "a b"`,
    })
    expect(reactor.tcpClients).toEqual([])
  })
})

describe('TCP6ClientEndpoint', () => {
  it('refuses an IPv4 address', () => {
    expect(() => new TCP6ClientEndpoint('127.0.0.1', 2003)).toThrow(
      `Cannot make an endpoint: 'host' must be a host name or an IPv6 address, got "127.0.0.1"`,
    )
  })
})

describe('the text of a client endpoint', () => {
  it.each([
    [new HostnameEndpoint('carbon', 2003), 'tcp:carbon:2003'],
    [new TCP4ClientEndpoint('127.0.0.1', 2003), 'tcp:127.0.0.1:2003'],
    [new TCP6ClientEndpoint('2001:db8::7', 2003), 'tcp:[2001:db8::7]:2003'],
    [new TCP6ClientEndpoint('carbon', 2003), 'tcp6:carbon:2003'],
    [new TCP4ClientEndpoint('carbon', 2003), 'tcp4:carbon:2003'],
    [
      new HostnameEndpoint('::1', 2003, { timeout: 1.5, bindAddress: ['::2', 7] }),
      'tcp:[::1]:2003:timeout=1.5:bindAddress=[::2]:bindPort=7',
    ],
    [new HostnameEndpoint('a:b=c', 80), String.raw`tcp:a\:b\=c:80`],
  ])('is where it connects to: %s', (endpoint, text) => {
    expect(endpoint.toString()).toBe(text)
  })

  it.each([
    ['bücher.example', 'tcp:xn--bcher-kva.example:80'],
    ['2001:db8::7', 'tcp:[2001:db8::7]:80'],
    ['a b', String.raw`tcp:a\\u{20}b:80`],
    ['a\0b', String.raw`tcp:a\\u{0}b:80`],
    ['ü/', String.raw`tcp:\\u{fc}/:80`],
  ])('EP-40 has brackets, punycode, and escapes for what can be no name: %j', (host, text) => {
    expect(String(new HostnameEndpoint(host, 80))).toBe(text)
  })
})
