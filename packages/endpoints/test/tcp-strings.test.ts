import { internetAddress } from '@sennit/protocol'
import { MemoryReactorClock } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { clientFromString, serverFromString } from '../src/from-string.ts'
import { HostnameEndpoint, TCP4ClientEndpoint, TCP6ClientEndpoint } from '../src/tcp-client-endpoint.ts'
import { TCP4ServerEndpoint, TCP6ServerEndpoint } from '../src/tcp-server-endpoint.ts'
import { RecorderFactory } from './doubles.ts'

async function listened(description: string): Promise<unknown[]> {
  const reactor = new MemoryReactorClock()
  const endpoint = serverFromString(description, { reactor })
  expect(reactor.tcpServers).toEqual([])
  await endpoint.listen(new RecorderFactory())
  const { port, options } = reactor.tcpServers[0]!
  return [endpoint.constructor, port, options.interface, options.backlog]
}

function connected(description: string): unknown[] {
  const reactor = new MemoryReactorClock()
  const endpoint = clientFromString(description, { reactor })
  expect(reactor.tcpClients).toEqual([])
  void endpoint.connect(new RecorderFactory())
  const { host, port, options } = reactor.tcpClients[0]!
  return [endpoint.constructor, host, port, options.timeout, options.bindAddress]
}

const none = undefined

describe('tcp and tcp6 of serverFromString', () => {
  it.each<[string, unknown[]]>([
    ['tcp:80', [TCP4ServerEndpoint, 80, '', none]],
    ['tcp:0', [TCP4ServerEndpoint, 0, '', none]],
    ['tcp:port=80', [TCP4ServerEndpoint, 80, '', none]],
    ['tcp:80:127.0.0.1:6', [TCP4ServerEndpoint, 80, '127.0.0.1', 6]],
    ['tcp:80:interface=127.0.0.1', [TCP4ServerEndpoint, 80, '127.0.0.1', none]],
    ['tcp:backlog=6:80:interface=127.0.0.1', [TCP4ServerEndpoint, 80, '127.0.0.1', 6]],
    ['tcp:80::6', [TCP4ServerEndpoint, 80, '', 6]],
    ['tcp:80:interface=[::1]', [TCP4ServerEndpoint, 80, '::1', none]],
    [String.raw`tcp:80:interface=\:\:1`, [TCP4ServerEndpoint, 80, '::1', none]],
    ['TCP:80', [TCP4ServerEndpoint, 80, '', none]],
    ['interface=127.0.0.1:tcp:80', [TCP4ServerEndpoint, 80, '127.0.0.1', none]],
  ])('EP-53 reads %s', async (description, expected) => {
    expect(await listened(description)).toEqual(expected)
  })

  it.each<[string, unknown[]]>([
    ['tcp6:80', [TCP6ServerEndpoint, 80, '::', none]],
    ['tcp6:80:6', [TCP6ServerEndpoint, 80, '::', 6]],
    ['tcp6:80:6:[::1]', [TCP6ServerEndpoint, 80, '::1', 6]],
    ['tcp6:interface=[::1]:80:backlog=6', [TCP6ServerEndpoint, 80, '::1', 6]],
    ['TCP6:80', [TCP6ServerEndpoint, 80, '::', none]],
  ])('EP-58 reads %s', async (description, expected) => {
    expect(await listened(description)).toEqual(expected)
  })

  it.each([
    'tcp:80',
    'tcp:80:interface=127.0.0.1',
    'tcp:80:interface=[::1]',
    'tcp6:80:interface=[::]',
    'tcp:80:backlog=7',
  ])('reads the text of a server endpoint: %s', (description) => {
    expect(String(serverFromString(description))).toBe(description)
  })

  it.each<[string, number, RegExp]>([
    ['tcp', 3, /'port' must be a whole number from 0 to 65535, got nothing/],
    ['tcp:', 4, /'port' must be a whole number from 0 to 65535, got ""/],
    ['tcp:http', 4, /'port' must be a whole number from 0 to 65535, got "http"/],
    ['tcp:0x50', 4, /'port'/],
    ['tcp:port= 80', 9, /'port'/],
    ['tcp:8e1', 4, /'port'/],
    ['tcp:65536', 4, /'port'/],
    ['tcp:80:localhost', 7, /'interface' must be an IP address/],
    ['tcp:80:backlog=0', 15, /'backlog' must be a whole number from 1/],
    [
      'tcp:80:127.0.0.1:6:7',
      19,
      /'argument' must be one of those that 'tcp' has \(port, interface, backlog\), got "7"/,
    ],
    [
      'tcp:80:intreface=::1',
      7,
      /'keyword' must be one of those that 'tcp' has \(port, interface, backlog\), got "intreface"/,
    ],
    ['tcp6:80:interface=127.0.0.1', 18, /'interface' must be an IPv6 address in brackets/],
  ])('EP-68 refuses %s at position %i', (description, position, message) => {
    const read = () => serverFromString(description)
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX', position }))
    expect(read).toThrow(message)
  })
})

