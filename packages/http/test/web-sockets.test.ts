import { EventEmitter } from 'node:events'
import { type Duplex, PassThrough } from 'node:stream'
import { beforeEach, describe, expect, it } from 'vitest'
import { type IWebSocket, type IWebSocketServer, WebSockets } from '../src/web-sockets.ts'

class Server extends EventEmitter {
  readonly clients = new Set<IWebSocket>()
  add(connection?: Duplex): unknown[][] {
    const calls: unknown[][] = []
    const socket = { close: (...args: unknown[]) => void calls.push(args) }
    this.clients.add(socket)
    if (connection !== undefined) this.emit('connection', socket, { socket: connection })
    return calls
  }
}

const GOODBYE = [[1001, 'the server is going away']]

let server: Server
let stops: Map<Duplex, () => void>
let sockets: WebSockets

beforeEach(() => {
  server = new Server()
  stops = new Map()
  sockets = new WebSockets(server, (connection, tell) => stops.set(connection, tell))
})

describe('WebSockets', () => {
  it('tells one to go away when the listener of its connection stops, and no other', () => {
    const connection = new PassThrough()
    const [first, second] = [server.add(connection), server.add(new PassThrough())]
    sockets.drain()
    expect([first, second]).toEqual([[], []])
    stops.get(connection)!()
    expect([first, second]).toEqual([GOODBYE, []])
  })

  it('tells those that the server has never told of, all at once', () => {
    const [known, unknown] = [server.add(new PassThrough()), server.add()]
    sockets.drain()
    expect([known, unknown]).toEqual([[], GOODBYE])
  })

  it('does without a list of clients', () => {
    const untracked = new WebSockets({ on: () => {} }, () => {})
    expect(() => untracked.drain()).not.toThrow()
  })

  it.each([{}, undefined, 'ws'])('refuses what tells of none: %j', (wrong) => {
    expect(() => new WebSockets(wrong as unknown as IWebSocketServer, () => {})).toThrow(
      expect.objectContaining({
        code: 'ERR_SENNIT_HTTP_SERVER',
        message: expect.stringContaining("'webSockets' must be a WebSocketServer, got "),
      }),
    )
  })
})
