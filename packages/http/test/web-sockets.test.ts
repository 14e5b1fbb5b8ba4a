import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it } from 'vitest'
import { type IWebSocket, WebSockets } from '../src/web-sockets.ts'

class Server extends EventEmitter {
  readonly clients = new Set<IWebSocket>()
  add(): unknown[][] {
    const calls: unknown[][] = []
    const socket = { close: (...args: unknown[]) => void calls.push(args) }
    this.clients.add(socket)
    this.emit('connection', socket)
    return calls
  }
}

const GOODBYE = [[1001, 'the server is going away']]

let server: Server
let sockets: WebSockets

beforeEach(() => {
  server = new Server()
  sockets = new WebSockets(server)
})

describe('WebSockets', () => {
  it('tells all to go away when it drains, and those that come later', () => {
    const [first, second] = [server.add(), server.add()]
    expect(first).toEqual([])
    sockets.drain()
    expect([first, second]).toEqual([GOODBYE, GOODBYE])
    expect(server.add()).toEqual(GOODBYE)
  })

  it('lets them stay when it serves again', () => {
    sockets.drain()
    sockets.serve()
    expect(server.add()).toEqual([])
  })
})
