import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { connect as connectTLS } from 'node:tls'
import type { IHostPort, IInspectable, IListeningPort } from '@sennit/interfaces'
import { duplexFactory, handler } from '@sennit/protocol'
import { authority, type Credentials, MemoryLog } from '@sennit/testing'
import { afterAll, describe, expect, it } from 'vitest'
import {
  clientFromString,
  listen,
  quoteStringArgument,
  service,
  wrapClientTLS,
  UNIXClientEndpoint,
} from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'sennit-'))
afterAll(() => rmSync(folder, { recursive: true }))
const file = (name: string) => join(folder, name)
const write = (name: string, text: string) => {
  writeFileSync(file(`${name}.new`), text)
  renameSync(file(`${name}.new`), file(name))
  return file(name)
}

const root = authority('Root of the endpoints')
write('root.pem', root.cert)
const echo = handler((socket) => pipeline(socket, socket))
const pem = ({ key, cert }: Credentials) => key + cert
const portOf = (port: IListeningPort) => (port.getHost() as IHostPort).port
const facts = (port: IListeningPort) => (port as IListeningPort & IInspectable).describe().facts

async function echoed(connecting: Promise<Duplex>): Promise<string> {
  const socket = await connecting
  socket.end('hello')
  let text = ''
  for await (const chunk of socket) text += String(chunk)
  return text
}

/** For whom the certificate is that a server shows. */
function shown(port: number, servername?: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      port,
      host: '127.0.0.1',
      rejectUnauthorized: false,
      ...(servername ? { servername } : {}),
    }
    const socket = connectTLS(options, () => {
      resolve(String(socket.getPeerCertificate().subject.CN))
      socket.destroy()
    })
    socket.on('error', reject)
  })
}

describe('TLS on real sockets', () => {
  it('EP-18 EP-75 a client talks to a server, whose name and authority it checks', async () => {
    const key = write('localhost.pem', pem(root.issue('localhost', { names: ['localhost'] })))
    const port = await listen(`tls:0:interface=127.0.0.1:privateKey=${key}`, echo)
    const to = (rest: string) =>
      clientFromString(`tls:localhost:${portOf(port)}${rest}`).connect(duplexFactory())
    expect(await echoed(to(`:trustRoots=${file('root.pem')}`))).toBe('hello')
    await expect(to('')).rejects.toMatchObject({ name: 'SSLError' })
    await expect(to(`:trustRoots=${file('root.pem')}:servername=other.example`)).rejects.toMatchObject({
      name: 'SSLError',
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
    await port.stopListening()
  })

  it('EP-72 EP-73 so does ssl, which checks the name without hostname, too', async () => {
    const key = write('feed.pem', pem(root.issue('feed.example', { names: ['feed.example'] })))
    const port = await listen(`ssl:0:interface=127.0.0.1:privateKey=${key}`, echo)
    const roots = quoteStringArgument(folder)
    const to = (rest: string) =>
      clientFromString(`ssl:127.0.0.1:${portOf(port)}:caCertsDir=${roots}${rest}`, {}).connect(
        duplexFactory(),
        { context: { log: new MemoryLog() } },
      )
    expect(await echoed(to(':hostname=feed.example'))).toBe('hello')
    await expect(to('')).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' })
    await port.stopListening()
  })

  it('EP-55 EP-57 rejects to listen when key and certificate do not fit, one is missing, or a chain has none', async () => {
    const mixed = write('mixed.pem', root.issue('a').key + root.issue('b').cert)
    await expect(listen(`ssl:0:interface=127.0.0.1:privateKey=${mixed}`, echo)).rejects.toMatchObject({
      code: 'ERR_SENNIT_TLS_OPTIONS',
    })
    const good = write('good.pem', pem(root.issue('a')))
    const bare = write('bare.pem', root.issue('a').key)
    await expect(
      listen(`ssl:0:interface=127.0.0.1:privateKey=${good}:extraCertChain=${bare}`, echo),
    ).rejects.toMatchObject({ code: 'ERR_SENNIT_ENDPOINT_FILE', option: 'extraCertChain', path: bare })
    await expect(listen('ssl:0:interface=127.0.0.1:privateKey=/nowhere.pem', echo)).rejects.toMatchObject({
      code: 'ERR_SENNIT_ENDPOINT_FILE',
      path: '/nowhere.pem',
      cause: { code: 'ENOENT' },
    })
  })

  it('EP-44 wraps TLS around a UNIX socket', async () => {
    const key = write('tunnel.pem', pem(root.issue('db.internal', { names: ['db.internal'] })))
    const inner = await listen(`tls:0:interface=127.0.0.1:privateKey=${key}`, echo)
    const { connect } = await import('node:net')
    const path = file('tunnel.sock')
    const tunnel = await listen(
      `unix:${quoteStringArgument(path)}`,
      handler(async (socket) => {
        const on = connect(portOf(inner), '127.0.0.1')
        await Promise.all([pipeline(socket, on), pipeline(on, socket)]).catch(() => {})
      }),
    )
    const endpoint = wrapClientTLS({ ca: root.cert, servername: 'db.internal' }, new UNIXClientEndpoint(path))
    expect(await echoed(endpoint.connect(duplexFactory()))).toBe('hello')
    const described = `tls:db.internal:trustRoots=${file('root.pem')}:endpoint=${quoteStringArgument(`unix:${quoteStringArgument(path)}`)}`
    expect(await echoed(clientFromString(described).connect(duplexFactory()))).toBe('hello')
    const wrong = wrapClientTLS({ ca: root.cert, servername: 'other' }, new UNIXClientEndpoint(path))
    await expect(wrong.connect(duplexFactory())).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    })
    await tunnel.stopListening()
    await inner.stopListening()
  })
})

