import { describe, expect, it } from 'vitest'
import { portArgument } from '../src/argument-kinds.ts'
import { serverFromString } from '../src/from-string.ts'
import { HAProxyServerEndpoint } from '../src/haproxy-server-endpoint.ts'
import { serverEndpointTypes } from '../src/known-types.ts'
import { TCP4ServerEndpoint } from '../src/tcp-server-endpoint.ts'
import { EndpointReactor, RecorderFactory } from './doubles.ts'

describe('haproxy', () => {
  it.each([
    'haproxy:tcp:8080:interface=127.0.0.1:backlog=7',
    'haproxy:interface=127.0.0.1:tcp:backlog=7:8080',
    'HAProxy:TCP:8080:127.0.0.1:7',
    'tcp=0:haproxy:tcp:8080',
  ])('EP-62 wraps the server that the rest of %s describes', async (description) => {
    const reactor = new EndpointReactor()
    if (description.startsWith('tcp=0')) {
      expect(() => serverFromString(description)).toThrow(/'keyword' .* got "tcp"/)
      return
    }
    const endpoint = serverFromString(description, { reactor })
    expect(endpoint).toBeInstanceOf(HAProxyServerEndpoint)
    await endpoint.listen(new RecorderFactory())
    expect(reactor.tcpServers).toMatchObject([
      { port: 8080, options: { interface: '127.0.0.1', backlog: 7 } },
    ])
  })

  it('EP-62 re-quotes nothing: what is escaped stays so', async () => {
    const reactor = new EndpointReactor()
    await serverFromString(String.raw`haproxy:unix:/run/a\:b\=c.sock:mode=600`, { reactor }).listen(
      new RecorderFactory(),
    )
    expect(reactor.unixServers).toMatchObject([{ path: '/run/a:b=c.sock', options: { mode: 0o600 } }])
  })

  it('EP-62 wraps a type that was registered', async () => {
    const remove = serverEndpointTypes.register('local', (args) => {
      const port = args.required('port', portArgument)
      return new TCP4ServerEndpoint(port, { interface: '127.0.0.1', reactor: args.reactor })
    })
    try {
      const reactor = new EndpointReactor()
      await serverFromString('haproxy:local:8080', { reactor }).listen(new RecorderFactory())
      expect(reactor.tcpServers).toMatchObject([{ port: 8080, options: { interface: '127.0.0.1' } }])
    } finally {
      remove()
    }
  })

  it.each<[string, number, RegExp]>([
    ['haproxy', 7, /'type' must be one of the server types .*, got nothing/],
    ['haproxy:ftp:80', 8, /'type' must be one of the server types .*, got "ftp"/],
    ['haproxy:80', 8, /'type' .*, got "80"/],
    ['haproxy:tcp:80abc', 12, /'port' must be a whole number/],
    ['haproxy:tcp:80:mode=600', 15, /'keyword' must be one of those that 'tcp' has/],
    [
      'haproxy:trusted=localhost:tcp:80',
      16,
      /'trusted' must be IP addresses, or networks such as '10.0.0.0\/8', separated by commas, got "localhost"/,
    ],
    ['haproxy:trusted=10.0.0.0/8,:tcp:80', 16, /'trusted'/],
    ['haproxy:trusted=:tcp:80', 16, /'trusted'/],
    ['haproxy:headerTimeout=soon:tcp:80', 22, /'headerTimeout' must be seconds/],
  ])('EP-62 EP-68 refuses %s at position %i', (description, position, message) => {
    const read = () => serverFromString(description)
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX', position }))
    expect(read).toThrow(message)
  })
})
