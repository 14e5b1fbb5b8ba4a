import { afterEach, describe, expect, it } from 'vitest'
import { Clock, setGlobalReactor } from '@sennit/runtime'
import { IPv4Address } from '../src/addresses.ts'
import { ConnectionDone } from '../src/connection-errors.ts'
import { Factory } from '../src/factory.ts'
import { ThrottlingFactory, type ThrottlingFactoryOptions } from '../src/throttling-factory.ts'
import { FakeLog } from './fake-log.ts'
import { FakeTransport } from './fake-transport.ts'
import { RecordingProtocol } from './recording-protocol.ts'
import { SituatedTransport } from './situated-transport.ts'

function make(options?: ThrottlingFactoryOptions) {
  const clock = new Clock()
  const log = new FakeLog()
  const factory = new ThrottlingFactory(Factory.forProtocol(RecordingProtocol), options)
  const connect = (transport: FakeTransport = new SituatedTransport(clock, log)) => {
    const wrapper = factory.buildProtocol(new IPv4Address('TCP', '127.0.0.1', 1))
    wrapper?.makeConnection(transport)
    return wrapper && { wrapper, transport }
  }
  return { clock, log, factory, connect }
}

afterEach(() => setGlobalReactor(undefined))

describe('ThrottlingFactory', () => {
  it('refuses connections when there are as many as there may be, and says so once', () => {
    const { factory, connect, log } = make({ maxConnectionCount: 2 })
    const first = connect()!
    connect()
    expect([connect(), connect(), factory.connectionCount, factory.refused]).toEqual([
      undefined,
      undefined,
      2,
      2,
    ])
    expect(log.entries).toEqual([
      {
        level: 'warn',
        message: 'Connections are refused: there are as many as there may be',
        maxConnectionCount: 2,
      },
    ])
    first.wrapper.connectionLost(new ConnectionDone())
    expect(connect()).toBeDefined()
    connect()
    expect(log.entries).toHaveLength(2)
  })

  it('says so to the log that it was given', () => {
    const given = new FakeLog()
    const { connect, log } = make({ maxConnectionCount: 0, log: given })
    connect()
    expect([given.entries.length, log.entries.length]).toEqual([1, 0])
  })

  it('shares what may be read among all connections that want more', () => {
    const { connect, clock } = make({ readLimit: 10_000 })
    const chunks = [100, 1000, 5000]
    const connections = chunks.map((chunk) => ({ ...connect()!, chunk, read: 0 }))
    for (let i = 0; i < 3000; i++) {
      for (const each of connections) {
        if (each.transport.paused) continue
        each.read += each.chunk
        each.wrapper.dataReceived(Buffer.alloc(each.chunk))
      }
      clock.advance(0.02)
    }
    const total = connections.reduce((sum, { read }) => sum + read, 0)
    expect(total).toBeGreaterThan(0.97 * 600_000)
    expect(total).toBeLessThanOrEqual(600_000 + 10_000 + 6100)
    for (const { read } of connections) expect(Math.abs(read / total - 1 / 3)).toBeLessThan(0.02)
  })

  it('shares what may be written among all connections', () => {
    const { connect, clock } = make({ writeLimit: 10_000 })
    const [one, two] = [connect()!, connect()!]
    one.wrapper.wrappedProtocol.transport.write(Buffer.alloc(1_000_000))
    for (let i = 0; i < 1000; i++) two.wrapper.wrappedProtocol.transport.write(Buffer.alloc(1000))
    for (let i = 0; i < 500; i++) clock.advance(0.02)
    const sent = [one, two].map(({ transport }) => transport.text.length)
    expect(sent[0]! + sent[1]!).toBeGreaterThan(100_000)
    expect(sent[0]! + sent[1]!).toBeLessThanOrEqual(10 * 10_000 + 10_000 + 2 * 1000)
    expect(Math.abs(sent[0]! - sent[1]!)).toBeLessThanOrEqual(10_000 + 2 * 1000)
  })

  it('has no timer while nothing is throttled', () => {
    const { connect, clock } = make({ readLimit: 1000, writeLimit: 1000 })
    const { wrapper } = connect()!
    for (let i = 0; i < 10; i++) {
      wrapper.dataReceived(Buffer.alloc(900))
      wrapper.wrappedProtocol.transport.write(Buffer.alloc(900))
      expect(clock.getDelayedCalls()).toEqual([])
      clock.advance(1)
    }
  })

  it('takes a clock, else that of the first connection, else that of the process', () => {
    const given = new Clock()
    const one = make({ clock: given, readLimit: 10 })
    one.connect()!.wrapper.dataReceived(Buffer.alloc(100))
    expect([given.getDelayedCalls().length, one.clock.getDelayedCalls().length]).toEqual([1, 0])
    const process = new Clock()
    setGlobalReactor(process)
    make({ readLimit: 10 }).connect(new FakeTransport())!.wrapper.dataReceived(Buffer.alloc(100))
    expect(process.getDelayedCalls()).toHaveLength(1)
  })

  it.each([
    [{ maxConnectionCount: -1 }, 'maxConnectionCount'],
    [{ readLimit: 0 }, 'readLimit'],
    [{ writeLimit: NaN }, 'writeLimit'],
    [{ writeLimit: '1k' as never }, 'writeLimit'],
  ])('refuses %o', (options, option) => {
    expect(() => make(options)).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_POLICY_OPTION', option }))
  })
})
