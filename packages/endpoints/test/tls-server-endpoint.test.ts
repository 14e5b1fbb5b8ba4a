import { Clock } from '@sennit/runtime'
import { MemoryLog } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { SSL4ServerEndpoint, TLSServerEndpoint } from '../src/tls-server-endpoint.ts'
import { TLSServerFiles } from '../src/tls-server-files.ts'
import { EndpointReactor, PEMS, RecorderFactory } from './doubles.ts'

const { key, cert } = PEMS
const turn = () => new Promise((resolve) => setImmediate(resolve))

describe.each([
  ['SSL4ServerEndpoint', SSL4ServerEndpoint],
  ['TLSServerEndpoint', TLSServerEndpoint],
] as const)('%s', (_name, Endpoint) => {
  it('EP-18 listens by the reactor with what it was given, and yields the port', async () => {
    const reactor = new EndpointReactor()
    const handler = new RecorderFactory()
    const tls = { key, cert }
    const options = { interface: '127.0.0.1', backlog: 7, handshakeTimeout: '3s', reactor } as const
    const port = await new Endpoint(443, tls, options).listen(handler, { maxConnections: 3 })
    expect(reactor.sslServers).toEqual([
      {
        port: 443,
        handler,
        tls,
        options: { interface: '127.0.0.1', backlog: 7, handshakeTimeout: 3, maxConnections: 3 },
        listeningPort: port,
      },
    ])
  })

  it('EP-18 listens on all of IPv4 with the backlog of the platform unless told otherwise', async () => {
    const reactor = new EndpointReactor()
    await new Endpoint(443, { key, cert }, { reactor }).listen(new RecorderFactory())
    expect(reactor.sslServers[0]!.options).toEqual({ interface: '' })
  })

  it('takes the options of listen first', async () => {
    const reactor = new EndpointReactor()
    const endpoint = new Endpoint(443, { key, cert }, { interface: '::1', backlog: 7, reactor })
    await endpoint.listen(new RecorderFactory(), { interface: '::2', backlog: 9, handshakeTimeout: '1s' })
    expect(reactor.sslServers[0]!.options).toEqual({ interface: '::2', backlog: 9, handshakeTimeout: '1s' })
  })

  it('EP-80 reads files when it listens, by the reactor', async () => {
    const reactor = new EndpointReactor({ 'k.pem': key, 'c.pem': cert })
    const endpoint = new Endpoint(443, new TLSServerFiles({ privateKey: 'k.pem', certificate: 'c.pem' }))
    expect(reactor.files.reads).toEqual([])
    await endpoint.listen(new RecorderFactory(), { context: { reactor } })
    expect(reactor.sslServers[0]!.tls).toEqual({ key, cert })
  })

  it('EP-02 EP-80 rejects, and watches nothing, when a file cannot be used', async () => {
    const reactor = new EndpointReactor({ 'k.pem': key })
    const endpoint = new Endpoint(443, new TLSServerFiles({ privateKey: 'k.pem' }), { reactor })
    await expect(endpoint.listen(new RecorderFactory())).rejects.toMatchObject({
      code: 'ERR_SENNIT_ENDPOINT_FILE',
      option: 'certificate',
      path: 'k.pem',
    })
    expect(reactor.files.watched).toEqual([])
    expect(reactor.sslServers).toEqual([])
  })

  it('EP-02 rejects, and watches nothing, when the reactor rejects', async () => {
    const reactor = new EndpointReactor({ 'both.pem': key + cert })
    reactor.listenSSL = () => Promise.reject(new Error('in use'))
    const endpoint = new Endpoint(443, new TLSServerFiles({ privateKey: 'both.pem' }), { reactor })
    await expect(endpoint.listen(new RecorderFactory())).rejects.toThrow('in use')
    expect(reactor.files.watched).toEqual([])
  })

  it('does not listen when it is given up while it reads', async () => {
    const reactor = new EndpointReactor({ 'both.pem': key + cert })
    const controller = new AbortController()
    const endpoint = new Endpoint(443, new TLSServerFiles({ privateKey: 'both.pem' }), { reactor })
    const listening = endpoint.listen(new RecorderFactory(), { signal: controller.signal })
    const reason = new Error('enough')
    controller.abort(reason)
    await expect(listening).rejects.toBe(reason)
    expect(reactor.sslServers).toEqual([])
    expect(reactor.files.watched).toEqual([])
  })

  it('EP-02 rejects when the reactor has no TLS, or no files', async () => {
    const reactor = new Clock()
    await expect(
      new Endpoint(443, { key, cert }, { reactor }).listen(new RecorderFactory()),
    ).rejects.toMatchObject({
      code: 'ERR_SENNIT_MISSING_ROLE',
      role: 'IReactorSSL',
    })
    const source = new TLSServerFiles({ privateKey: 'k.pem' })
    await expect(new Endpoint(443, source, { reactor }).listen(new RecorderFactory())).rejects.toMatchObject({
      code: 'ERR_SENNIT_MISSING_ROLE',
      role: 'IReactorFiles',
    })
  })

  it.each([
    ['a port beyond the last', 65_536, {}, 'ERR_SENNIT_ENDPOINT_OPTION'],
    ['a timeout that is none', 443, { handshakeTimeout: 'soon' as '1s' }, 'ERR_SENNIT_DURATION'],
    ['an interval that is none', 443, { reload: 'often' as '1s' }, 'ERR_SENNIT_DURATION'],
  ])('refuses %s', (_what, port, options, code) => {
    expect(() => new Endpoint(port, {}, options)).toThrow(expect.objectContaining({ code }))
  })

  it('says nothing of keys and certificates that are no files', () => {
    expect(String(new Endpoint(443, { key: 'secret', cert }))).toMatch(/^(tls|ssl):443$/)
  })
})

