import { once } from 'node:events'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { IPv4Address } from '../src/addresses.ts'
import { ConnectionDone, ConnectionLost } from '../src/connection-errors.ts'
import { DuplexProtocol, type DuplexProtocolOptions, duplexFactory } from '../src/duplex-protocol.ts'
import { FakeTransport } from './fake-transport.ts'

function connect(options?: DuplexProtocolOptions) {
  const stream = new DuplexProtocol(options)
  const transport = new FakeTransport()
  const events: string[] = []
  for (const name of ['end', 'finish', 'error', 'close', 'drain']) stream.on(name, () => events.push(name))
  stream.makeConnection(transport)
  return { stream, transport, events }
}

describe('duplexFactory', () => {
  it('builds a stream for each connection', () => {
    const factory = duplexFactory({ allowHalfOpen: true })
    const address = new IPv4Address('TCP', '127.0.0.1', 1)
    const one = factory.buildProtocol(address)
    expect(one).toBeInstanceOf(DuplexProtocol)
    expect(one?.allowHalfOpen).toBe(true)
    expect(factory.buildProtocol(address)).not.toBe(one)
    expect(duplexFactory().buildProtocol(address)?.allowHalfOpen).toBe(false)
  })
})

describe('DuplexProtocol reading', () => {
  it('yields what is received', async () => {
    const { stream, transport } = connect()
    stream.dataReceived(new Uint8Array(Buffer.from('one ')))
    stream.dataReceived(Buffer.from('two'))
    stream.readConnectionLost()
    expect((await stream.toArray()).map(String).join('')).toBe('one two')
    expect(transport.paused).toBe(false)
  })

  it('pauses the transport while too much waits to be read, and resumes it when it is read', async () => {
    const { stream, transport } = connect({ readableHighWaterMark: 10 })
    stream.dataReceived(Buffer.alloc(9))
    expect(transport.paused).toBe(false)
    stream.dataReceived(Buffer.alloc(1))
    expect(transport.paused).toBe(true)
    stream.dataReceived(Buffer.alloc(5))
    expect((stream.read() as Buffer).length).toBeGreaterThan(0)
    while (stream.read() !== null);
    await turn()
    expect(transport.paused).toBe(false)
  })

  it('does not resume a transport that it has not paused', () => {
    const { stream, transport } = connect()
    transport.paused = true
    stream.resume()
    stream.dataReceived(Buffer.alloc(1))
    expect(transport.paused).toBe(true)
  })

  it('ends when the other side ends, also when nobody reads', async () => {
    const { stream, transport, events } = connect({ allowHalfOpen: true })
    stream.readConnectionLost()
    stream.readConnectionLost()
    await turn()
    expect(events).toEqual(['end'])
    expect(transport.calls).not.toContain('loseWriteConnection')
    expect(stream.writable).toBe(true)
  })

  it('ends its own side when the other side has ended, unless half-open is allowed', async () => {
    const { stream, transport, events } = connect()
    stream.resume()
    stream.readConnectionLost()
    await turn()
    expect(transport.calls.slice(1)).toEqual(['unregisterProducer', 'loseWriteConnection'])
    stream.writeConnectionLost()
    await turn()
    expect(transport.calls.slice(3)).toEqual(['loseConnection'])
    expect(events).toEqual(['end', 'finish'])
    stream.connectionLost(new ConnectionDone())
    await turn()
    expect(events).toEqual(['end', 'finish', 'close'])
  })

  it('ignores data after the end and after it is destroyed', () => {
    const { stream } = connect({ allowHalfOpen: true })
    stream.readConnectionLost()
    stream.dataReceived(Buffer.from('late'))
    expect(stream.errored).toBeNull()
    stream.destroy()
    stream.dataReceived(Buffer.from('late'))
    stream.readConnectionLost()
    expect(stream.errored).toBeNull()
  })
})

