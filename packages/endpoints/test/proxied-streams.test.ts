import { PassThrough, type Duplex } from 'node:stream'
import { finished } from 'node:stream/promises'
import type { IConnectionContext, ISocketHandler, IStreamHandler } from '@sennit/interfaces'
import { handler, internetAddress, UNIXAddress } from '@sennit/protocol'
import { Clock } from '@sennit/runtime'
import { MemoryLog } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { ProxiedSocketHandler, ProxiedStreamHandler, tellAddresses } from '../src/proxied-streams.ts'
import { ProxyGate } from '../src/proxy-gate.ts'
import { TrustedNetworks } from '../src/trusted-networks.ts'

const HEADER = Buffer.from('PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n')
const turn = () => new Promise((resolve) => setImmediate(resolve))

/** A connection of which only the reading side matters. */
function connection(peer = '127.0.0.1') {
  const clock = new Clock()
  const log = new MemoryLog()
  const controller = new AbortController()
  const stream: Duplex = new PassThrough()
  stream.on('error', () => {})
  const context: IConnectionContext = {
    signal: controller.signal,
    peer: internetAddress('TCP', peer, 40_000),
    host: internetAddress('TCP', '127.0.0.1', 8080),
    clock,
    log,
  }
  const gate = new ProxyGate({ trusted: new TrustedNetworks(), headerTimeout: 5, clock, log })
  return { clock, log, controller, stream, context, gate }
}

async function textOf(stream: Duplex): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += String(chunk)
  return text
}

describe('ProxiedStreamHandler', () => {
  it.each([1, 7, 1000])(
    'EP-62 EP-63 EP-64 serves after a header in chunks of %i, with its addresses',
    async (size) => {
      const { stream, context, gate, clock } = connection()
      const seen: string[] = []
      const inner = handler(async (socket, { peer, host, signal, clock: own }) => {
        seen.push(String(peer), String(host), String(signal === context.signal && own === clock))
        seen.push(String((socket as Duplex & { remoteAddress: string }).remoteAddress))
        seen.push(await textOf(socket))
      })
      const served = new ProxiedStreamHandler(inner, gate).handleStream(stream, context)
      const all = Buffer.concat([HEADER, Buffer.from('hello world')])
      for (let at = 0; at < all.length; at += size) {
        stream.write(all.subarray(at, at + size))
        if (size === 1) await turn()
      }
      stream.end()
      await served
      expect(seen).toEqual(['tcp:192.0.2.7:56324', 'tcp:192.0.2.1:443', 'true', '192.0.2.7', 'hello world'])
      expect(clock.getDelayedCalls()).toEqual([])
    },
  )

  it('serves handlers that listen to data late', async () => {
    const { stream, context, gate } = connection()
    let text = ''
    const inner = handler(async (socket) => {
      await turn()
      await turn()
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
      await finished(socket, { writable: false })
    })
    const served = new ProxiedStreamHandler(inner, gate).handleStream(stream, context)
    stream.write(Buffer.concat([HEADER, Buffer.from('one ')]))
    await turn()
    stream.end('two')
    await served
    expect(text).toBe('one two')
  })

  it('EP-63 keeps the real addresses when the header leaves them open', async () => {
    const { stream, context, gate } = connection()
    const peers: unknown[] = []
    const inner: IStreamHandler = { handleStream: (_stream, { peer, host }) => void peers.push(peer, host) }
    stream.write('PROXY UNKNOWN\r\n')
    await new ProxiedStreamHandler(inner, gate).handleStream(stream, context)
    expect(peers).toEqual([context.peer, context.host])
  })

  it.each([
    ['begins with something else', (made: ReturnType<typeof connection>) => made.stream.write('GET /')],
    ['has no header in time', (made: ReturnType<typeof connection>) => made.clock.advance(5)],
    ['ends before the header', (made: ReturnType<typeof connection>) => made.stream.end('PROXY ')],
    ['is lost before the header', (made: ReturnType<typeof connection>) => made.stream.destroy()],
    ['is told to stop before the header', (made: ReturnType<typeof connection>) => made.controller.abort()],
  ])('EP-63 closes a connection that %s, and serves it not', async (_what, happen) => {
    const made = connection()
    let isServed = false
    const inner = handler(async () => void (isServed = true))
    const served = new ProxiedStreamHandler(inner, made.gate).handleStream(made.stream, made.context)
    await turn()
    happen(made)
    await served
    expect(made.stream.destroyed).toBe(true)
    expect(isServed).toBe(false)
    expect(made.clock.getDelayedCalls()).toEqual([])
    expect(made.stream.listenerCount('readable')).toBe(0)
  })

  it('EP-62 closes at once what comes from somebody who is not trusted, or has been closed already', async () => {
    const inner = handler(() => Promise.reject(new Error('served')))
    const stranger = connection('192.0.2.66')
    await new ProxiedStreamHandler(inner, stranger.gate).handleStream(stranger.stream, stranger.context)
    expect(stranger.stream.destroyed).toBe(true)
    expect(stranger.gate.untrusted).toBe(1)
    const gone = connection()
    gone.stream.destroy()
    await new ProxiedStreamHandler(inner, gone.gate).handleStream(gone.stream, gone.context)
  })

  it('rejects when the handler does', async () => {
    const { stream, context, gate } = connection()
    const error = new Error('boom')
    stream.write(HEADER)
    const served = new ProxiedStreamHandler(
      handler(() => Promise.reject(error)),
      gate,
    ).handleStream(stream, context)
    await expect(served).rejects.toBe(error)
  })

  it('has a drain if, and only if, the handler has one', () => {
    const { gate } = connection()
    const drain = (timeout: number) => void (drained = timeout)
    let drained: number | undefined
    const inner = handler(async () => {})
    expect(new ProxiedStreamHandler(inner, gate).drain).toBeUndefined()
    void new ProxiedStreamHandler(Object.assign(inner, { drain }), gate).drain!(5)
    expect(drained).toBe(5)
  })
})

