/** The servers that people have, each over a real socket, and stopped with work in flight. */
import { once } from 'node:events'
import { createServer, request as httpRequest } from 'node:http'
import {
  type ClientHttp2Session,
  connect as connectHttp2,
  createSecureServer as createSecureHttp2,
  createServer as createHttp2,
} from 'node:http2'
import { Agent as SecureAgent, createServer as createSecureServer, request as httpsRequest } from 'node:https'
import { createConnection, type Socket } from 'node:net'
import { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createAdaptorServer } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket, WebSocketServer } from 'ws'
import { httpFactory, type HttpServer } from '../src/index.ts'
import { credentials, serve, type Serving, trusted } from './support/serving.ts'

let cleanups: (() => unknown)[]
let folder: string

beforeEach(() => {
  cleanups = []
  folder = mkdtempSync(join(tmpdir(), 'sennit-http-'))
  writeFileSync(join(folder, 'key.pem'), credentials.key)
  writeFileSync(join(folder, 'cert.pem'), credentials.cert)
})

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
  rmSync(folder, { recursive: true })
})

async function start(...args: Parameters<typeof serve>): Promise<Serving> {
  const serving = await serve(...args)
  cleanups.push(() => serving.listening.stopListening())
  return serving
}

interface Answer {
  readonly status: number
  readonly text: string
  readonly headers: Record<string, unknown>
}

/** Asks by HTTP/1, on a connection of its own. */
function ask(port: number, path = '/', secure = false, agent: SecureAgent | false = false): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = secure ? httpsRequest : httpRequest
    request({ host: '127.0.0.1', port, path, ca: trusted, agent }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
      response.on('error', reject)
      response.on('end', () => resolve({ status: response.statusCode!, text, headers: response.headers }))
    })
      .on('error', reject)
      .end()
  })
}

/** Sends the first bytes at once, and the others later. */
class Slowly extends Duplex {
  readonly #socket: Socket
  #wait: number

