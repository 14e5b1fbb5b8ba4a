import type { IncomingMessage, ServerResponse } from 'node:http'
import { EventEmitter } from 'node:events'
import { Duplex } from 'node:stream'
import { Clock } from '@sennit/runtime'
import { beforeEach, describe, expect, it } from 'vitest'
import { HttpConnection } from '../src/http-connection.ts'

class FakeSocket extends Duplex {
  bytesRead = 0
  written = ''
  override _read(): void {}
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.written += chunk.toString()
    done()
  }
}

class FakeResponse extends EventEmitter {
  headersSent = false
  readonly headers = new Map<string, string>()
  setHeader(name: string, value: string): void {
    this.headers.set(name, value)
  }
  removeHeader(name: string): void {
    this.headers.delete(name)
  }
}

const LIMITS = { headers: 60, request: 300 }

let clock: Clock
let socket: FakeSocket
let connection: HttpConnection

beforeEach(() => {
  clock = new Clock()
  socket = new FakeSocket()
  connection = new HttpConnection(socket, clock)
})

function request({ complete = true, headersSent = false } = {}): {
  request: IncomingMessage
  response: FakeResponse
} {
  const response = Object.assign(new FakeResponse(), { headersSent })
  const incoming = { complete } as IncomingMessage
  connection.request(incoming, response as unknown as ServerResponse)
  return { request: incoming, response }
}

describe('HttpConnection', () => {
  it('ends an idle connection after 50 ms and one more turn', () => {
    request().response.emit('close')
    connection.drain()
    clock.advance('49ms')
    expect(socket.writableEnded).toBe(false)
    clock.advance('1ms')
    expect(socket.writableEnded).toBe(false)
    clock.advance(0)
    expect(socket.writableEnded).toBe(true)
  })

  it('waits half a second for the first request of a connection', () => {
    connection.drain()
    clock.advance('499ms')
    clock.advance(0)
    expect(socket.writableEnded).toBe(false)
    clock.advance('1ms')
    clock.advance(0)
    expect(socket.writableEnded).toBe(true)
  })

  it('closes a connection that can be, so that what comes after its end reaches nobody', () => {
    let closed = 0
    Object.assign(socket, { destroySoon: () => closed++ })
    request().response.emit('close')
    connection.drain()
    clock.advance('50ms')
    clock.advance(0)
    expect([closed, socket.writableEnded]).toEqual([1, false])
  })

  it.each(['during the 50 ms', 'in the last turn'])(
    'waits for the rest of a request of which a part has come %s',
    (when) => {
      connection.drain()
      if (when === 'during the 50 ms') socket.bytesRead = 10
      clock.advance('50ms')
      if (when === 'in the last turn') socket.bytesRead = 10
      clock.advance(0)
      clock.pump(['50ms', 0, '1s'])
      expect(socket.writableEnded).toBe(false)
      request().response.emit('close')
      clock.pump(['50ms', 0])
      expect(socket.writableEnded).toBe(true)
    },
  )

  it('does not end a connection while a response is in flight', () => {
    const { response } = request()
    connection.drain()
    clock.pump(['1s', '1s'])
    expect(socket.writableEnded).toBe(false)
    response.emit('close')
    clock.pump(['50ms', 0])
    expect(socket.writableEnded).toBe(true)
  })

  it('says by the last response in flight, and by no other, that it is the last', () => {
    const [first, second] = [request(), request()]
    connection.drain()
    expect([first.response.headers.size, second.response.headers.get('Connection')]).toEqual([0, 'close'])
    const third = request()
    expect([second.response.headers.size, third.response.headers.get('Connection')]).toEqual([0, 'close'])
  })

  it('says nothing by a response whose headers have been sent', () => {
    const sent = request({ headersSent: true })
    connection.drain()
    expect(sent.response.headers.size).toBe(0)
  })

  it('gives the next request its time from its first byte on', () => {
    request().response.emit('close')
    clock.advance('1h')
    socket.bytesRead = 10
    expect(connection.isOverdue(LIMITS)).toBe(false)
    clock.advance(60)
    expect(connection.isOverdue(LIMITS)).toBe(false)
    clock.advance(0.1)
    expect(connection.isOverdue(LIMITS)).toBe(true)
  })

  it('takes the rest of a request that was answered early for no next request', () => {
    const early = request({ complete: false })
    early.response.emit('close')
    socket.bytesRead = 100
    connection.drain()
    clock.pump(['50ms', 0])
    expect(socket.writableEnded).toBe(true)
  })

  it('is overdue when the rest of a request that was answered early does not come', () => {
    const early = request({ complete: false })
    early.response.emit('close')
    clock.advance(300)
    expect(connection.isOverdue(LIMITS)).toBe(false)
    clock.advance(1)
    expect(connection.isOverdue(LIMITS)).toBe(true)
  })

  it('does nothing more to a connection that was given away', () => {
    connection.giveAway()
    connection.drain()
    clock.pump(['50ms', 0, '1h'])
    expect(socket.writableEnded).toBe(false)
    expect(connection.isOverdue(LIMITS)).toBe(false)
  })

  it('is overdue when the headers do not come', () => {
    clock.advance(60)
    expect(connection.isOverdue(LIMITS)).toBe(false)
    clock.advance(0.1)
    expect(connection.isOverdue(LIMITS)).toBe(true)
    connection.timeOut()
    expect(socket.written).toContain('408')
    expect(socket.destroyed).toBe(true)
  })

  it('is not overdue while it waits for a next request of which nothing has come', () => {
    socket.bytesRead = 100
    request().response.emit('close')
    clock.advance('1h')
    expect(connection.isOverdue(LIMITS)).toBe(false)
  })

  it('is overdue when a body does not come, and says nothing then', () => {
    request({ complete: false })
    request({ complete: true })
    clock.advance(301)
    expect(connection.isOverdue(LIMITS)).toBe(true)
    connection.timeOut()
    expect(socket.written).toBe('')
    expect(socket.destroyed).toBe(true)
  })
})
