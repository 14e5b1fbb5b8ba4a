import { describe, expect, it } from 'vitest'
import type { IHalfCloseableProtocol, IPushProducer } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { IPv4Address } from '../src/addresses.ts'
import { ConnectionDone } from '../src/connection-errors.ts'
import { Factory } from '../src/factory.ts'
import { ThrottlingFactory, type ThrottlingFactoryOptions } from '../src/throttling-factory.ts'
import { RecordingProtocol } from './recording-protocol.ts'
import { SituatedTransport } from './situated-transport.ts'

function connect(options: ThrottlingFactoryOptions) {
  const factory = new ThrottlingFactory(Factory.forProtocol(RecordingProtocol), options)
  const wrapper = factory.buildProtocol(new IPv4Address('TCP', '127.0.0.1', 1))!
  const transport = new SituatedTransport()
  wrapper.makeConnection(transport)
  const { clock } = transport
  const run = (seconds: number) => {
    for (let i = 0; i < seconds * 50; i++) clock.advance(0.02)
  }
  return { factory, wrapper, protocol: wrapper.wrappedProtocol, transport, clock, run }
}

const thousand = Buffer.alloc(1000)

const ENDS = ['readConnectionLost', 'writeConnectionLost'] as const

/** Tells a protocol, as a transport does, that each direction has ended, if it is one to tell. */
function tellEnd(protocol: object): void {
  if (!hasRole<IHalfCloseableProtocol>(protocol, ENDS)) throw new Error('it cannot be told')
  protocol.readConnectionLost()
  protocol.writeConnectionLost()
}

