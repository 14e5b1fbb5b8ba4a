import { describe, expect, it } from 'vitest'
import { clientFromString, serverFromString } from '../src/from-string.ts'
import { SSL4ServerEndpoint } from '../src/tls-server-endpoint.ts'
import { EndpointReactor, PEMS, RecorderFactory } from './doubles.ts'

const { key, cert, chain, dh } = PEMS
const both = key + cert
const files = { 'server.pem': both, 'k.pem': key, 'c.pem': cert, 'chain.pem': chain, 'dh.pem': dh }
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('ssl of serverFromString', () => {
  it.each<[string, object, object]>([
    ['ssl:443', { key: both, cert: both }, { interface: '' }],
    ['ssl:443:privateKey=k.pem:certKey=c.pem', { key, cert }, {}],
    [
      'ssl:443:k.pem:c.pem:TLS_METHOD:127.0.0.1:7:chain.pem:dh.pem',
      { key, cert: cert + chain, dhparam: dh },
      { interface: '127.0.0.1', backlog: 7 },
    ],
    ['ssl:443:extraCertChain=chain.pem:dhParameters=dh.pem', { cert: both + chain, dhparam: dh }, {}],
    ['ssl:443:interface=127.0.0.1:backlog=7', {}, { interface: '127.0.0.1', backlog: 7 }],
    ['ssl:443:sslmethod=SSLv23_METHOD', { key: both }, {}],
    ['ssl:443:sslmethod=TLSv1_2_METHOD', { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }, {}],
    ['ssl:443:minVersion=TLSv1.3:alpn=h2', { minVersion: 'TLSv1.3', ALPNProtocols: ['h2'] }, {}],
  ])('EP-55 listens at %s', async (description, tls, options) => {
    const reactor = new EndpointReactor(files)
    const endpoint = serverFromString(description, { reactor })
    expect(endpoint).toBeInstanceOf(SSL4ServerEndpoint)
    await endpoint.listen(new RecorderFactory())
    const [server] = reactor.sslServers
    expect(server!.port).toBe(443)
    expect(server!.tls).toMatchObject(tls)
    expect(server!.options).toMatchObject(options)
    expect(reactor.files.watched).toEqual([])
  })

  it('EP-57 rejects when a chain has no certificate', async () => {
    const reactor = new EndpointReactor(files)
    const listening = serverFromString('ssl:443:extraCertChain=k.pem', { reactor }).listen(
      new RecorderFactory(),
    )
    await expect(listening).rejects.toMatchObject({
      code: 'ERR_SENNIT_ENDPOINT_FILE',
      option: 'extraCertChain',
      path: 'k.pem',
    })
  })

  it.each<[string, number, RegExp]>([
    ['ssl', 3, /'port' .*, got nothing/],
    [
      'ssl:443:sslmethod=SSLv3_METHOD',
      18,
      /'sslmethod' must be 'TLS_METHOD', .* \(what is older than TLS 1.2 is not spoken\), got "SSLv3_METHOD"/,
    ],
    ['ssl:443:sslmethod=TLSv1_METHOD', 18, /'sslmethod'/],
    ['ssl:443:sslmethod=constructor', 18, /'sslmethod'/],
    ['ssl:443:serverNames=/certs', 8, /'keyword' must be one of those that 'ssl' has/],
  ])('EP-68 refuses %s at position %i', (description, position, message) => {
    const read = () => serverFromString(description)
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX', position }))
    expect(read).toThrow(message)
  })
})

describe('ssl of clientFromString', () => {
  it.each<[string, object, object]>([
    ['ssl:carbon:443', {}, { timeout: 30, family: undefined }],
    ['ssl:host=carbon:port=443:timeout=5:bindAddress=10.0.0.1', {}, { timeout: 5, bindAddress: '10.0.0.1' }],
    ['ssl:carbon:443:certKey=c.pem:privateKey=k.pem', { cert, key }, {}],
    ['ssl:carbon:443:hostname=feed.example', { servername: 'feed.example' }, {}],
  ])('EP-72 connects to %s, and leaves the checks on', async (description, tls, options) => {
    const reactor = new EndpointReactor(files)
    void clientFromString(description, { reactor }).connect(new RecorderFactory())
    await turn()
    const [client] = reactor.sslClients
    expect([client!.host, client!.port]).toEqual(['carbon', 443])
    expect(client!.tls).toMatchObject(tls)
    expect(client!.tls.rejectUnauthorized).toBeUndefined()
    expect(client!.options).toMatchObject(options)
  })

  it('EP-73 rejects when the folder of authorities has none', async () => {
    const reactor = new EndpointReactor({ '/roots/readme': 'none' })
    const endpoint = clientFromString('ssl:carbon:443:caCertsDir=/roots', { reactor })
    await expect(endpoint.connect(new RecorderFactory())).rejects.toMatchObject({
      code: 'ERR_SENNIT_ENDPOINT_FILE',
      option: 'caCertsDir',
      path: '/roots',
    })
  })

  it.each(['ssl:carbon', 'ssl:carbon:443:verify=0', 'ssl:carbon:443:hostname=a b', 'ssl:carbon:443:5'])(
    'EP-68 refuses %s',
    (description) => {
      expect(() => clientFromString(description)).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX' }),
      )
    },
  )
})