describe('ProxiedSocketHandler', () => {
  it('EP-62 EP-63 hands the socket on after the header, with what follows and with the addresses', async () => {
    const { stream, context, gate } = connection()
    const got: { socket: Duplex; context: IConnectionContext }[] = []
    const inner: ISocketHandler = {
      handleSocket: (socket, given) => void got.push({ socket, context: given }),
    }
    new ProxiedSocketHandler(inner, gate).handleSocket(stream, context)
    stream.write(HEADER.subarray(0, 20))
    await turn()
    expect(got).toEqual([])
    stream.end(Buffer.concat([HEADER.subarray(20), Buffer.from('GET /')]))
    await turn()
    expect(got[0]!.socket).toBe(stream)
    expect(got[0]!.context.peer.toString()).toBe('tcp:192.0.2.7:56324')
    expect(got[0]!.context.log).toBe(context.log)
    expect(stream).toMatchObject({
      remoteAddress: '192.0.2.7',
      remotePort: 56_324,
      remoteFamily: 'IPv4',
      localAddress: '192.0.2.1',
      localPort: 443,
      localFamily: 'IPv4',
    })
    expect(await textOf(stream)).toBe('GET /')
  })

  it('EP-63 closes a connection without a header, and hands it not on', async () => {
    const { stream, context, gate } = connection()
    const inner: ISocketHandler = { handleSocket: () => expect.unreachable() }
    new ProxiedSocketHandler(inner, gate).handleSocket(stream, context)
    stream.write('GET /')
    await turn()
    expect(stream.destroyed).toBe(true)
  })

  it('closes the connection when the handler throws, and logs it', async () => {
    const { stream, context, gate, log } = connection()
    const error = new Error('boom')
    const inner: ISocketHandler = {
      handleSocket: () => {
        throw error
      },
    }
    new ProxiedSocketHandler(inner, gate).handleSocket(stream, context)
    stream.write(HEADER)
    await turn()
    expect(stream.destroyed).toBe(true)
    expect(log.errors()).toEqual([error])
  })

  it('has a drain if, and only if, the handler has one', () => {
    const { gate } = connection()
    let drained: number | undefined
    const inner: ISocketHandler = { handleSocket: () => {} }
    expect(new ProxiedSocketHandler(inner, gate).drain).toBeUndefined()
    void new ProxiedSocketHandler(
      Object.assign(inner, { drain: (timeout: number) => void (drained = timeout) }),
      gate,
    ).drain!(5)
    expect(drained).toBe(5)
  })
})

describe('tellAddresses', () => {
  it('tells a UNIX socket by having neither an address nor a port', () => {
    const stream = new PassThrough()
    tellAddresses(stream, new UNIXAddress('/run/a'), undefined)
    expect(Object.keys(stream)).toEqual(
      expect.arrayContaining(['remoteAddress', 'remotePort', 'remoteFamily']),
    )
    expect(Object.keys(stream)).not.toContain('localAddress')
    expect((stream as { remoteAddress?: string }).remoteAddress).toBeUndefined()
  })
})