describe('DuplexProtocol writing', () => {
  it('hands what is written to the transport at once', () => {
    const { stream, transport } = connect()
    stream.write('one ')
    stream.write(new Uint8Array(Buffer.from('two')))
    expect(transport.text).toBe('one two')
  })

  it('hands several chunks over together when they waited', async () => {
    const { stream, transport } = connect()
    stream.cork()
    stream.write('a')
    stream.write('b')
    stream.uncork()
    await turn()
    expect(transport.text).toBe('ab')
    expect(transport.calls).toContain('writeSequence')
  })

  it('waits while the transport is above its mark, and goes on when it has room', async () => {
    const { stream, transport } = connect({ writableHighWaterMark: 4 })
    transport.onWrite = () => transport.pushProducer.pauseProducing()
    const written: string[] = []
    expect(stream.write('1234', () => written.push('one'))).toBe(false)
    stream.write('5678', () => written.push('two'))
    await turn()
    expect([transport.text, written]).toEqual(['1234', []])
    transport.onWrite = () => {}
    const drained = once(stream, 'drain')
    transport.pushProducer.resumeProducing()
    await drained
    await turn()
    expect([transport.text, written]).toEqual(['12345678', ['one', 'two']])
  })

  it('gives up the role of producer before it closes, so that the transport can close', async () => {
    const { stream, transport } = connect()
    expect(transport.calls).toEqual(['registerProducer true'])
    stream.end('bye')
    await turn()
    expect(transport.text).toBe('bye')
    expect(transport.calls.slice(1)).toEqual(['unregisterProducer', 'loseWriteConnection'])
  })

  it('is finished when the writing side is closed', async () => {
    const { stream, events } = connect()
    stream.end()
    await turn()
    expect(events).toEqual([])
    stream.writeConnectionLost()
    await turn()
    expect(events).toEqual(['finish'])
    expect(stream.destroyed).toBe(false)
  })

  it('keeps what is written before there is a connection', async () => {
    const stream = new DuplexProtocol()
    const transport = new FakeTransport()
    stream.write('early ')
    stream.write('bird')
    stream.end()
    await turn()
    expect(stream.connected).toBe(false)
    stream.makeConnection(transport)
    expect(stream.connected).toBe(true)
    await turn()
    expect(transport.text).toBe('early bird')
    expect(transport.calls).toContain('loseWriteConnection')
  })

  it('ends also when only the end waits for the connection', async () => {
    const stream = new DuplexProtocol()
    const transport = new FakeTransport()
    stream.end()
    await turn()
    stream.makeConnection(transport)
    expect(transport.calls).toContain('loseWriteConnection')
  })

  it('fails a write after a clean loss with EPIPE', async () => {
    const { stream } = connect({ allowHalfOpen: true })
    stream.dataReceived(Buffer.from('unread'))
    stream.connectionLost(new ConnectionDone())
    expect(stream.destroyed).toBe(false)
    const error = await new Promise((resolve) => stream.write('x', resolve))
    expect(error).toMatchObject({ code: 'EPIPE' })
  })
})