describe.each([
  ['tls', 'tls'],
  ['tls behind a proxy', 'haproxy:tls'],
])('new credentials of %s', (_what, type) => {
  const dial = async (port: IListeningPort, servername?: string): Promise<string> => {
    if (type === 'tls') return shown(portOf(port), servername)
    const { connect } = await import('node:net')
    const socket = connect(portOf(port), '127.0.0.1')
    socket.write('PROXY UNKNOWN\r\n')
    return new Promise((resolve, reject) => {
      const secured = connectTLS(
        { socket, rejectUnauthorized: false, ...(servername ? { servername } : {}) },
        () => {
          resolve(String(secured.getPeerCertificate().subject.CN))
          secured.destroy()
        },
      )
      secured.on('error', reject)
    })
  }

  it('are taken when the file changes; a bad pair is logged, and the old one stays', async () => {
    const log = new MemoryLog()
    const key = write('rotating.pem', pem(root.issue('first')))
    const port = await listen(`${type}:0:interface=127.0.0.1:privateKey=${key}:reload=20ms`, echo, {
      context: { log },
    })
    expect(await dial(port)).toBe('first')
    write('rotating.pem', root.issue('a').key + root.issue('b').cert)
    await expect.poll(() => facts(port)['reloadError']).not.toBeNull()
    expect(await dial(port)).toBe('first')
    expect(log.messages('error')).toContain('New TLS credentials cannot be used; the old ones stay')
    write('rotating.pem', pem(root.issue('second')))
    await expect.poll(() => facts(port)['reloads']).toBeGreaterThan(0)
    expect(facts(port)['reloadError']).toBeNull()
    expect(await dial(port)).toBe('second')
    await port.stopListening()
  })

  it('come from a folder by the names of servers, and new names with new files', async () => {
    const certs = mkdtempSync(join(folder, 'certs-'))
    const put = (name: string, text: string) => writeFileSync(join(certs, name), text)
    put('a.example.pem', pem(root.issue('the first', { names: ['a.example'] })))
    put('_.b.example.pem', pem(root.issue('the wild', { names: ['*.b.example'] })))
    const log = new MemoryLog()
    const where = `${type}:0:interface=127.0.0.1:serverNames=${quoteStringArgument(certs)}:reload=20ms`
    const port = await listen(where, echo, { context: { log } })
    expect(await dial(port, 'a.example')).toBe('the first')
    expect(await dial(port, 'x.b.example')).toBe('the wild')
    put('c.example.pem', pem(root.issue('the third', { names: ['c.example'] })))
    await expect.poll(() => dial(port, 'c.example')).toBe('the third')
    await port.stopListening()
  })
})

describe('a service at several places', () => {
  it('ST-01 listens at all of them, and says where', async () => {
    const key = write('several.pem', pem(root.issue('localhost', { names: ['localhost'] })))
    const path = file('several.sock')
    const web = service(
      [
        'tcp:0:interface=127.0.0.1',
        `tls:0:interface=127.0.0.1:privateKey=${key}`,
        `unix:${quoteStringArgument(path)}`,
      ],
      echo,
    )
    await web.startService()
    const [tcp, tls, unix] = web.getHosts()
    expect(String(unix)).toBe(`unix:${path}`)
    expect(await echoed(clientFromString(String(tcp)).connect(duplexFactory()))).toBe('hello')
    expect(await echoed(clientFromString(`unix:${quoteStringArgument(path)}`).connect(duplexFactory()))).toBe(
      'hello',
    )
    const secure = `tls:localhost:${(tls as IHostPort).port}:trustRoots=${file('root.pem')}`
    expect(await echoed(clientFromString(secure).connect(duplexFactory()))).toBe('hello')
    await web.stopService()
    await expect(clientFromString(String(tcp)).connect(duplexFactory())).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    })
  })
})
