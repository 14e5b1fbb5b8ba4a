import type { IncomingMessage, ServerResponse } from 'node:http'
import { EventEmitter, once } from 'node:events'
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
      request().response.emit('close')
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

  it('says by the response in flight that it is the last', () => {
    const { response } = request()
    connection.drain()
    expect(response.headers.get('Connection')).toBe('close')
    response.emit('close')
    expect(request().response.headers.get('Connection')).toBe('close')
  })

  describe('of a client that pipelines', () => {
    let parsed: Buffer[]
    const isTaken = (): boolean => {
      const before = parsed.length
      socket.push('more')
      socket.read()
      return parsed.length > before
    }

    beforeEach(() => {
      parsed = []
      socket.on('data', (chunk: Buffer) => parsed.push(chunk))
    })

    it('takes nothing more, answers what it has taken, and says by no answer that it is the last', () => {
      const [first, second] = [request(), request()]
      connection.drain()
      expect(isTaken()).toBe(true)
      clock.advance(0)
      expect(isTaken()).toBe(false)
      first.response.emit('close')
      clock.advance('1h')
      expect(socket.writableEnded).toBe(false)
      second.response.emit('close')
      expect([socket.writableEnded, socket.destroyed]).toEqual([true, false])
      expect([first.response.headers.size, second.response.headers.size]).toEqual([0, 0])
    })

    it('closes half a second after the last byte, and is not overdue until then', () => {
      const [first, second] = [request(), request()]
      connection.drain()
      clock.advance(0)
      first.response.emit('close')
      second.response.emit('close')
      clock.advance('400ms')
      socket.bytesRead = 10
      isTaken()
      clock.advance('499ms')
      expect([socket.destroyed, connection.isOverdue({ headers: 0, request: 0 })]).toEqual([false, false])
      clock.advance('1ms')
      expect(socket.destroyed).toBe(true)
    })

    it('takes back that a response is the last when it begins to pipeline', () => {
      const first = request()
      connection.drain()
      const second = request()
      expect([first.response.headers.size, second.response.headers.size]).toEqual([0, 0])
      clock.advance(0)
      expect(isTaken()).toBe(false)
    })

    it('ends also when all is answered before its next turn', () => {
      const [first, second] = [request(), request()]
      connection.drain()
      first.response.emit('close')
      second.response.emit('close')
      clock.advance(0)
      expect(socket.writableEnded).toBe(true)
    })

    it('reads the bodies to their ends first', () => {
      request()
      const { request: second } = request({ complete: false })
      connection.drain()
      clock.pump([0, '50ms', '50ms'])
      expect(isTaken()).toBe(true)
      Object.assign(second, { complete: true })
      request()
      clock.advance('50ms')
      expect(isTaken()).toBe(false)
    })

    it('waits for Node to read again when it has stopped to until the answers are gone', async () => {
      request()
      request()
      socket.pause()
      connection.drain()
      clock.advance(0)
      expect(socket.isPaused()).toBe(true)
      socket.resume()
      await once(socket, 'resume')
      expect(isTaken()).toBe(false)
    })

    it.each([1, 2])(
      'leaves no timer behind when the other side goes before its %i answers',
      async (count) => {
        const responses = Array.from({ length: count }, () => request().response)
        connection.drain()
        clock.advance(0)
        socket.destroy()
        await once(socket, 'close')
        for (const response of responses) response.emit('close')
        expect(clock.getDelayedCalls()).toEqual([])
      },
    )

    it('leaves no timer behind when the other side closes', async () => {
      const [first, second] = [request(), request()]
      connection.drain()
      clock.advance(0)
      first.response.emit('close')
      second.response.emit('close')
      socket.destroy()
      await once(socket, 'close')
      expect(clock.getDelayedCalls()).toEqual([])
    })
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

  it('leaves no timer behind when the connection is closed, or given away', async () => {
    connection.drain()
    expect(clock.getDelayedCalls().length).toBe(1)
    connection.giveAway()
    expect(clock.getDelayedCalls()).toEqual([])
    const closing = new FakeSocket()
    new HttpConnection(closing, clock).drain()
    expect(clock.getDelayedCalls().length).toBe(1)
    closing.destroy()
    await once(closing, 'close')
    expect(clock.getDelayedCalls()).toEqual([])
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
