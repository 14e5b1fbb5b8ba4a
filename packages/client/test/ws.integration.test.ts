/** A lasting WebSocket, by the real `ws` on both sides. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { IConnectable } from '@sennit/interfaces'
import { afterEach, describe, expect, it } from 'vitest'
import WebSocket, { WebSocketServer } from 'ws'
import { ConnectionService } from '../src/index.ts'
import { MemoryLog } from './fakes.ts'

const servers: WebSocketServer[] = []
const services: ConnectionService<WebSocket>[] = []

afterEach(async () => {
  for (const service of services.splice(0)) await service.stopService()
  for (const server of servers.splice(0)) await end(server)
})

async function serve(port = 0, greet = true): Promise<{ server: WebSocketServer; port: number }> {
  const server = new WebSocketServer({ host: '127.0.0.1', port })
  servers.push(server)
  server.on('connection', (socket) => {
    socket.on('message', (data) => socket.send(`echo ${String(data as Buffer)}`))
    if (greet) socket.send('welcome')
  })
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}

async function end(server: WebSocketServer): Promise<void> {
  for (const socket of server.clients) socket.terminate()
  await new Promise((resolve) => server.close(resolve))
}

/** What the README shows. */
function webSocket(url: string): IConnectable<WebSocket> {
  return {
    async connect({ signal, lost }) {
      const socket = new WebSocket(url)
      socket.on('error', lost).on('close', (code) => lost(new Error(`closed with ${code}`)))
      signal.addEventListener('abort', () => socket.terminate())
      // What comes with the answer to the handshake shall wait until somebody listens.
      socket.on('open', () => socket.pause())
      await once(socket, 'open', { signal })
      return socket
    },
    close: (socket) => socket.close(1000),
    abort: (socket) => socket.terminate(),
  }
}

function client(port: number, options: ConstructorParameters<typeof ConnectionService<WebSocket>>[1] = {}) {
  const service = new ConnectionService(webSocket(`ws://127.0.0.1:${port}`), {
    prepareConnection: (socket) => socket.resume(),
    retryPolicy: () => 0.02,
    log: new MemoryLog(),
    ...options,
  })
  services.push(service)
  return service
}

describe('ConnectionService over ws', { timeout: 20_000 }, () => {
  it('connects, talks, and closes in an orderly way', async () => {
    const { server, port } = await serve()
    const messages: string[] = []
    const service = client(port, {
      prepareConnection: (socket) => {
        socket.on('message', (data: Buffer) => messages.push(String(data)))
        socket.resume()
      },
    })
    const codes: number[] = []
    server.on('connection', (socket) => socket.on('close', (code) => codes.push(code)))
    await service.startService()
    const socket = await service.whenConnected({ timeout: '5s' })
    socket.send('hello')
    await expect.poll(() => messages).toEqual(['welcome', 'echo hello'])
    await service.stopService()
    expect(socket.readyState).toBe(WebSocket.CLOSED)
    await expect.poll(() => codes).toEqual([1000])
  })

  it('counts only a connection that was greeted, and closes one that was not', async () => {
    const { server, port } = await serve(0, false)
    const greetings: string[] = []
    const service = client(port, {
      prepareConnection: async (socket, { signal }) => {
        const greeting = once(socket, 'message', { signal })
        socket.resume()
        greetings.push(String((await greeting)[0]))
      },
      prepareTimeout: '100ms',
    })
    await service.startService()
    await expect(service.whenConnected({ failAfterFailures: 2, timeout: '5s' })).rejects.toMatchObject({
      code: 'ERR_SENNIT_TIMEOUT',
    })
    expect(server.clients.size).toBeLessThanOrEqual(1)
    server.on('connection', (socket) => socket.send('welcome'))
    await service.whenConnected({ timeout: '5s' })
    expect(greetings).toEqual(['welcome'])
  })

  it('connects again after the server has gone and come back', async () => {
    const { server, port } = await serve()
    const service = client(port)
    await service.startService()
    const first = await service.whenConnected({ timeout: '5s' })
    await end(server)
    await expect.poll(() => service.current).toBeUndefined()
    await serve(port)
    const second = await service.whenConnected({ timeout: '5s' })
    expect(second).not.toBe(first)
    expect(first.readyState).toBe(WebSocket.CLOSED)
  })

  it('stops while the server is not there', async () => {
    const { server, port } = await serve()
    await end(server)
    const service = client(port)
    await service.startService()
    await expect.poll(() => service.connectionState.failures).toBeGreaterThan(1)
    await service.stopService()
    expect(service.connectionState.name).toBe('stopped')
  })
})
