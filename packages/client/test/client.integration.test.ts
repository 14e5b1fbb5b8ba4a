/** Over real sockets. */
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'
import { duplexFactory, type DuplexProtocol } from '@sennit/protocol'
import { getReactor } from '@sennit/reactor'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  ClientService,
  type ClientServiceOptions,
  ConnectionService,
  type ConnectionState,
  type ConnectionStateName,
} from '../src/index.ts'
import { MemoryLog } from './fakes.ts'
import { TCPEndpoint } from './tcp-endpoint.ts'

let server: Server
let port: number
const sockets: Socket[] = []
const cleanups: (() => unknown)[] = []

async function listen(on = 0): Promise<void> {
  server = createServer((socket) => {
    sockets.push(socket)
    socket.on('error', () => {})
    socket.on('data', (data) => socket.write(`echo ${String(data)}`))
  })
  server.listen(on, '127.0.0.1')
  await once(server, 'listening')
  port = (server.address() as AddressInfo).port
}

async function kill(): Promise<void> {
  for (const socket of sockets.splice(0)) socket.resetAndDestroy()
  server.close()
  await once(server, 'close')
}

beforeEach(() => listen())

afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
  if (server.listening) await kill()
})

function client(options: ClientServiceOptions<DuplexProtocol> = {}) {
  const log = new MemoryLog()
  const endpoint = new TCPEndpoint(getReactor(), '127.0.0.1', () => port)
  const made = new ClientService(endpoint, duplexFactory(), { log, retryPolicy: () => 0.02, ...options })
  cleanups.push(() => made.stopService())
  return { client: made, log }
}

const text = async (socket: DuplexProtocol) => String((await once(socket, 'data'))[0])

/** Settles when the client is in a state. */
function reaches<T>(service: ConnectionService<T>, name: ConnectionStateName): Promise<ConnectionState> {
  return new Promise((resolve) => {
    const end = service.onConnectionState((state) => {
      if (state.name !== name) return
      end()
      resolve(state)
    })
  })
}

/** The next connection that the server sees. */
const accepted = async () => (await once(server, 'connection'))[0] as Socket

describe('ClientService over real sockets', () => {
  it('CS-14 yields a stream that talks with the server', async () => {
    const { client: feed } = client()
    await feed.startService()
    const socket = await feed.whenConnected({ timeout: '5s' })
    socket.write('hello')
    expect(await text(socket)).toBe('echo hello')
    expect(feed.current).toBe(socket)
  })

  it('CS-27 connects again when the server was killed and comes back', async () => {
    const { client: feed, log } = client()
    await feed.startService()
    const first = await feed.whenConnected({ timeout: '5s' })
    const each = feed.connections()
    expect((await each.next()).value).toBe(first)
    const lost = reaches(feed, 'waiting')
    await kill()
    await lost
    await expect(feed.whenConnected({ failAfterFailures: 2, timeout: '5s' })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    })
    await listen(port)
    const second = (await each.next()).value as DuplexProtocol
    expect(second).not.toBe(first)
    second.write('again')
    expect(await text(second)).toBe('echo again')
    const reasons = log.of('info').map((event) => (event.fields['err'] as { code?: string }).code)
    expect(reasons[0]).toBe('ECONNRESET')
    expect(reasons.slice(1).every((code) => code === 'ECONNREFUSED')).toBe(true)
  })

  it('CS-25 closes the connection when it is stopped, and the server sees a clean end', async () => {
    const { client: feed } = client()
    const seen = accepted()
    await feed.startService()
    const socket = await feed.whenConnected({ timeout: '5s' })
    const ended = once(await seen, 'end')
    socket.write('last words')
    await feed.stopService()
    expect(feed.connectionState.name).toBe('stopped')
    await ended
  })

  it('CS-11 gives up an attempt that is under way', async () => {
    const { client: feed } = client()
    await feed.startService()
    await feed.stopService()
    expect(feed.connectionState.name).toBe('stopped')
    await expect(feed.whenConnected()).rejects.toMatchObject({ code: 'ABORT_ERR' })
  })

  it('CS-68 closes what prepareConnection rejects, before it connects again', async () => {
    let open = 0
    let most = 0
    server.on('connection', (socket: Socket) => {
      most = Math.max(most, ++open)
      socket.on('close', () => open--)
    })
    let attempts = 0
    const { client: feed } = client({
      prepareConnection: async (socket) => {
        socket.write('login')
        await text(socket)
        if (++attempts < 4) throw new Error('bad login')
      },
    })
    await feed.startService()
    await feed.whenConnected({ timeout: '5s' })
    expect(attempts).toBe(4)
    expect(most).toBe(1)
  })

  it('CS-80 cuts a connection that cannot send what it has to send', async () => {
    const { client: feed } = client({ closeTimeout: '100ms' })
    const seen = accepted()
    await feed.startService()
    const socket = await feed.whenConnected({ timeout: '5s' })
    // The server reads nothing, so that the close would have to wait for ever.
    ;(await seen).pause()
    const block = Buffer.alloc(1 << 20)
    for (let i = 0; i < 32; i++) socket.write(block)
    await feed.stopService({ timeout: '5s' })
    expect(feed.connectionState.name).toBe('stopped')
  })

  it('finds a silent server by receiveTimeout', async () => {
    const { client: feed } = client({ receiveTimeout: '100ms' })
    await feed.startService()
    const first = await feed.whenConnected({ timeout: '5s' })
    expect((await reaches(feed, 'waiting')).cause).toMatchObject({ code: 'ETIMEDOUT' })
    expect(await feed.whenConnected({ timeout: '5s' })).not.toBe(first)
  })

  it('takes the next endpoint when one refuses', async () => {
    const closed = createServer()
    closed.listen(0, '127.0.0.1')
    await once(closed, 'listening')
    const refused = (closed.address() as AddressInfo).port
    closed.close()
    await once(closed, 'close')
    const endpoints = [
      new TCPEndpoint(getReactor(), '127.0.0.1', refused),
      new TCPEndpoint(getReactor(), '127.0.0.1', port),
    ]
    const feed = new ClientService(endpoints, duplexFactory(), {
      retryPolicy: () => 0.01,
      log: new MemoryLog(),
    })
    cleanups.push(() => feed.stopService())
    await feed.startService()
    const socket = await feed.whenConnected({ timeout: '5s' })
    socket.write('hi')
    expect(await text(socket)).toBe('echo hi')
  })
})

describe('ConnectionService over real sockets', () => {
  it('keeps a plain Node socket up', async () => {
    const sennit = new ConnectionService<Socket>(
      {
        connect: async ({ signal, lost }) => {
          const socket = connect({ port, host: '127.0.0.1', signal })
          let failure: Error | undefined
          socket.on('error', (error) => {
            failure = error
          })
          socket.on('close', () => lost(failure ?? new Error('closed')))
          await once(socket, 'connect')
          return socket
        },
        close: (socket) => socket.end(),
        abort: (socket) => socket.destroy(),
      },
      { retryPolicy: () => 0.02, log: new MemoryLog() },
    )
    cleanups.push(() => sennit.stopService())
    await sennit.startService()
    const first = await sennit.whenConnected({ timeout: '5s' })
    const lost = reaches(sennit, 'waiting')
    await kill()
    await lost
    await listen(port)
    const second = await sennit.whenConnected({ timeout: '5s' })
    expect(second).not.toBe(first)
    second.write('plain')
    expect(String((await once(second, 'data'))[0])).toBe('echo plain')
  })
})
