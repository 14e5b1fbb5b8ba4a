import { createServer, request, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { Duplex } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { IConnectionContext, IDrain, TCPListenOptions } from '@sennit/interfaces'
import { handler } from '@sennit/protocol'
import type { NodeReactor } from '../src/index.ts'
import { assertNothingLogged, Cleanup, LOCAL, logged, type TestLog, turns, until } from './kit.ts'

describe('serving connections', () => {
  let cleanup: Cleanup
  let reactor: NodeReactor
  let log: TestLog

  beforeEach(() => {
    cleanup = new Cleanup()
    ;({ reactor, log } = logged())
  })
  afterEach(async () => {
    await cleanup.run()
    assertNothingLogged(log)
  })

  const listen = (
    ...[handler_, options]: [Parameters<NodeReactor['listenTCP']>[1] & Partial<IDrain>, TCPListenOptions?]
  ) => cleanup.port(reactor.listenTCP(0, handler_, { ...LOCAL, drainTimeout: 0.2, ...options }))

  it('a stream handler talks over the socket; returning flushes and ends', async () => {
    const { number } = await listen(
      handler(async (stream) => {
        stream.write(`got ${await text(stream)}`)
        stream.write(Buffer.alloc(3_000_000))
      }),
    )
    const client = await cleanup.client(number)
    client.socket.end('a question')
    await until(() => client.closed)
    expect(client.length).toBe('got a question'.length + 3_000_000)
    expect(client.text.startsWith('got a question')).toBe(true)
  })

  it('a loop over the stream leaves what was written last to be sent', async () => {
    const { number } = await listen(
      handler(async (stream) => {
        for await (const chunk of stream) stream.write(chunk)
        stream.write('.')
      }),
    )
    const client = await cleanup.client(number)
    client.socket.pause()
    client.socket.write(Buffer.alloc(3_000_000))
    client.socket.end('!')
    await turns(100)
    client.socket.resume()
    await until(() => client.closed)
    expect(client.length).toBe(3_000_002)
  })

  it('a stream handler learns who is there', async () => {
    let context: IConnectionContext | undefined
    const { number } = await listen(
      handler(async (stream, given) => {
        context = given
        void given.peer
        await once(stream, 'end')
      }),
    )
    const client = await cleanup.client(number)
    await until(() => context)
    expect(String(context!.peer)).toBe(`tcp:127.0.0.1:${client.socket.localPort}`)
    expect(String(context!.host)).toBe(`tcp:127.0.0.1:${number}`)
    expect(context!.log).toBe(log)
    expect(context!.clock).toBe(reactor)
  })

  it('a stream handler that rejects is logged, and its connection is destroyed; others live', async () => {
    const { number } = await listen(
      handler(async (stream) => {
        for await (const chunk of stream) {
          if (String(chunk) === 'bad') throw new Error('broken')
          stream.write(chunk)
        }
      }),
    )
    const [bad, good] = [await cleanup.client(number), await cleanup.client(number)]
    bad.socket.write('bad')
    await until(() => bad.ended || bad.closed)
    expect(log.take()).toEqual(['error: A stream handler failed'])
    good.socket.write('good')
    await until(() => good.text === 'good')
    good.socket.end()
    await until(() => good.closed)
  })

  it('stopping aborts the signal of a stream handler, and waits for it', async () => {
    const { port, number } = await listen(
      handler(async (stream, { signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
        stream.write('bye')
      }),
      { drainTimeout: '5s' },
    )
    const client = await cleanup.client(number)
    client.socket.on('end', () => client.socket.end())
    await turns()
    await port.stopListening()
    await until(() => client.closed)
    expect(client.text).toBe('bye')
  })

  it('a stream handler that does not stop is cut at the deadline', async () => {
    const { port, number } = await listen(
      handler(() => new Promise(() => {})),
      { drainTimeout: '50ms' },
    )
    const client = await cleanup.client(number)
    await turns()
    await port.stopListening()
    await until(() => client.ended || client.closed)
    expect(log.take()).toEqual(['warn: Connections were aborted at the end of a drain'])
  })

  it('an idle stream is closed with an error that says so', async () => {
    let error: unknown
    const { number } = await listen(
      handler(async (stream) => {
        try {
          for await (const chunk of stream) stream.write(chunk)
        } catch (thrown) {
          error = thrown
        }
      }),
      { idleTimeout: '100ms' },
    )
    const client = await cleanup.client(number)
    await until(() => client.closed || client.ended)
    expect(error).toMatchObject({ name: 'ConnectionLost', code: 'ERR_SENNIT_IDLE' })
  })

  function get(port: number, path: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      request({ port, path, host: '127.0.0.1', agent: false }, resolve).on('error', reject).end()
    })
  }

  it('an existing server gets the untouched socket', async () => {
    const server = createServer((incoming, response) => response.end(`you asked for ${incoming.url}`))
    const { port, number } = await listen({
      handleSocket: (socket: Duplex) => void server.emit('connection', socket),
      drain: () => server.closeIdleConnections(),
    })
    expect(await text(await get(number, '/a'))).toBe('you asked for /a')
    await port.stopListening()
    await expect(get(number, '/b')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('an existing server gets held connections with what they sent', async () => {
    const server = createServer((incoming, response) => response.end(`you asked for ${incoming.url}`))
    const { port, number } = await listen(
      {
        handleSocket: (socket: Duplex) => void server.emit('connection', socket),
        drain: () => server.closeIdleConnections(),
      },
      { held: true },
    )
    const asked = get(number, '/held')
    await turns(100)
    port.serve()
    expect(await text(await asked)).toBe('you asked for /held')
  })

  it('limits hold for existing servers: too many, and idle ones', async () => {
    const sockets: Duplex[] = []
    const { number } = await listen(
      { handleSocket: (socket) => void sockets.push(socket.resume()) },
      { maxConnections: 1, idleTimeout: '100ms' },
    )
    const first = await cleanup.client(number)
    const second = await cleanup.client(number)
    await until(() => second.ended || second.closed)
    expect(sockets).toHaveLength(1)
    expect(first.closed).toBe(false)
    await until(() => first.ended || first.closed)
  })

  it('a socket of an existing server is cut at the end of the drain', async () => {
    let context: IConnectionContext | undefined
    const { port, number } = await listen(
      {
        handleSocket(socket, given) {
          context = given
          socket.resume()
        },
      },
      { drainTimeout: '50ms' },
    )
    const client = await cleanup.client(number)
    await until(() => context)
    const stopped = port.stopListening()
    await until(() => context!.signal.aborted)
    await stopped
    await until(() => client.closed)
    expect(client.error?.code).toBe('ECONNRESET')
    expect(log.take()).toEqual(['warn: Connections were aborted at the end of a drain'])
  })

  it('fault 7 fault 35: an existing server that throws, or hears no errors, harms nobody', async () => {
    let mode = 'throw'
    let closed = 0
    const { port, number } = await listen({
      handleSocket(socket) {
        socket.on('close', () => closed++)
        if (mode === 'throw') throw new Error('broken')
        socket.resume()
      },
    })
    const first = await cleanup.client(number)
    await until(() => first.ended || first.closed)
    expect(log.take()).toEqual(['error: handleSocket threw; the connection is closed'])
    mode = 'deaf'
    const second = await cleanup.client(number)
    await turns()
    second.socket.resetAndDestroy()
    await until(() => closed === 2)
    await port.stopListening()
    expect(closed).toBe(2)
  })

  it('fault 9: a client of an existing HTTP server that says nothing is closed, however much it is told', async () => {
    let timer: ReturnType<typeof setInterval> | undefined
    const server = createServer((_incoming, response) => {
      timer = setInterval(() => response.write('and so on\n'), 5)
      response.on('close', () => clearInterval(timer))
    })
    const { number } = await listen(
      { handleSocket: (socket: Duplex) => void server.emit('connection', socket) },
      { receiveTimeout: '200ms' },
    )
    const answer = await get(number, '/for/ever')
    let told = ''
    answer.on('data', (chunk) => (told += String(chunk))).on('error', () => {})
    await until(() => answer.closed)
    expect(told.length).toBeGreaterThan(100)
    clearInterval(timer)
  })

  it('a stream that says nothing is closed with an error that says so, although it is written to', async () => {
    let error: unknown
    const { number } = await listen(
      handler(async (stream) => {
        const timer = setInterval(() => stream.write('.'), 5)
        try {
          for await (const _chunk of stream) continue
        } catch (thrown) {
          error = thrown
        } finally {
          clearInterval(timer)
        }
      }),
      { receiveTimeout: '100ms', idleTimeout: '1h' },
    )
    const client = await cleanup.client(number)
    await until(() => client.closed || client.ended)
    expect(error).toMatchObject({ name: 'ConnectionLost', code: 'ERR_SENNIT_RECEIVE' })
    expect(client.text).toMatch(/^\.+$/)
  })

  it.each(['receiveTimeout', 'idleTimeout'] as const)('refuses a %s that is no duration', async (name) => {
    const opening = reactor.listenTCP(
      0,
      handler(async () => {}),
      { ...LOCAL, [name]: -1 },
    )
    await expect(opening).rejects.toMatchObject({ code: 'ERR_SENNIT_DURATION' })
  })
})