describe('TLSServerEndpoint with files', () => {
  async function listening() {
    const reactor = new EndpointReactor({ 'both.pem': key + cert })
    const log = new MemoryLog()
    const endpoint = new TLSServerEndpoint(443, new TLSServerFiles({ privateKey: 'both.pem' }), { reactor })
    const port = await endpoint.listen(new RecorderFactory(), { context: { log } })
    return { reactor, log, port, inner: reactor.sslServers[0]!.listeningPort, files: reactor.files }
  }

  it('gives the port new credentials when they change', async () => {
    const { files, inner, port } = await listening()
    files.write('both.pem', `${key}${cert}2`)
    await turn()
    expect(inner.tlsOptions.slice(1)).toEqual([{ key: `${key}${cert}2`, cert: `${key}${cert}2` }])
    expect((port as unknown as { describe(): object }).describe()).toMatchObject({
      facts: { address: 'tcp:0.0.0.0:443', reloads: 1, reloadError: null },
    })
  })

  it('keeps the old ones when the port refuses the new ones, and logs it', async () => {
    const { files, inner, port, log } = await listening()
    files.write('both.pem', `${key}${cert}BAD`)
    await turn()
    expect(inner.tlsOptions.slice(1)).toEqual([])
    expect(log.messages('error')).toEqual(['New TLS credentials cannot be used; the old ones stay'])
    expect((port as unknown as { describe(): object }).describe()).toMatchObject({
      facts: { reloads: 0, reloadError: 'key and certificate do not fit' },
    })
  })

  it('ends watching when the port is stopped', async () => {
    const { files, inner, port } = await listening()
    port.serve()
    expect(inner.serving).toBe(true)
    await port.stopListening()
    expect(inner.stopped).toBe(true)
    expect(files.watched).toEqual([])
  })

  it('reads them once when told so, and ssl does unless told otherwise', async () => {
    const reactor = new EndpointReactor({ 'both.pem': key + cert })
    const source = new TLSServerFiles({ privateKey: 'both.pem' })
    await new TLSServerEndpoint(443, source, { reactor, reload: false }).listen(new RecorderFactory())
    await new SSL4ServerEndpoint(443, source, { reactor }).listen(new RecorderFactory())
    expect(reactor.files.watched).toEqual([])
    await new SSL4ServerEndpoint(443, source, { reactor, reload: '1s' }).listen(new RecorderFactory())
    expect(reactor.files.watched).toEqual(['both.pem'])
  })
})
