import { once } from 'node:events'
import { Agent, createServer, get, type IncomingMessage, request, type Server } from 'node:http'
import { createConnection, type Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { IHostPort, IListeningPort, TCPListenOptions } from '@sennit/interfaces'
import { getReactor } from '@sennit/reactor'
import express from 'express'
import { afterEach, describe, expect, it } from 'vitest'
import { httpFactory } from '../src/index.ts'

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

async function listen(
  server: Server,
  options: TCPListenOptions = {},
): Promise<{ port: number; listening: IListeningPort }> {
  const listening = await getReactor().listenTCP(0, httpFactory(server), {
    interface: '127.0.0.1',
    ...options,
  })
  cleanups.push(() => listening.stopListening())
  return { port: (listening.getHost() as IHostPort).port, listening }
}

function connect(port: number): Socket {
  const socket = createConnection(port, '127.0.0.1').setEncoding('utf8')
  socket.on('error', () => {})
  cleanups.push(() => socket.destroy())
  return socket
}

/** Settles when a stream is closed, by an error or not. */
function closed(stream: Readable): Promise<void> {
  return new Promise((resolve) => stream.once('close', () => resolve()))
}

function agent(): Agent {
  const made = new Agent({ keepAlive: true, maxSockets: 1 })
  cleanups.push(() => made.destroy())
  return made
}

async function answer(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text += chunk as string
  return text
}

function fetchText(
  port: number,
  through: Agent,
): Promise<{ text: string; headers: IncomingMessage['headers'] }> {
  return new Promise((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent: through }, (response) => {
      answer(response).then((text) => resolve({ text, headers: response.headers }), reject)
    }).on('error', reject)
  })
}