describe('DuplexProtocol.destroy', () => {
  it('aborts the connection, and is closed when that is gone', async () => {
    const { stream, transport, events } = connect()
    stream.destroy()
    expect(transport.calls).toContain('abortConnection')
    await turn()
    expect(events).toEqual([])
    stream.connectionLost(transport.abortReason!)
    await turn()
    expect(events).toEqual(['close'])
    expect(stream.errored).toBeNull()
  })

  it('aborts with the error that it is given', async () => {
    const { stream, transport, events } = connect()
    const error = new Error('no')
    stream.destroy(error)
    expect(transport.abortReason).toBe(error)
    stream.connectionLost(new ConnectionLost())
    await turn()
    expect(events).toEqual(['error', 'close'])
    expect(stream.errored).toBe(error)
  })

  it('closes in order when everything was written', async () => {
    const { stream, transport } = connect()
    stream.end()
    await turn()
    stream.writeConnectionLost()
    await turn()
    stream.destroy()
    expect(transport.calls.at(-1)).toBe('loseConnection')
  })

  it('settles a write that waits for room', async () => {
    const { stream, transport } = connect()
    transport.onWrite = () => transport.pushProducer.pauseProducing()
    const written = new Promise((resolve) => stream.write('x', resolve))
    stream.destroy(new Error('no'))
    expect(await written).toMatchObject({ message: 'no' })
  })

  it('settles a write that waits for the connection, and aborts that when it comes', async () => {
    const stream = new DuplexProtocol()
    const transport = new FakeTransport()
    const written = new Promise((resolve) => stream.write('x', resolve))
    stream.destroy(new Error('no'))
    expect(await written).toMatchObject({ message: 'no' })
    expect(stream.closed).toBe(true)
    stream.makeConnection(transport)
    expect(transport.calls).toEqual(['abortConnection'])
    expect(transport.text).toBe('')
    stream.connectionLost(new ConnectionDone())
  })
})

describe('DuplexProtocol.connectionLost', () => {
  it('is a clean end after a ConnectionDone, once what was received is read', async () => {
    const { stream, events } = connect()
    stream.dataReceived(Buffer.from('last'))
    stream.connectionLost(new ConnectionDone())
    expect(stream.connected).toBe(false)
    await turn()
    expect(events).toEqual([])
    expect(String(stream.read())).toBe('last')
    await turn()
    expect(events).toEqual(['end', 'finish', 'close'])
  })

  it('is a clean end also when half-open is allowed', async () => {
    const { stream, events } = connect({ allowHalfOpen: true })
    stream.dataReceived(Buffer.from('last'))
    stream.connectionLost(new ConnectionDone())
    stream.resume()
    await turn()
    expect(events).toEqual(['end', 'finish', 'close'])
  })

  it('is closed when both ends are known already', async () => {
    const { stream, events } = connect({ allowHalfOpen: true })
    stream.resume()
    stream.readConnectionLost()
    await turn()
    stream.connectionLost(new ConnectionDone())
    await turn()
    expect(events).toEqual(['end', 'finish', 'close'])
  })

  it('lets a write pass that waits for room, after a clean end', async () => {
    const { stream, transport } = connect()
    transport.onWrite = () => transport.pushProducer.pauseProducing()
    const written = new Promise((resolve) => stream.write('x', resolve))
    stream.connectionLost(new ConnectionDone())
    expect(await written).toBeFalsy()
  })

  it('finishes an end that waits, after a clean end', async () => {
    const { stream, events } = connect()
    stream.resume()
    stream.end()
    await turn()
    stream.connectionLost(new ConnectionDone())
    await turn()
    expect(events.toSorted()).toEqual(['close', 'end', 'finish'])
  })

  it('is the error of the stream otherwise, without ending the process', async () => {
    const { stream, transport } = connect()
    const reason = new ConnectionLost('read ECONNRESET', { code: 'ECONNRESET' })
    stream.removeAllListeners('end')
    stream.connectionLost(reason)
    await once(stream, 'close').catch(() => {})
    expect(stream.errored).toBe(reason)
    expect(stream.closed).toBe(true)
    expect(transport.calls).not.toContain('abortConnection')
  })

  it('does not end the process when nobody listens to the error', async () => {
    const stream = new DuplexProtocol()
    stream.makeConnection(new FakeTransport())
    stream.connectionLost(new ConnectionLost())
    await turn()
    expect(stream.closed).toBe(true)
  })

  it('rejects who reads with the reason', async () => {
    const { stream } = connect()
    const reading = stream.toArray()
    stream.connectionLost(new ConnectionLost('read ECONNRESET', { code: 'ECONNRESET' }))
    await expect(reading).rejects.toMatchObject({ code: 'ECONNRESET' })
  })
})
