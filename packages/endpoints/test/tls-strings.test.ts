import type { StartTLSOptions } from '@sennit/interfaces'
import { StringTransport } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { clientFromString, serverFromString } from '../src/from-string.ts'
import { TLSClientEndpoint } from '../src/tls-client-endpoint.ts'
import { TLSServerEndpoint } from '../src/tls-server-endpoint.ts'
import { EndpointReactor, PEMS, RecorderFactory } from './doubles.ts'

const { key, cert, chain, dh } = PEMS
const both = key + cert
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('tls of serverFromString', () => {
  it.each<[string, number, object, object]>([
    ['tls:443:privateKey=both.pem', 443, { key: both, cert: both }, { interface: '' }],
    [
      'tls:443:privateKey=k.pem:certificate=c.pem:extraCertChain=chain.pem:dhParameters=dh.pem',
      443,
      { key, cert: cert + chain, dhparam: dh },
      {},
    ],
    [
      'TLS:port=0:privateKey=both.pem:interface=[::1]:backlog=7:handshakeTimeout=500ms',
      0,
      { key: both },
      { interface: '::1', backlog: 7, handshakeTimeout: 0.5 },
    ],
    [
      'tls:443:privateKey=both.pem:minVersion=tlsv1.3:maxVersion=TLSv1.3:alpn=h2,http/1.1',
      443,
      { minVersion: 'TLSv1.3', maxVersion: 'TLSv1.3', ALPNProtocols: ['h2', 'http/1.1'] },
      {},
    ],
    [
      'tls:443:serverNames=/certs',
      443,
      { key: both, serverNames: { 'a.example': { key: both, cert: both } } },
      {},
    ],
  ])('EP-78 listens at %s', async (description, port, tls, options) => {
    const files = { 'both.pem': both, 'k.pem': key, 'c.pem': cert, 'chain.pem': chain, 'dh.pem': dh }
    const reactor = new EndpointReactor({ ...files, '/certs/a.example.pem': both })
    const endpoint = serverFromString(description, { reactor })
    expect(endpoint).toBeInstanceOf(TLSServerEndpoint)
    await endpoint.listen(new RecorderFactory())
    const [server] = reactor.sslServers
    expect(server!.port).toBe(port)
    expect(server!.tls).toMatchObject(tls)
    expect(server!.options).toMatchObject(options)
  })

  it.each<[string, boolean]>([
    ['tls:443:privateKey=both.pem', true],
    ['tls:443:privateKey=both.pem:reload=1m', true],
    ['tls:443:privateKey=both.pem:reload=0', false],
  ])('watches the files of %s: %s', async (description, watches) => {
    const reactor = new EndpointReactor({ 'both.pem': both })
    await serverFromString(description, { reactor }).listen(new RecorderFactory())
    expect(reactor.files.watched).toEqual(watches ? ['both.pem'] : [])
  })

  it.each<[string, number, RegExp]>([
    ['tls', 3, /'port' .*, got nothing/],
    [
      'tls:443',
      7,
      /'privateKey' must be a path without NUL characters \(or 'serverNames' that of a folder\), got nothing/,
    ],
    ['tls:443:privateKey=', 19, /'privateKey' must be a path/],
    ['tls:443:key.pem', 15, /'privateKey'/],
    ['tls:443:privateKey=k:minVersion=TLSv1', 32, /'minVersion' must be 'TLSv1.2' or 'TLSv1.3', got "TLSv1"/],
    ['tls:443:privateKey=k:alpn=h2,', 26, /'alpn' must be names of protocols, separated by commas/],
    ['tls:443:privateKey=k:interface=localhost', 31, /'interface' must be an IP address/],
    [
      'tls:443:privateKey=k:certKey=c',
      21,
      /'keyword' must be one of those that 'tls' has \(port, privateKey, certificate, /,
    ],
    ['tls:443:privateKey=k:passphrase=x', 21, /'keyword'/],
  ])('EP-68 refuses %s at position %i', (description, position, message) => {
    const read = () => serverFromString(description)
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX', position }))
    expect(read).toThrow(message)
  })
})

describe('tls of clientFromString', () => {
  it.each<[string, unknown[], object, object]>([
    ['tls:carbon:443', ['carbon', 443], {}, { timeout: 30 }],
    ['tls:host=carbon:port=443', ['carbon', 443], {}, { timeout: 30 }],
    [
      'tls:carbon:443:timeout=5:bindAddress=10.0.0.1',
      ['carbon', 443],
      {},
      { timeout: 5, bindAddress: '10.0.0.1' },
    ],
    ['tls:carbon:443:certificate=c.pem:privateKey=k.pem', ['carbon', 443], { cert, key }, {}],
    ['tls:carbon:443:privateKey=both.pem', ['carbon', 443], { cert: both, key: both }, {}],
    ['tls:bücher.example:443', ['xn--bcher-kva.example', 443], {}, {}],
    [
      'tls:carbon:443:servername=bücher.example',
      ['carbon', 443],
      { servername: 'xn--bcher-kva.example' },
      {},
    ],
    ['tls:carbon:443:family=6:handshakeTimeout=2s', ['carbon', 443], {}, { family: 6, handshakeTimeout: 2 }],
    ['TLS:[::1]:443:alpn=h2', ['::1', 443], { ALPNProtocols: ['h2'] }, {}],
  ])('EP-75 connects to %s', async (description, where, tls, options) => {
    const reactor = new EndpointReactor({ 'both.pem': both, 'k.pem': key, 'c.pem': cert })
    const endpoint = clientFromString(description, { reactor })
    expect(endpoint).toBeInstanceOf(TLSClientEndpoint)
    void endpoint.connect(new RecorderFactory())
    await turn()
    const [client] = reactor.sslClients
    expect([client!.host, client!.port]).toEqual(where)
    expect(client!.tls).toMatchObject(tls)
    expect(client!.tls.rejectUnauthorized).toBeUndefined()
    expect(client!.options).toMatchObject(options)
  })

  it('EP-77 passes no local address on when there is none', async () => {
    const reactor = new EndpointReactor()
    void clientFromString('tls:carbon:443', { reactor }).connect(new RecorderFactory())
    await turn()
    expect(reactor.sslClients[0]!.options.bindAddress).toBeUndefined()
  })

  it.each([
    String.raw`tls:feed.example:443:endpoint=tcp\:relay\:7000\:timeout=5`,
    String.raw`tls:feed.example:endpoint=tcp\:relay\:7000\:timeout\=5`,
  ])(
    'EP-75 connects by the endpoint inside, and uses the host for the certificate only: %s',
    async (description) => {
      const reactor = new EndpointReactor()
      void clientFromString(description, { reactor }).connect(new RecorderFactory())
      await turn()
      expect(reactor.tcpClients).toMatchObject([{ host: 'relay', port: 7000, options: { timeout: 5 } }])
      const started: StartTLSOptions[] = []
      const transport = Object.assign(new StringTransport(), {
        startTLS: (options: StartTLSOptions) => started.push(options),
      })
      reactor.connectors[0]!.succeed(transport)
      expect(started).toMatchObject([{ servername: 'feed.example' }])
      expect(reactor.sslClients).toEqual([])
    },
  )

  it.each<[string, number, RegExp]>([
    ['tls:carbon', 10, /'port' .*, got nothing/],
    ['tls:a b:443', 4, /'host'/],
    ['tls:carbon:443:endpoint=ftp\\:x', 0, /"ftp:x": 'type' must be one of the client types/],
    ['tls:carbon:443:endpoint=tcp\\:x', 5, /"tcp:x": 'port' .*, got nothing/],
    ['tls:carbon:443:family=5', 22, /'family' must be 4 or 6/],
    [
      'tls:carbon:443:caCertsDir=/roots',
      15,
      /'keyword' must be one of those that 'tls' has \(host, endpoint, port, .*trustRoots.*\), got "caCertsDir"/,
    ],
    [
      'tls:carbon:endpoint=unix\\:/a:timeout=5',
      29,
      /'keyword' must be one of those that 'tls' has \(host, endpoint, port, .*\), got "timeout"/,
    ],
  ])('EP-76 EP-68 refuses %s at position %i', (description, position, message) => {
    const read = () => clientFromString(description)
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX', position }))
    expect(read).toThrow(message)
  })
})