describe('ThrottlingProtocol', () => {
  it('reads no more while it has read too much', () => {
    const { wrapper, protocol, transport, run, clock } = connect({ readLimit: 1000 })
    wrapper.dataReceived(thousand)
    expect([transport.paused, clock.getDelayedCalls()]).toEqual([false, []])
    wrapper.dataReceived(Buffer.from('hello'))
    expect([transport.paused, protocol.calls.at(-1)]).toEqual([true, 'hello'])
    run(0.06)
    expect([transport.paused, clock.getDelayedCalls()]).toEqual([false, []])
  })

  it('PR-21 reads only when the protocol wants to and the throttle allows it', () => {
    const { wrapper, protocol, transport, run } = connect({ readLimit: 1000 })
    wrapper.dataReceived(thousand)
    wrapper.dataReceived(thousand)
    protocol.transport.pauseProducing()
    run(1.1)
    expect(transport.paused).toBe(true)
    protocol.transport.resumeProducing()
    expect(transport.paused).toBe(false)
    wrapper.dataReceived(thousand)
    protocol.transport.pauseProducing()
    protocol.transport.resumeProducing()
    expect(transport.paused).toBe(true)
    run(1.1)
    expect(transport.paused).toBe(false)
  })

  it('does not begin to read while others have read too much', () => {
    const { factory, wrapper, transport, run, clock } = connect({ readLimit: 1000 })
    wrapper.dataReceived(Buffer.alloc(2000))
    wrapper.connectionLost(new ConnectionDone())
    const other = factory.buildProtocol(new IPv4Address('TCP', '127.0.0.1', 2))!
    const second = new SituatedTransport(clock)
    other.makeConnection(second)
    expect([transport.paused, second.paused]).toEqual([true, true])
    run(0.9)
    expect(second.paused).toBe(true)
    run(0.2)
    expect(second.paused).toBe(false)
  })

  it('writes no faster than it may, with or without a producer, and closes when all is sent', () => {
    const { wrapper, protocol, transport, run } = connect({ writeLimit: 1000 })
    const producer: IPushProducer = { pauseProducing() {}, resumeProducing() {}, stopProducing() {} }
    protocol.transport.write(thousand)
    protocol.transport.writeSequence([thousand, Buffer.from('a'), Buffer.from('b')])
    protocol.transport.registerProducer(producer, true)
    protocol.transport.unregisterProducer()
    protocol.transport.loseConnection()
    expect([wrapper.disconnecting, transport.calls]).toEqual([true, ['registerProducer true']])
    wrapper.dataReceived(Buffer.from('late'))
    expect(protocol.calls).toEqual(['makeConnection'])
    expect(transport.text.length).toBe(1100)
    run(1.1)
    expect(transport.text.slice(2000)).toBe('ab')
    expect(transport.calls).toEqual(['registerProducer true', 'loseConnection', 'unregisterProducer'])
  })

  it('PR-12 sends nothing of a sequence in which something is no bytes', () => {
    const { protocol, transport } = connect({ writeLimit: 1000 })
    expect(() => protocol.transport.writeSequence([thousand, 'text' as never])).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_BYTES' }),
    )
    expect(transport.chunks).toEqual([])
  })

  it('half-closes when all is sent, is stopped as it is closed, and drops what waits when it is aborted', () => {
    const half = connect({ writeLimit: 1000 })
    half.protocol.transport.write(thousand)
    half.protocol.transport.write(thousand)
    half.protocol.transport.write(thousand)
    half.protocol.transport.loseWriteConnection()
    expect(half.transport.calls).toEqual([])
    half.run(3)
    expect(half.transport.calls).toEqual(['loseWriteConnection'])
    half.protocol.transport.stopProducing()
    expect(half.transport.calls).toEqual(['loseWriteConnection', 'loseConnection'])

    const aborted = connect({ writeLimit: 1000 })
    for (let i = 0; i < 3; i++) aborted.protocol.transport.write(thousand)
    const reason = new Error('why')
    aborted.protocol.transport.abortConnection(reason)
    expect([aborted.transport.abortReason, aborted.clock.getDelayedCalls()]).toEqual([reason, []])
    aborted.run(3)
    expect(aborted.transport.text.length).toBe(1100)
  })

  it('PR-15 sends what waits, and then closes, when the other side ends and the protocol is not told of that', () => {
    const { wrapper, protocol, transport, run, clock } = connect({ writeLimit: 1000 })
    const stopped: string[] = []
    const producer: IPushProducer = {
      pauseProducing() {},
      resumeProducing() {},
      stopProducing: () => void stopped.push('stop'),
    }
    for (let i = 0; i < 3; i++) protocol.transport.write(thousand)
    protocol.transport.registerProducer(producer, true)
    tellEnd(wrapper)
    expect([stopped, wrapper.disconnecting, transport.calls]).toEqual([
      ['stop'],
      true,
      ['registerProducer true'],
    ])
    protocol.transport.write(thousand)
    run(3)
    expect(transport.text.length).toBe(3000)
    expect(transport.calls.slice(1)).toEqual(['loseConnection', 'unregisterProducer'])
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('PR-15 closes at once when the other side ends and nothing waits', () => {
    const { wrapper, protocol, transport } = connect({ writeLimit: 1000 })
    protocol.transport.write(thousand)
    tellEnd(wrapper)
    expect([transport.text.length, transport.calls]).toEqual([1000, ['loseConnection']])
    expect(hasRole(connect({ readLimit: 1000 }).wrapper, ENDS)).toBe(false)
  })

  it('PR-15 tells a protocol that cares for the end of one direction, and goes on', () => {
    const told: string[] = []
    class Half extends RecordingProtocol {
      readConnectionLost() {
        told.push('read')
      }
      writeConnectionLost() {
        told.push('written')
      }
    }
    const wrapper = new ThrottlingFactory(Factory.forProtocol(Half), { writeLimit: 1000 }).buildProtocol(
      new IPv4Address('TCP', '127.0.0.1', 1),
    )!
    const transport = new SituatedTransport()
    wrapper.makeConnection(transport)
    tellEnd(wrapper)
    wrapper.wrappedProtocol.transport.write(Buffer.from('more'))
    expect([told, transport.text, transport.calls]).toEqual([['read', 'written'], 'more', []])
  })

  it('takes nothing from the others for what a producer writes after the connection was aborted', () => {
    const { protocol, transport, clock } = connect({ writeLimit: 1000 })
    const producer: IPushProducer = { pauseProducing() {}, resumeProducing() {}, stopProducing() {} }
    protocol.transport.registerProducer(producer, true)
    protocol.transport.abortConnection()
    for (let i = 0; i < 5; i++) protocol.transport.write(thousand)
    expect([transport.chunks, clock.getDelayedCalls()]).toEqual([[], []])
  })

  it('goes on with the other connections when one cannot read on, which is logged and aborted', () => {
    const { factory, wrapper, transport, clock, run } = connect({ readLimit: 1000 })
    const other = factory.buildProtocol(new IPv4Address('TCP', '127.0.0.1', 2))!
    const second = new SituatedTransport(clock)
    other.makeConnection(second)
    transport.resumeProducing = () => {
      throw new Error('no')
    }
    for (const each of [wrapper, other]) each.dataReceived(thousand)
    expect([transport.paused, second.paused]).toEqual([false, true])
    wrapper.dataReceived(thousand)
    run(3)
    expect([transport.calls, second.paused]).toEqual([['abortConnection'], false])
    expect(transport.log.entries).toMatchObject([
      { message: 'resumeProducing threw; its connection is closed' },
    ])
  })

  it('leaves no timer behind when the connection is lost', () => {
    const { wrapper, protocol, clock } = connect({ readLimit: 1000, writeLimit: 1000 })
    for (let i = 0; i < 3; i++) {
      wrapper.dataReceived(thousand)
      protocol.transport.write(thousand)
    }
    expect(clock.getDelayedCalls()).toHaveLength(2)
    wrapper.connectionLost(new ConnectionDone())
    expect([clock.getDelayedCalls(), protocol.calls.at(-1)]).toEqual([[], 'connectionLost'])
  })

  it('only hands on what has no limit', () => {
    const { wrapper, protocol, transport, clock } = connect({})
    const producer: IPushProducer = { pauseProducing() {}, resumeProducing() {}, stopProducing() {} }
    const big = Buffer.alloc(1_000_000)
    wrapper.dataReceived(big)
    protocol.transport.write(big)
    protocol.transport.writeSequence([big])
    protocol.transport.registerProducer(producer, true)
    expect(transport.producer).toBe(producer)
    protocol.transport.unregisterProducer()
    protocol.transport.loseWriteConnection()
    protocol.transport.stopProducing()
    protocol.transport.loseConnection()
    protocol.transport.abortConnection()
    expect([transport.paused, transport.chunks.length, clock.getDelayedCalls()]).toEqual([false, 2, []])
    expect(transport.chunks.every((chunk) => chunk === big)).toBe(true)
    expect(transport.calls).toEqual([
      'writeSequence',
      'registerProducer true',
      'unregisterProducer',
      'loseWriteConnection',
      'loseConnection',
      'loseConnection',
      'abortConnection',
    ])
  })
})