  constructor(socket: Socket, wait: number) {
    super()
    this.#socket = socket
    this.#wait = wait
    socket.on('data', (data) => this.push(data)).on('end', () => this.push(null))
    socket.on('error', () => {})
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    const split = this.#wait === 0 ? chunk.length : 20
    this.#socket.write(chunk.subarray(0, split))
    setTimeout(() => {
      if (split < chunk.length) this.#socket.write(chunk.subarray(split))
      done()
    }, this.#wait)
    this.#wait = 0
  }

  override _final(done: () => void): void {
    this.#socket.end(done)
  }
}

function openHttp2(port: number, secure: boolean): ClientHttp2Session {
  const session = connectHttp2(`${secure ? 'https' : 'http'}://127.0.0.1:${port}`, { ca: trusted })
  session.on('error', () => {})
  cleanups.push(() => session.destroy())
  return session
}

/** Asks by HTTP/2. */
async function askHttp2(session: ClientHttp2Session, path = '/'): Promise<Answer> {
  const stream = session.request({ ':path': path })
  const headers = new Promise<Record<string, unknown>>((resolve) => stream.once('response', resolve))
  let text = ''
  for await (const chunk of stream.setEncoding('utf8')) text += chunk as string
  return { status: Number((await headers)[':status']), text, headers: await headers }
}

/** How long a stop takes, in milliseconds. */
async function stop({ listening }: Serving): Promise<number> {
  const from = performance.now()
  await listening.stopListening()
  return performance.now() - from
}

/** Each kind of server, with a slow answer at `/slow` and a quick one at `/`. */
const kinds: readonly [
  string,
  (route: Record<string, () => Promise<string>>) => HttpServer | Promise<HttpServer>,
][] = [
  [
    'node:http',
    (routes) =>
      createServer((request, response) => void routes[request.url!]!().then((text) => response.end(text))),
  ],
  [
    'Express 5',
    (routes) => {
      const app = express()
      for (const [path, answer] of Object.entries(routes)) {
        app.get(path, async (_request, response) => void response.send(await answer()))
      }
      return createServer(app)
    },
  ],
  [
    'Fastify 5',
    async (routes) => {
      const app = fastify()
      for (const [path, answer] of Object.entries(routes)) app.get(path, answer)
      await app.ready()
      cleanups.push(() => app.close())
      return app.server
    },
  ],
  [
    'Hono',
    (routes) => {
      const app = new Hono()
      for (const [path, answer] of Object.entries(routes)) app.get(path, async (c) => c.text(await answer()))
      return createAdaptorServer({ fetch: app.fetch }) as HttpServer
    },
  ],
]

describe.each(kinds)('%s', (_name, make) => {
  it('serves, finishes what is in flight when it stops, and can serve again', async () => {
    let arrived = (): void => {}
    const isThere = new Promise<void>((resolve) => (arrived = resolve))
    const server = await make({
      '/': async () => 'quick',
      '/slow': async () => {
        arrived()
        await wait(300)
        return 'slow'
      },
    })
    const serving = await start(server)
    expect(await ask(serving.port)).toMatchObject({ status: 200, text: 'quick' })
    const slow = ask(serving.port, '/slow')
    await isThere
    const took = await stop(serving)
    expect(await slow).toMatchObject({ status: 200, text: 'slow' })
    expect(took).toBeGreaterThan(200)
    expect(took).toBeLessThan(2000)
    await expect(ask(serving.port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    const again = await start(server)
    expect(await ask(again.port)).toMatchObject({ status: 200, text: 'quick' })
  })
})

describe('node:https', () => {
  it.each(['tcp', 'tls'])('serves over a %s endpoint, and drains', async (type) => {
    const server = createSecureServer(credentials, (request, response) => {
      setTimeout(() => response.end('private'), request.url === '/slow' ? 300 : 0)
    })
    const endpoint =
      type === 'tcp'
        ? undefined
        : `tls:0:interface=127.0.0.1:privateKey=${folder}/key.pem:certificate=${folder}/cert.pem`
    const serving = await start(server, {}, endpoint)
    expect(await ask(serving.port, '/', true)).toMatchObject({ status: 200, text: 'private' })
    const slow = ask(serving.port, '/slow', true)
    await once(server, 'request')
    const took = await stop(serving)
    expect(await slow).toMatchObject({ text: 'private', headers: { connection: 'close' } })
    expect(took).toBeLessThan(2000)
  })

  it('ends connections on which there is no request, or not even a handshake', async () => {
    const server = createSecureServer(credentials)
    const serving = await start(server)
    const silent = createConnection(serving.port, '127.0.0.1')
    silent.on('error', () => {})
    await once(silent, 'connect')
    await wait(50)
    const took = await stop(serving)
    expect(took).toBeGreaterThan(400)
    expect(took).toBeLessThan(2000)
    silent.destroy()
  })

  it('waits for a handshake that has begun', async () => {
    const server = createSecureServer(credentials, (_request, response) => response.end('private'))
    const serving = await start(server)
    const raw = createConnection(serving.port, '127.0.0.1')
    await once(raw, 'connect')
    // What the client says first comes in two parts, the second long after the stop has begun.
    const through = new Slowly(raw, 700)
    const secure = connectTls({ socket: through, ca: trusted, servername: 'localhost' })
    await wait(100)
    const stopped = stop(serving)
    await once(secure, 'secureConnect')
    secure.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    let text = ''
    for await (const chunk of secure.setEncoding('utf8')) text += chunk as string
    expect(text).toContain('private')
    expect(text).toContain('Connection: close')
    await stopped
  })

  it('goes on when a client does not speak TLS', async () => {
    const server = createSecureServer(credentials, (_request, response) => response.end('private'))
    const serving = await start(server)
    const plain = createConnection(serving.port, '127.0.0.1')
    plain.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n')
    plain.on('error', () => {})
    await once(plain.resume(), 'close')
    expect(await ask(serving.port, '/', true)).toMatchObject({ text: 'private' })
  })

  it('answers 408 when headers take too long', async () => {
    const server = createSecureServer({
      ...credentials,
      headersTimeout: 300,
      connectionsCheckingInterval: 100,
    })
    const serving = await start(server)
    const socket = connectTls({ port: serving.port, host: '127.0.0.1', ca: trusted }).setEncoding('utf8')
    socket.write('GET / HT')
    let text = ''
    socket.on('data', (chunk: string) => (text += chunk))
    socket.on('error', () => {})
    await once(socket, 'close')
    expect(text).toContain('408 Request Timeout')
  })
})

describe.each([
  ['without TLS', false],
  ['with TLS', true],
])('node:http2 %s', (_name, secure) => {
  const make = (listener: Parameters<typeof createHttp2>[1]): HttpServer =>
    secure ? createSecureHttp2({ ...credentials, allowHTTP1: true }, listener!) : createHttp2(listener!)

  it('serves streams, and finishes those in flight when it stops', async () => {
    let seen = 0
    const server = make((request, response) => {
      seen++
      setTimeout(() => response.end(`for ${request.url}`), request.url === '/' ? 0 : 300)
    })
    const serving = await start(server)
    const session = openHttp2(serving.port, secure)
    expect(await askHttp2(session)).toMatchObject({ status: 200, text: 'for /' })
    const slow = ['/a', '/b', '/c'].map((path) => askHttp2(session, path))
    while (seen < 4) await wait(5)
    const goaways: number[] = []
    session.on('goaway', (_code, last: number) => goaways.push(last))
    const took = await stop(serving)
    expect((await Promise.all(slow)).map(({ text }) => text)).toEqual(['for /a', 'for /b', 'for /c'])
    expect(goaways[0]).toBe(2 ** 31 - 1)
    expect(took).toBeGreaterThan(200)
    expect(took).toBeLessThan(2000)
  })

  it('ends a session on which nothing is asked', async () => {
    const serving = await start(make((_request, response) => response.end('x')))
    const session = openHttp2(serving.port, secure)
    await askHttp2(session)
    expect(await stop(serving)).toBeLessThan(1000)
  })

  it('cuts a stream that does not end at the drain timeout', async () => {
    const server = make((_request, response) => void response.write('for ever'))
    const serving = await start(server, {}, undefined, 0.3)
    const session = openHttp2(serving.port, secure)
    const stream = session.request({ ':path': '/' })
    stream.on('error', () => {})
    await once(stream, 'response')
    const took = await stop(serving)
    expect(took).toBeGreaterThan(250)
    expect(took).toBeLessThan(2000)
    stream.destroy()
  })
})

describe('node:http2 with HTTP/1', () => {
  it('serves and drains those who do not know HTTP/2', async () => {
    const server = createSecureHttp2({ ...credentials, allowHTTP1: true }, (request, response) => {
      setTimeout(() => response.end(request.httpVersion), request.url === '/slow' ? 300 : 0)
    })
    const serving = await start(server)
    expect(await ask(serving.port, '/', true)).toMatchObject({ text: '1.1' })
    expect(await askHttp2(openHttp2(serving.port, true))).toMatchObject({ text: '2.0' })
    const slow = ask(serving.port, '/slow', true)
    await once(server, 'request')
    await stop(serving)
    expect(await slow).toMatchObject({ text: '1.1' })
  })

  it('speaks what both agreed on over a tls endpoint', async () => {
    const server = createSecureHttp2({ ...credentials, allowHTTP1: true }, (request, response) => {
      response.end(request.httpVersion)
    })
    const endpoint = `tls:0:interface=127.0.0.1:privateKey=${folder}/key.pem:certificate=${folder}/cert.pem:alpn=h2,http/1.1`
    const serving = await start(server, {}, endpoint)
    expect(await askHttp2(openHttp2(serving.port, true))).toMatchObject({ text: '2.0' })
    expect(await ask(serving.port, '/', true)).toMatchObject({ text: '1.1' })
    expect(await stop(serving)).toBeLessThan(1000)
  })
})

describe('ws', () => {
  async function open(port: number): Promise<{ socket: WebSocket; closed: Promise<[number, string]> }> {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/`)
    cleanups.push(() => socket.terminate())
    const closed = new Promise<[number, string]>((resolve) => {
      socket.once('close', (code, reason) => resolve([code, String(reason)]))
    })
    await once(socket, 'open')
    return { socket, closed }
  }

  it.each(['server', 'noServer'])(
    'tells its sockets to go away, and they may answer first (%s)',
    async (kind) => {
      const server = createServer((_request, response) => response.end('http'))
      const webSockets =
        kind === 'server' ? new WebSocketServer({ server }) : new WebSocketServer({ noServer: true })
      if (kind === 'noServer') {
        server.on('upgrade', (request, socket, head) => {
          webSockets.handleUpgrade(request, socket, head, (opened) =>
            webSockets.emit('connection', opened, request),
          )
        })
      }
      webSockets.on('connection', (socket) =>
        socket.on('message', (data) => socket.send(`echo ${String(data)}`)),
      )
      const serving = await start(server, { webSockets })
      const { socket, closed } = await open(serving.port)
      socket.send('hello')
      expect(String((await once(socket, 'message'))[0])).toBe('echo hello')
      expect(await ask(serving.port)).toMatchObject({ text: 'http' })
      const took = await stop(serving)
      expect(await closed).toEqual([1001, 'the server is going away'])
      expect(took).toBeLessThan(1000)
    },
  )

  it('tells none of the other listener when a server has two', async () => {
    const server = createServer()
    const webSockets = new WebSocketServer({ server })
    const factory = httpFactory(server, { webSockets })
    const [one, other] = [await start(factory), await start(factory)]
    const [goes, stays] = [await open(one.port), await open(other.port)]
    expect(await stop(one)).toBeLessThan(1000)
    expect(await goes.closed).toEqual([1001, 'the server is going away'])
    await wait(50)
    expect(stays.socket.readyState).toBe(WebSocket.OPEN)
    expect(await stop(other)).toBeLessThan(1000)
    expect(await stays.closed).toEqual([1001, 'the server is going away'])
  })

  it('cuts one that does not go at the drain timeout', async () => {
    const server = createServer()
    const webSockets = new WebSocketServer({ server })
    const serving = await start(server, { webSockets }, undefined, 0.3)
    const socket = createConnection(serving.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(
      'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n' +
        'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    await once(webSockets, 'connection')
    const took = await stop(serving)
    expect(took).toBeGreaterThan(250)
    expect(took).toBeLessThan(2000)
    socket.destroy()
  })
})

describe('one server at two places', () => {
  it.each([
    ['two factories', false],
    ['one factory', true],
  ])('ends nothing at the other when one stops: HTTP/1 with TLS, %s', async (_name, shared) => {
    const server = createSecureServer(credentials, (request, response) => {
      setTimeout(() => response.end('private'), request.url === '/slow' ? 300 : 0)
    })
    const factory = httpFactory(server)
    const [one, other] = [await start(factory), await start(shared ? factory : httpFactory(server))]
    const agent = new SecureAgent({ keepAlive: true, maxSockets: 1 })
    cleanups.push(() => agent.destroy())
    await ask(one.port, '/', true)
    await ask(other.port, '/', true, agent)
    const slow = ask(other.port, '/slow', true, agent)
    await once(server, 'request')
    expect(await stop(one)).toBeLessThan(1000)
    expect(await slow).toMatchObject({ text: 'private', headers: { connection: 'keep-alive' } })
    expect(await ask(other.port, '/', true, agent)).toMatchObject({ headers: { connection: 'keep-alive' } })
    expect(await stop(other)).toBeLessThan(1000)
  })

  it.each([
    ['without TLS', false],
    ['with TLS', true],
  ])('ends nothing at the other when one stops: HTTP/2 %s', async (_name, secure) => {
    const answer = (_request: unknown, response: { end(text: string): void }): void => response.end('x')
    const server = secure ? createSecureHttp2(credentials, answer) : createHttp2(answer)
    const [one, other] = [await start(server), await start(server)]
    const [gone, kept] = [openHttp2(one.port, secure), openHttp2(other.port, secure)]
    await Promise.all([askHttp2(gone), askHttp2(kept)])
    await stop(one)
    await wait(100)
    expect([gone.closed || gone.destroyed, kept.closed]).toEqual([true, false])
    expect(await askHttp2(kept)).toMatchObject({ text: 'x' })
    expect(await stop(other)).toBeLessThan(1000)
  })
})

describe('onDrain', () => {
  it('lets a program end what would go on for ever', async () => {
    const streams = new Set<{ end(): void }>()
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write('data: 1\n\n')
      streams.add(response)
    })
    let drained = 0
    const serving = await start(server, {
      onDrain: () => {
        drained++
        for (const stream of streams) stream.end()
      },
    })
    const streaming = ask(serving.port)
    await once(server, 'request')
    expect(await stop(serving)).toBeLessThan(1000)
    expect(await streaming).toMatchObject({ text: 'data: 1\n\n' })
    expect(drained).toBe(1)
  })
})
