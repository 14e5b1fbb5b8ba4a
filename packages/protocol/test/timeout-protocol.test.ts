import { afterEach, describe, expect, it } from 'vitest'
import { Clock, setGlobalReactor } from '@sennit/runtime'
import { IPv4Address } from '../src/addresses.ts'
import { ConnectionDone } from '../src/connection-errors.ts'
import { Factory } from '../src/factory.ts'
import { TimeoutFactory, type TimeoutFactoryOptions, TimeoutProtocol } from '../src/timeout-protocol.ts'
import { FakeTransport } from './fake-transport.ts'
import { RecordingProtocol } from './recording-protocol.ts'
import { SituatedTransport } from './situated-transport.ts'

const address = new IPv4Address('TCP', '127.0.0.1', 1)

function connect(options?: TimeoutFactoryOptions) {
  const factory = new TimeoutFactory(Factory.forProtocol(RecordingProtocol), options)
  const wrapper = factory.buildProtocol(address)!
  const transport = new SituatedTransport()
  wrapper.makeConnection(transport)
  return { factory, wrapper, transport, clock: transport.clock, protocol: wrapper.wrappedProtocol }
}

afterEach(() => setGlobalReactor(undefined))

describe('TimeoutFactory', () => {
  it('closes a connection on which nothing comes or goes, after half an hour when nothing else is said', () => {
    const { wrapper, transport, clock } = connect()
    expect(wrapper).toBeInstanceOf(TimeoutProtocol)
    expect(wrapper.timeoutPeriod).toBe(1800)
    clock.pump([1799, 0])
    expect(transport.calls).toEqual([])
    clock.pump([1, 0])
    expect([transport.calls, wrapper.disconnecting]).toEqual([['loseConnection'], true])
  })

  it.each([
    ['something comes', (c: ReturnType<typeof connect>) => c.wrapper.dataReceived(Buffer.from('x'))],
    ['something is written', (c: ReturnType<typeof connect>) => c.protocol.transport.write(Buffer.from('x'))],
    [
      'several chunks are written',
      (c: ReturnType<typeof connect>) => c.protocol.transport.writeSequence([Buffer.from('x')]),
    ],
    ['it is reset', (c: ReturnType<typeof connect>) => c.wrapper.resetTimeout()],
    ['it is set again', (c: ReturnType<typeof connect>) => c.wrapper.setTimeout('10s')],
  ])('counts anew when %s', (_, happens) => {
    const connection = connect({ timeoutPeriod: '10s' })
    const { transport, clock } = connection
    clock.advance(9)
    happens(connection)
    clock.pump([9, 0])
    expect(transport.calls).not.toContain('loseConnection')
    clock.pump([1, 0])
    expect(transport.calls).toContain('loseConnection')
  })

  it('aborts a connection that does not close', () => {
    const { transport, clock } = connect({ timeoutPeriod: 10 })
    clock.pump([10, 0, 5])
    expect(transport.calls).toEqual(['loseConnection', 'abortConnection'])
  })

  it('leaves no timer behind when the connection is lost, or the timeout cancelled', () => {
    const { wrapper, clock } = connect({ timeoutPeriod: 10 })
    wrapper.cancelTimeout()
    expect([wrapper.timeoutPeriod, clock.getDelayedCalls()]).toEqual([Infinity, []])
    wrapper.setTimeout(20)
    expect(clock.getDelayedCalls()).toHaveLength(1)
    wrapper.connectionLost(new ConnectionDone())
    wrapper.setTimeout(20)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('takes a clock, else that of the connection, else that of the process', () => {
    const clock = new Clock()
    expect(connect({ clock }).clock.getDelayedCalls()).toEqual([])
    expect(clock.getDelayedCalls()).toHaveLength(1)
    const process = new Clock()
    setGlobalReactor(process)
    new TimeoutFactory(Factory.forProtocol(RecordingProtocol))
      .buildProtocol(address)!
      .makeConnection(new FakeTransport())
    expect(process.getDelayedCalls()).toHaveLength(1)
  })

  it('lets a subclass do something else, what it throws is logged and aborts the connection', () => {
    class Broken extends TimeoutProtocol<RecordingProtocol> {
      override timeoutFunc() {
        throw new Error('no')
      }
    }
    class BrokenFactory extends TimeoutFactory<RecordingProtocol> {
      override protocol = Broken
    }
    const wrapper = new BrokenFactory(Factory.forProtocol(RecordingProtocol), {
      timeoutPeriod: 1,
    }).buildProtocol(address)!
    const transport = new SituatedTransport()
    wrapper.makeConnection(transport)
    transport.clock.pump([1, 0])
    expect(transport.calls).toEqual(['abortConnection'])
    expect(transport.log.entries).toMatchObject([{ message: 'timeoutFunc threw; its connection is closed' }])
  })

  it('refuses what is no duration', () => {
    const inner = Factory.forProtocol(RecordingProtocol)
    expect(() => new TimeoutFactory(inner, { timeoutPeriod: 'long' as never })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }),
    )
    const { wrapper } = connect()
    expect(() => wrapper.setTimeout(NaN)).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }))
  })
})
