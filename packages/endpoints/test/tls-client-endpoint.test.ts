import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { SSL4ClientEndpoint, TLSClientEndpoint } from '../src/tls-client-endpoint.ts'
import { TLSClientFiles } from '../src/tls-client-files.ts'
import { EndpointReactor, PEMS, RecorderFactory } from './doubles.ts'

const { key, cert } = PEMS
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe.each([
  ['SSL4ClientEndpoint', SSL4ClientEndpoint, 4],
  ['TLSClientEndpoint', TLSClientEndpoint, undefined],
] as const)('%s', (_name, Endpoint, family) => {
  it('EP-18 connects by the reactor with what it was given, and yields the protocol', async () => {
    const reactor = new EndpointReactor()
    const factory = new RecorderFactory()
    const tls = { servername: 'feed.example' }
    const options = { timeout: '5s', bindAddress: '10.0.0.1', handshakeTimeout: '3s', reactor } as const
    const connecting = new Endpoint('carbon', 443, tls, options).connect(factory)
    await turn()
    expect(reactor.sslClients).toMatchObject([
      {
        host: 'carbon',
        port: 443,
        tls,
        options: { timeout: 5, bindAddress: '10.0.0.1', handshakeTimeout: 3, family },
      },
    ])
    reactor.connectors[0]!.succeed()
    expect(await connecting).toBe(factory.built[0])
  })

  it('EP-18 has 30 s and no local address unless told otherwise', async () => {
    const reactor = new EndpointReactor()
    void new Endpoint('carbon', 443, {}, { reactor }).connect(new RecorderFactory())
    await turn()
    expect(reactor.sslClients[0]!.options).toEqual({ timeout: 30, family })
  })

  it('reads files for each attempt, by the reactor', async () => {
    const reactor = new EndpointReactor({ 'both.pem': key + cert })
    const endpoint = new Endpoint('carbon', 443, new TLSClientFiles({ certificate: 'both.pem' }))
    void endpoint.connect(new RecorderFactory(), { context: { reactor } })
    await turn()
    reactor.files.write('both.pem', `${key}${cert}2`)
    void endpoint.connect(new RecorderFactory(), { context: { reactor } })
    await turn()
    expect(reactor.sslClients.map(({ tls }) => tls.cert)).toEqual([key + cert, `${key}${cert}2`])
  })

  it('EP-80 rejects when a file cannot be used', async () => {
    const reactor = new EndpointReactor()
    const endpoint = new Endpoint('carbon', 443, new TLSClientFiles({ certificate: 'c.pem' }), { reactor })
    await expect(endpoint.connect(new RecorderFactory())).rejects.toMatchObject({
      code: 'ERR_SENNIT_ENDPOINT_FILE',
      path: 'c.pem',
    })
    expect(reactor.sslClients).toEqual([])
  })

  it('EP-08 does not connect when it is cancelled before, or while it reads', async () => {
    const reactor = new EndpointReactor({ 'both.pem': key + cert })
    const endpoint = new Endpoint('carbon', 443, new TLSClientFiles({ certificate: 'both.pem' }), { reactor })
    const before = endpoint.connect(new RecorderFactory(), { signal: AbortSignal.abort() })
    await expect(before).rejects.toMatchObject({ code: 'ABORT_ERR' })
    expect(reactor.files.reads).toEqual([])
    const controller = new AbortController()
    const connecting = endpoint.connect(new RecorderFactory(), { signal: controller.signal })
    controller.abort()
    await expect(connecting).rejects.toMatchObject({ code: 'ABORT_ERR', address: { hostname: 'carbon' } })
    expect(reactor.sslClients).toEqual([])
  })

  it('EP-39 rejects when its host can be no name', async () => {
    const reactor = new EndpointReactor()
    await expect(
      new Endpoint('a b', 443, {}, { reactor }).connect(new RecorderFactory()),
    ).rejects.toMatchObject({
      code: 'ERR_SENNIT_ENDPOINT_OPTION',
      option: 'host',
    })
  })

  it('EP-05 rejects when the reactor has no TLS', async () => {
    const connecting = new Endpoint('carbon', 443, {}, { reactor: new Clock() }).connect(
      new RecorderFactory(),
    )
    await expect(connecting).rejects.toMatchObject({ code: 'ERR_SENNIT_MISSING_ROLE', role: 'IReactorSSL' })
  })

  it('has its host as it is looked up, and its port', () => {
    expect(new Endpoint('bücher.example', 443)).toMatchObject({ host: 'xn--bcher-kva.example', port: 443 })
  })

  it('says nothing of keys and certificates that are no files', () => {
    expect(String(new Endpoint('127.0.0.1', 443, { key: 'secret', cert }))).toMatch(
      /^(tls|ssl):127.0.0.1:443$/,
    )
  })
})