describe('tcp and tcp6 of clientFromString', () => {
  it.each<[string, unknown[]]>([
    ['tcp:carbon:2003', [HostnameEndpoint, 'carbon', 2003, 30, none]],
    ['tcp:host=carbon:port=2003', [HostnameEndpoint, 'carbon', 2003, 30, none]],
    ['tcp:port=2003:host=carbon', [HostnameEndpoint, 'carbon', 2003, 30, none]],
    ['tcp:host=carbon:2003', [HostnameEndpoint, 'carbon', 2003, 30, none]],
    ['tcp:carbon:port=2003', [HostnameEndpoint, 'carbon', 2003, 30, none]],
    ['tcp:carbon:2003:timeout=7', [HostnameEndpoint, 'carbon', 2003, 7, none]],
    ['tcp:timeout=7:bindAddress=10.0.0.1:carbon:2003', [HostnameEndpoint, 'carbon', 2003, 7, '10.0.0.1']],
    ['TCP:carbon:2003', [HostnameEndpoint, 'carbon', 2003, 30, none]],
  ])('EP-70 reads %s', (description, expected) => {
    expect(connected(description)).toEqual(expected)
  })

  it.each([
    ['1.5', 1.5],
    ['500ms', 0.5],
    ['2m', 120],
    ['0', 0],
  ])('EP-71 reads the timeout %s', (timeout, seconds) => {
    expect(connected(`tcp:carbon:2003:timeout=${timeout}`)[3]).toBe(seconds)
  })

  it.each<[string, unknown[]]>([
    ['tcp6:carbon:2003', [TCP6ClientEndpoint, 'carbon', 2003, 30, none]],
    ['tcp6:[::1]:2003:timeout=1s:bindAddress=[::1]', [TCP6ClientEndpoint, '::1', 2003, 1, '::1']],
    [String.raw`Tcp6:\:\:1:port=2003`, [TCP6ClientEndpoint, '::1', 2003, 30, none]],
  ])('EP-78 reads %s', (description, expected) => {
    expect(connected(description)).toEqual(expected)
  })

  it.each<[string, Record<string, unknown>]>([
    ['tcp:carbon:2003:bindAddress=10.0.0.1:bindPort=7', { bindAddress: ['10.0.0.1', 7] }],
    ['tcp:carbon:2003:attemptDelay=100ms', { attemptDelay: 0.1 }],
    ['tcp:carbon:2003:keepAlive=20s', { keepAlive: 20 }],
    ['tcp:carbon:2003:keepAlive=false', { keepAlive: false }],
    ['tcp4:carbon:2003', { family: 4 }],
    ['tcp6:carbon:2003', { family: 6 }],
  ])('reads the further options of %s', (description, expected) => {
    const reactor = new MemoryReactorClock()
    void clientFromString(description, { reactor }).connect(new RecorderFactory())
    expect(reactor.tcpClients[0]!.options).toMatchObject(expected)
  })

  it.each<[string, unknown[], unknown]>([
    ['tcp:127.0.0.1:2003', [TCP4ClientEndpoint, '127.0.0.1', 2003, 30, none], 4],
    ['tcp:[2001:db8::7]:2003', [TCP6ClientEndpoint, '2001:db8::7', 2003, 30, none], 6],
    ['tcp:carbon:2003', [HostnameEndpoint, 'carbon', 2003, 30, none], undefined],
  ])('EP-79 reaches %s over the family that the host says', (description, expected, family) => {
    const reactor = new MemoryReactorClock()
    void clientFromString(description, { reactor }).connect(new RecorderFactory())
    expect(reactor.tcpClients[0]!.options.family).toBe(family)
    expect(connected(description)).toEqual(expected)
  })

  it.each(['127.0.0.1', '2001:db8::7'])('reads the text of an address: %s', (host) => {
    const text = internetAddress('TCP', host, 2003).toString()
    expect(connected(text).slice(1, 3)).toEqual([host, 2003])
  })

  it.each([
    'tcp:carbon:2003',
    'tcp:127.0.0.1:2003',
    'tcp4:carbon:2003',
    'tcp6:carbon:2003',
    'tcp:[::1]:2003',
  ])('reads the text of a client endpoint: %s', (description) => {
    expect(String(clientFromString(description))).toBe(description)
  })

  it.each<[string, number, RegExp]>([
    ['tcp', 3, /'host' must be a host name or an IP address .*, got nothing/],
    ['tcp:carbon', 10, /'port' must be a whole number from 1 to 65535, got nothing/],
    ['tcp:carbon:0', 11, /'port' must be a whole number from 1 to 65535, got "0"/],
    ['tcp::2003', 4, /'host' .*, got ""/],
    ['tcp:localhost\0.evil.example:80', 4, /'host'/],
    [
      'tcp:carbon:2003:5',
      16,
      /'argument' must be one of those that 'tcp' has \(host, port, timeout, bindAddress, bindPort, attemptDelay, keepAlive\)/,
    ],
    ['tcp:carbon:2003:timeout=soon', 24, /'timeout' must be seconds/],
    ['tcp:carbon:2003:bindAddress=eth0', 28, /'bindAddress' must be an IP address/],
    ['tcp:::1:80', 4, /'host' .*, got ""/],
    ['tcp4:[::1]:80', 5, /'host' must be a host name or an IPv4 address/],
    ['tcp:carbon:2003:bindPort=7', 26, /'bindAddress' must be there when bindPort is, got nothing/],
    ['tcp:carbon:2003:bindAddress=10.0.0.1:bindPort=0x7', 46, /'bindPort'/],
    ['tcp:carbon:2003:keepAlive=no', 26, /'keepAlive' must be seconds, .*, or 'false'/],
    ['tcp6:127.0.0.1:80', 5, /'host' must be a host name or an IPv6 address in brackets/],
  ])('EP-68 refuses %j at position %i', (description, position, message) => {
    const read = () => clientFromString(description)
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX', position }))
    expect(read).toThrow(message)
  })
})
