import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectTLS } from 'node:tls'
import type { ConnectionHandler, IHostPort, IInspectable, IListeningPort } from '@sennit/interfaces'
import { Factory, handler, lines, Protocol } from '@sennit/protocol'
import { authority, MemoryLog } from '@sennit/testing'
import { afterAll, describe, expect, it } from 'vitest'
import { listen } from '../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'sennit-'))
afterAll(() => rmSync(folder, { recursive: true }))
const root = authority('Root of the proxies')
const both = root.issue('localhost', { names: ['localhost'] })
const keyFile = join(folder, 'key.pem')
writeFileSync(keyFile, both.key + both.cert)

/** Answers a line with the address of the peer, by whichever kind of handler. */
class Teller extends Protocol {
  override dataReceived(): void {
    this.transport.write(Buffer.from(`${this.transport.getPeer().toString()}\n`))
    this.transport.loseConnection()
  }
}

function http(): ConnectionHandler & { close(): void } {
  const server = createServer((request, response) => {
    const { remoteAddress, remotePort } = request.socket
    response.end(`tcp:${remoteAddress}:${remotePort}\n`)
  })
  return { handleSocket: (socket) => void server.emit('connection', socket), close: () => server.close() }
}

const kinds: [string, () => ConnectionHandler, string][] = [
  ['a protocol', () => Factory.forProtocol(Teller), 'who am I\n'],
  [
    'a stream handler',
    () =>
      handler(async (socket, { peer, signal }) => {
        for await (const line of lines(socket, { signal })) {
          expect(line).toBe('who am I')
          socket.write(`${peer.toString()}\n`)
          return
        }
      }),
    'who am I\n',
  ],
  ['an HTTP server', http, 'GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'],
]

const headers: [string, Buffer][] = [
  ['v1', Buffer.from('PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n')],
  ['v2', Buffer.from('0d0a0d0a000d0a515549540a2111000cc0000207c0000201dc0401bb', 'hex')],
]

async function textOf(socket: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of socket) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

function raw(port: IListeningPort): Socket {
  const host = port.getHost() as IHostPort & { path?: string }
  const socket = host.path === undefined ? connect(host.port, '127.0.0.1') : connect(host.path)
  return socket.setNoDelay(true)
}

/** Whether it ends or is reset does not matter. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) =>
    socket
      .on('error', () => {})
      .on('close', () => resolve())
      .resume(),
  )
}

const facts = (port: IListeningPort) => (port as IListeningPort & IInspectable).describe().facts

describe.each(kinds)('behind a proxy, %s', (_kind, make, question) => {
  it.each(
    headers.flatMap(([version, header]) => [
      ['tcp', version, header] as const,
      ['unix', version, header] as const,
    ]),
  )(
    'EP-62 EP-63 over %s, with %s, is told who has connected, and gets what follows the header',
    async (type, _v, header) => {
      const where =
        type === 'tcp' ? 'tcp:0:interface=127.0.0.1' : `unix:${join(folder, `${header.length}.sock`)}`
      const port = await listen(`haproxy:${where}`, make())
      const socket = raw(port)
      socket.write(Buffer.concat([header, Buffer.from(question)]))
      expect(await textOf(socket)).toContain('tcp:192.0.2.7:56324\n')
      await port.stopListening()
    },
  )

  it('EP-64 takes a header that comes byte by byte', async () => {
    const port = await listen('haproxy:tcp:0:interface=127.0.0.1', make())
    const socket = raw(port)
    for (const byte of headers[1]![1]) {
      socket.write(Buffer.from([byte]))
      await new Promise((resolve) => setImmediate(resolve))
    }
    socket.write(question)
    expect(await textOf(socket)).toContain('tcp:192.0.2.7:56324\n')
    await port.stopListening()
  })

  it.each([
    ['in one segment with the handshake', true],
    ['before the handshake', false],
  ])('EP-62 over TLS, with the header %s', async (_how, together) => {
    const port = await listen(`haproxy:tls:0:interface=127.0.0.1:privateKey=${keyFile}`, make())
    const socket = raw(port)
    if (together) socket.cork()
    socket.write(headers[1]![1])
    if (!together) await new Promise((resolve) => setTimeout(resolve, 20))
    const secured = connectTLS({ socket, ca: root.cert, servername: 'localhost' })
    if (together) setImmediate(() => socket.uncork())
    secured.write(question)
    expect(await textOf(secured)).toContain('tcp:192.0.2.7:56324\n')
    await port.stopListening()
  })

  it('EP-63 closes a connection that begins with something else, and counts it', async () => {
    const log = new MemoryLog()
    const port = await listen('haproxy:tcp:0:interface=127.0.0.1', make(), { context: { log } })
    const socket = raw(port)
    socket.write(question)
    await closed(socket)
    expect(facts(port)).toMatchObject({ invalid: 1, untrusted: 0 })
    expect(log.messages('warn')).toEqual(['A connection without a PROXY header is refused'])
    await port.stopListening()
    expect(log.messages('error')).toEqual([])
  })

  it('EP-62 closes a connection of somebody who is not trusted, header or not, and counts it', async () => {
    const log = new MemoryLog()
    const port = await listen('haproxy:trusted=192.0.2.0/24:tcp:0:interface=127.0.0.1', make(), {
      context: { log },
    })
    const socket = raw(port)
    socket.write(headers[0]![1])
    await closed(socket)
    await expect.poll(() => facts(port)).toMatchObject({ invalid: 0, untrusted: 1 })
    await port.stopListening()
  })

  it('EP-63 closes a connection whose header does not come in time', async () => {
    const log = new MemoryLog()
    const port = await listen('haproxy:headerTimeout=50ms:tcp:0:interface=127.0.0.1', make(), {
      context: { log },
    })
    const socket = raw(port)
    socket.write('PROXY ')
    await closed(socket)
    expect(facts(port)).toMatchObject({ invalid: 1 })
    await port.stopListening()
  })

  it('drains: a connection that has no header yet is closed at once', async () => {
    const port = await listen('haproxy:tcp:0:interface=127.0.0.1', make(), { drainTimeout: '5s' })
    const socket = raw(port).on('error', () => {})
    socket.write('PROXY ')
    await expect.poll(() => facts(port)['connections']).toBe(1)
    const began = performance.now()
    await port.stopListening()
    expect(performance.now() - began).toBeLessThan(3000)
    socket.destroy()
  })
})

describe('behind a proxy', () => {
  it('EP-62 refuses to listen for everybody when no proxy is trusted', async () => {
    await expect(listen('haproxy:tcp:0', Factory.forProtocol(Teller))).rejects.toMatchObject({
      code: 'ERR_SENNIT_ENDPOINT_OPTION',
      option: 'trusted',
    })
  })

  it('rejects when the key does not fit the certificate', async () => {
    const other = root.issue('other')
    writeFileSync(join(folder, 'mixed.pem'), other.key + both.cert)
    const where = `haproxy:tls:0:interface=127.0.0.1:privateKey=${join(folder, 'mixed.pem')}`
    await expect(listen(where, Factory.forProtocol(Teller))).rejects.toThrow(/key values mismatch/)
  })
})