describe('httpFactory', () => {
  it('serves by a server that does not listen', async () => {
    const { port } = await listen(createServer((_request, response) => response.end('hello')))
    expect((await fetchText(port, agent())).text).toBe('hello')
  })

  it('serves an Express application', async () => {
    const application = express().get('/', (_request, response) => void response.send('by Express'))
    const { port } = await listen(createServer(application))
    expect((await fetchText(port, agent())).text).toBe('by Express')
  })

  it('finishes a request in flight, and tells the client that it was the last one', async () => {
    let finish = (): void => {}
    const server = createServer((_request, response) => {
      finish = () => response.end('late')
    })
    const { port, listening } = await listen(server)
    const response = fetchText(port, agent())
    await once(server, 'request')
    const stopped = listening.stopListening()
    await wait(100)
    finish()
    const { text, headers } = await response
    expect(text).toBe('late')
    expect(headers.connection).toBe('close')
    await stopped
  })

  it('ends an idle kept-alive connection soon', async () => {
    const { port, listening } = await listen(createServer((_request, response) => response.end('x')))
    await fetchText(port, agent())
    const start = performance.now()
    await listening.stopListening()
    expect(performance.now() - start).toBeLessThan(2000)
  })

  it('ends a connection on which nothing was ever sent', async () => {
    const server = createServer()
    const { port, listening } = await listen(server)
    const socket = connect(port)
    await once(server, 'connection')
    const start = performance.now()
    await Promise.all([listening.stopListening(), once(socket.resume(), 'end')])
    expect(performance.now() - start).toBeLessThan(2000)
  })

  it('does not wait longer than the drain for half a request', async () => {
    const { port, listening } = await listen(createServer(), { drainTimeout: '300ms' })
    const socket = connect(port)
    const gone = closed(socket)
    socket.write('GET / HTTP/1.1\r\nHo')
    await wait(50)
    const start = performance.now()
    await listening.stopListening()
    expect(performance.now() - start).toBeGreaterThan(200)
    await gone
  })

  it('answers a request that comes in parts while it drains', async () => {
    const { port, listening } = await listen(createServer((_request, response) => response.end('whole')))
    const socket = connect(port)
    socket.write('GET / HTTP/1.1\r\n')
    await wait(50)
    const stopped = listening.stopListening()
    await wait(150)
    socket.write('Host: x\r\n\r\n')
    let text = ''
    for await (const chunk of socket) text += chunk as string
    expect(text).toContain('whole')
    expect(text).toContain('Connection: close')
    await stopped
  })

  it('loses no reply of an accepted request when it drains under load', { timeout: 30_000 }, async () => {
    let accepted = 0
    const server = createServer((_request, response) => {
      accepted++
      setTimeout(() => response.end('x'.repeat(2000)), accepted % 20)
    })
    const { port, listening } = await listen(server)
    let answered = 0
    const clients = Array.from({ length: 100 }, async () => {
      const through = agent()
      try {
        for (;;) {
          const { text } = await fetchText(port, through)
          if (text.length === 2000) answered++
        }
      } catch (error) {
        return (error as NodeJS.ErrnoException).code
      }
    })
    await wait(500)
    await listening.stopListening()
    const codes = await Promise.all(clients)
    expect(accepted).toBeGreaterThan(500)
    expect(answered).toBe(accepted)
    expect(new Set(codes).size).toBeGreaterThan(0)
  })

  it('answers all pipelined requests that it has accepted when it drains', async () => {
    let number = 0
    const server = createServer((_request, response) => {
      const reply = `reply ${++number}`
      setTimeout(() => response.end(reply), 150)
    })
    const { port, listening } = await listen(server)
    const socket = connect(port)
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(3))
    await wait(50)
    const stopped = listening.stopListening()
    let text = ''
    for await (const chunk of socket) text += chunk as string
    expect(text.match(/reply \d/g)).toEqual(['reply 1', 'reply 2', 'reply 3'])
    await stopped
  })

  it.each([
    ['nothing', () => undefined as unknown as Server],
    ['what is no server', () => ({}) as Server],
  ])('refuses %s', (_what, make) => {
    expect(() => httpFactory(make())).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_HTTP_SERVER' }))
  })

  it('refuses a server that listens by itself: nothing would stop that', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    expect(() => httpFactory(server)).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_HTTP_SERVER' }))
    expect(() => httpFactory(server)).toThrow('got a Server that listens')
    server.close()
  })

  it('answers 408 when the headers take longer than headersTimeout', async () => {
    const server = createServer()
    server.headersTimeout = 200
    const { port } = await listen(server)
    const socket = connect(port)
    socket.write('GET / HTTP/1.1\r\nHo')
    const [text] = (await once(socket, 'data')) as [string]
    expect(text).toContain('408 Request Timeout')
    await closed(socket)
  })

  it('closes a connection that stays silent longer than headersTimeout', async () => {
    const server = createServer()
    server.headersTimeout = 200
    const { port } = await listen(server)
    const socket = connect(port)
    await closed(socket.resume())
    expect(socket.destroyed).toBe(true)
  })

  it('cuts a request whose body takes longer than requestTimeout', async () => {
    const server = createServer()
    server.requestTimeout = 200
    const { port } = await listen(server)
    const outgoing = request({ port, host: '127.0.0.1', method: 'POST', headers: { 'Content-Length': 100 } })
    outgoing.on('error', () => {})
    outgoing.write('some')
    const [incoming] = (await once(server, 'request')) as [IncomingMessage]
    incoming.on('error', () => {})
    await closed(incoming)
    expect(incoming.complete).toBe(false)
  })

  it('leaves a connection alone that waits for its next request within keepAliveTimeout', async () => {
    const server = createServer((_request, response) => response.end('x'))
    server.headersTimeout = 200
    const { port } = await listen(server)
    const through = agent()
    await fetchText(port, through)
    await wait(600)
    let connections = 0
    server.on('connection', () => connections++)
    expect((await fetchText(port, through)).text).toBe('x')
    expect(connections).toBe(0)
  })

  it('leaves an upgraded connection to the end of the drain', async () => {
    const server = createServer()
    server.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n')
      socket.pipe(socket)
    })
    const { port, listening } = await listen(server, { drainTimeout: '400ms' })
    const socket = connect(port)
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n')
    await once(socket, 'data')
    const stopped = listening.stopListening()
    await wait(200)
    socket.write('still here')
    expect(await once(socket, 'data')).toEqual(['still here'])
    await stopped
  })

  it('can be listened with again after a stop', async () => {
    const server = createServer((_request, response) => response.end('again'))
    const factory = httpFactory(server)
    for (let round = 0; round < 2; round++) {
      const listening = await getReactor().listenTCP(0, factory, { interface: '127.0.0.1' })
      const { port } = listening.getHost() as IHostPort
      const { text, headers } = await fetchText(port, agent())
      expect([text, headers.connection]).toEqual(['again', 'keep-alive'])
      await listening.stopListening()
      expect(factory.connections).toBe(0)
    }
  })
})
