import type { IConnector } from '@sennit/interfaces'
import {
  ConnectInProgressError,
  ConnectionLost,
  ConnectionRefusedError,
  IPv4Address,
  Protocol,
} from '@sennit/protocol'
import { Clock, getGlobalReactor, setGlobalReactor } from '@sennit/runtime'
import { MemoryLog } from '@sennit/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { TCPClient } from '../src/index.ts'
import {
  ReconnectingClientFactory,
  type ReconnectingClientFactoryOptions,
} from '../src/reconnecting-client-factory.ts'
import { CallRecorder } from './doubles.ts'

const installed = getGlobalReactor()
afterEach(() => setGlobalReactor(installed))

const refused = new ConnectionRefusedError()
const lost = new ConnectionLost()
const address = new IPv4Address('TCP', '127.0.0.1', 2003)

/** A connector that counts. */
class Counter implements IConnector {
  connects = 0
  stops = 0
  connect(): void {
    this.connects++
  }
  stopConnecting(): void {
    this.stops++
  }
  disconnect(): void {}
  getDestination(): IPv4Address {
    return address
  }
}

/** A factory on a clock, without noise, and a connector. */
function setUp(options: ReconnectingClientFactoryOptions = {}) {
  const clock = new Clock()
  const log = new MemoryLog()
  const factory = new ReconnectingClientFactory({ clock, log, jitter: 0, ...options })
  factory.protocol = Protocol
  return { clock, log, factory, connector: new Counter() }
}

/** The delays of so many failures in a row. */
function delaysOf(factory: ReconnectingClientFactory, clock: Clock, count: number): number[] {
  const connector = new Counter()
  return Array.from({ length: count }, () => {
    factory.clientConnectionFailed(connector, refused)
    const [call] = clock.getDelayedCalls()
    const delay = call!.getTime() - clock.seconds()
    clock.advance(delay)
    return delay
  })
}

/** Connects, and loses the connection after so long. */
function connectFor(seconds: number, { factory, clock, connector }: ReturnType<typeof setUp>): void {
  factory.buildProtocol(address)
  clock.advance(seconds)
  factory.clientConnectionLost(connector, lost)
}

describe('ReconnectingClientFactory', () => {
  it('has the settings of the original', () => {
    expect(new ReconnectingClientFactory()).toMatchObject({
      maxDelay: 3600,
      initialDelay: 1,
      delay: 1,
      factor: Math.E,
      jitter: 0.11962656472,
      retries: 0,
      maxRetries: undefined,
      clock: undefined,
      continueTrying: true,
    })
  })

  it.each(['clientConnectionFailed', 'clientConnectionLost'] as const)(
    'RF-01 remembers the connector and connects it again after %s',
    (event) => {
      const { clock, factory, connector } = setUp({ factor: 2 })
      factory[event](connector, refused)
      expect(factory.connector).toBe(connector)
      clock.advance(1.9)
      expect(connector.connects).toBe(0)
      clock.advance(0.1)
      expect(connector.connects).toBe(1)
    },
  )

  it('RF-01 does not mind when somebody else has connected before, and throws on what else goes wrong', () => {
    const { clock, factory, connector } = setUp()
    connector.connect = () => {
      throw new ConnectInProgressError()
    }
    factory.clientConnectionFailed(connector, refused)
    expect(() => clock.advance(10)).not.toThrow()
    connector.connect = () => {
      throw new Error('no')
    }
    factory.clientConnectionFailed(connector, refused)
    expect(() => clock.advance(10)).toThrow('no')
  })

  it('RF-02 gives up beyond maxRetries, and says so', () => {
    const { clock, log, factory, connector } = setUp({ maxRetries: 2 })
    expect(delaysOf(factory, clock, 2)).toHaveLength(2)
    factory.clientConnectionFailed(connector, refused)
    expect(clock.getDelayedCalls()).toEqual([])
    expect(factory.retries).toBe(3)
    expect(log.messages('warn')).toEqual(['There will be no further attempt to connect'])
  })

  it('RF-02 spreads the delays normally, with the jitter as their deviation', () => {
    let state = 1
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
    const { clock, factory } = setUp({ jitter: 0.1, factor: 2, random, maxDelay: '2h' })
    const delays = Array.from({ length: 2000 }, () => {
      factory.resetDelay()
      return delaysOf(factory, clock, 1)[0]!
    })
    const mean = delays.reduce((sum, each) => sum + each, 0) / delays.length
    const variance = delays.reduce((sum, each) => sum + (each - mean) ** 2, 0) / delays.length
    expect(mean).toBeCloseTo(2, 1)
    expect(Math.sqrt(variance)).toBeCloseTo(0.2, 1)
    const within = delays.filter((each) => Math.abs(each - 2) < 0.2).length / delays.length
    expect(within).toBeCloseTo(0.683, 1)
  })

  it('RF-02 never waits longer than maxDelay, and spreads below it', () => {
    let state = 7
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
    const { clock, factory } = setUp({ jitter: 0.2, factor: 10, maxDelay: '5s', random })
    const delays = delaysOf(factory, clock, 500)
    expect(Math.max(...delays)).toBeLessThanOrEqual(5)
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(0)
    expect(new Set(delays).size).toBeGreaterThan(490)
    expect(delays.filter((each) => each < 4.9).length).toBeGreaterThan(250)
  })

  it('RF-02 never waits less than no time, however much noise there is', () => {
    const values = [0.999_999_9, 0.5]
    const random = () => values.shift() ?? 0
    const { clock, factory } = setUp({ jitter: 5, random })
    expect(delaysOf(factory, clock, 1)).toEqual([0])
    expect(factory.delay).toBe(0)
  })

  it('RF-03 begins with initialDelay * factor, and ends at maxDelay', () => {
    const { clock, factory } = setUp({ factor: 2, maxDelay: 5 })
    expect(delaysOf(factory, clock, 4)).toEqual([2, 4, 5, 5])
    expect([factory.retries, factory.delay]).toEqual([4, 5])
  })

  it('RF-03 stays at maxDelay for ever', () => {
    const { clock, factory } = setUp({ maxDelay: '1m' })
    expect(delaysOf(factory, clock, 2000).at(-1)).toBe(60)
  })

  it('RF-04 begins anew after resetDelay()', () => {
    const { clock, factory } = setUp({ factor: 2 })
    expect(delaysOf(factory, clock, 2)).toEqual([2, 4])
    factory.resetDelay()
    expect([factory.retries, factory.delay]).toEqual([0, 1])
    expect(delaysOf(factory, clock, 2)).toEqual([2, 4])
  })

  it('RF-04 begins anew by itself after a connection that has lasted', () => {
    const all = setUp({ factor: 2 })
    expect(delaysOf(all.factory, all.clock, 3)).toEqual([2, 4, 8])
    connectFor(10, all)
    expect(all.clock.getDelayedCalls()[0]!.getTime() - all.clock.seconds()).toBe(2)
    expect(all.factory.retries).toBe(1)
  })

  it('RF-04 shows that it has begun anew as soon as the connection has lasted', () => {
    const { clock, factory } = setUp({ factor: 2, stableAfter: '5s' })
    delaysOf(factory, clock, 3)
    factory.buildProtocol(address)
    clock.advance(4.9)
    expect([factory.retries, factory.delay]).toEqual([3, 8])
    clock.advance(0.1)
    expect([factory.retries, factory.delay]).toEqual([0, 1])
  })

  it('RF-04 goes on where it was after a connection that is lost at once', () => {
    const all = setUp({ factor: 2 })
    delaysOf(all.factory, all.clock, 2)
    connectFor(9.5, all)
    expect(all.clock.getDelayedCalls()[0]!.getTime() - all.clock.seconds()).toBe(8)
  })

  it('RF-04 does not take the time between connections for a success', () => {
    const all = setUp({ factor: 2 })
    connectFor(1, all)
    all.clock.advance(2)
    all.clock.advance(3600)
    all.factory.clientConnectionFailed(all.connector, refused)
    expect(all.factory.retries).toBe(2)
  })

  it('RF-05 stopTrying() gives up the attempt that is waited for, and those after it', () => {
    const { clock, log, factory, connector } = setUp()
    factory.clientConnectionLost(connector, lost)
    factory.stopTrying()
    expect(clock.getDelayedCalls()).toEqual([])
    expect(factory.continueTrying).toBe(false)
    expect(connector.stops).toBe(1)
    factory.clientConnectionLost(connector, lost)
    expect(clock.getDelayedCalls()).toEqual([])
    expect(log.messages('info')).toEqual(['Scheduling another attempt to connect'])
  })

  it('RF-05 stopTrying() gives up an attempt that is under way, and does no harm when there is none', async () => {
    const reactor = new CallRecorder()
    const { factory } = setUp({ clock: reactor })
    factory.stopTrying()
    factory.resetDelay()
    const client = new TCPClient('carbon', 2003, factory, { reactor })
    await client.startService()
    const connector = reactor.connectors[0]!
    connector.fail(refused)
    reactor.advance(3)
    expect(connector.state).toBe('connecting')
    factory.stopTrying()
    expect(connector).toMatchObject({ state: 'disconnected', attempts: 2 })
    factory.stopTrying()
    expect(reactor.getDelayedCalls()).toEqual([])
  })

  it('RF-05 a connection that has lasted does not make it try again when it was told to stop', () => {
    const all = setUp()
    all.factory.buildProtocol(address)
    all.factory.stopTrying()
    all.clock.advance(3600)
    all.factory.clientConnectionLost(all.connector, lost)
    expect(all.factory.continueTrying).toBe(false)
    expect(all.clock.getDelayedCalls()).toEqual([])
  })

  it('RF-06 retry() throws when there is no connector', () => {
    const { factory } = setUp()
    expect(() => factory.retry()).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_NO_CONNECTOR' }))
    expect(factory.retries).toBe(0)
  })

  it('RF-06 retry() says that it was told to stop', () => {
    const { clock, log, factory, connector } = setUp()
    factory.stopTrying()
    factory.retry(connector)
    expect(clock.getDelayedCalls()).toEqual([])
    expect(log.messages('info')).toEqual(['There will be no further attempt to connect: that was asked for'])
  })

  it('RF-06 retry() takes a connector, and is waited for once', () => {
    const { clock, factory, connector } = setUp()
    factory.retry(connector)
    factory.retry(connector)
    clock.advance(3600)
    expect(connector.connects).toBe(1)
  })

  it('RF-07 has the first delay of what a subclass sets', () => {
    class Quick extends ReconnectingClientFactory {
      override initialDelay = '100ms' as const
      override factor = 2
      override maxDelay = 1
      override jitter = 0
    }
    const clock = new Clock()
    const factory = new Quick({ clock, log: new MemoryLog() })
    expect(factory.delay).toBe(0.1)
    expect(delaysOf(factory, clock, 4)).toEqual(
      [0.2, 0.4, 0.8, 1].map((each) => expect.closeTo(each) as number),
    )
  })

  it('RF-07 has the delays of what is set later', () => {
    const { clock, factory } = setUp({ factor: 2 })
    factory.initialDelay = 3
    expect(factory.delay).toBe(3)
    expect(delaysOf(factory, clock, 1)).toEqual([6])
  })

  it('RF-08 has a JSON form without what only makes sense while it is in use', () => {
    const all = setUp({ random: () => 0, maxDelay: '1m' })
    const settings = { maxDelay: '1m', initialDelay: 1, factor: Math.E, jitter: 0, stableAfter: 10 }
    expect(JSON.parse(JSON.stringify(all.factory))).toEqual(settings)
    all.factory.clientConnectionFailed(all.connector, refused)
    connectFor(1, all)
    expect(JSON.parse(JSON.stringify(all.factory))).toEqual(settings)
    expect(Object.keys(all.factory.toJSON())).not.toContain('random')
  })

  it.each<[ReconnectingClientFactoryOptions, object]>([
    [{ maxDelay: '5 parsecs' as never }, { code: 'ERR_SENNIT_DURATION' }],
    [{ initialDelay: -1 }, { code: 'ERR_SENNIT_DURATION' }],
    [{ stableAfter: -1 }, { code: 'ERR_SENNIT_DURATION' }],
    [{ factor: NaN }, { code: 'ERR_SENNIT_BACKOFF_OPTION', option: 'factor' }],
    [{ jitter: -0.1 }, { code: 'ERR_SENNIT_RETRY_OPTION', option: 'jitter' }],
    [{ jitter: '0.1' as never }, { code: 'ERR_SENNIT_RETRY_OPTION', option: 'jitter' }],
    [{ maxRetries: -1 }, { code: 'ERR_SENNIT_RETRY_OPTION', option: 'maxRetries' }],
  ])('refuses %o when it is made', (options, error) => {
    expect(() => new ReconnectingClientFactory(options)).toThrow(expect.objectContaining(error))
  })

  it('takes options as they are, 0 and all', () => {
    const options = { maxDelay: 0, initialDelay: 0, factor: 0, jitter: 0, maxRetries: 0, stableAfter: 0 }
    expect(new ReconnectingClientFactory(options)).toMatchObject(options)
  })

  it('builds what it is for', () => {
    class Feed extends Protocol {}
    const factory = ReconnectingClientFactory.forProtocol(Feed)
    expect(factory).toBeInstanceOf(ReconnectingClientFactory)
    expect(factory.buildProtocol(address)).toBeInstanceOf(Feed)
  })

  it('takes the time of the process when nobody gives it another', () => {
    const reactor = new CallRecorder()
    const factory = new ReconnectingClientFactory({ jitter: 0, log: new MemoryLog() })
    setGlobalReactor(reactor)
    factory.clientConnectionFailed(new Counter(), refused)
    expect(reactor.getDelayedCalls()).toHaveLength(1)
  })
})

describe('ReconnectingClientFactory in a service', () => {
  function service(options: ReconnectingClientFactoryOptions = {}) {
    const reactor = new CallRecorder()
    const log = new MemoryLog()
    const drawn: number[] = []
    const random = () => drawn.push(0.5) && 0.5
    const factory = new ReconnectingClientFactory(options)
    factory.protocol = Protocol
    const client = new TCPClient('carbon', 2003, factory, { reactor, log, random })
    return { reactor, log, drawn, factory, client }
  }

  it('takes time, randomness and log from the service', async () => {
    const { reactor, log, drawn, client } = service()
    await client.startService()
    const connector = reactor.connectors[0]!
    connector.fail(refused)
    expect(reactor.getDelayedCalls()).toHaveLength(1)
    expect(drawn).toHaveLength(2)
    expect(log.messages('info')).toEqual(['Scheduling another attempt to connect'])
    reactor.advance(3600)
    expect(connector.attempts).toBe(2)
    connector.succeed()
    connector.lose(lost)
    reactor.advance(3600)
    expect(connector.attempts).toBe(3)
  })

  it('RF-01 RF-05 connects every client again that it serves, and gives up those of a client that stops alone', async () => {
    const { reactor, log, factory, client } = service({ factor: 1, jitter: 0 })
    const other = new TCPClient('silicon', 2003, factory, { reactor, log })
    await client.startService()
    await other.startService()
    const [one, two] = reactor.connectors
    for (const each of [one!, two!]) each.fail(refused)
    expect(reactor.getDelayedCalls()).toHaveLength(2)
    reactor.advance(1)
    expect([one!.attempts, two!.attempts]).toEqual([2, 2])
    for (const each of [one!, two!]) each.fail(refused)
    await client.stopService()
    reactor.advance(1)
    expect([one!.attempts, two!.attempts]).toEqual([2, 3])
    two!.fail(refused)
    factory.stopTrying()
    expect(reactor.getDelayedCalls()).toEqual([])
    await other.stopService()
  })

  it('takes its own before those of the service', async () => {
    const clock = new Clock()
    const log = new MemoryLog()
    const all = service({ clock, log, random: () => 0.25 })
    await all.client.startService()
    all.reactor.connectors[0]!.fail(refused)
    expect(clock.getDelayedCalls()).toHaveLength(1)
    expect(all.reactor.getDelayedCalls()).toEqual([])
    expect(all.drawn).toEqual([])
    expect([log.messages('info').length, all.log.messages('info').length]).toEqual([1, 0])
  })

  it('leaves no attempt waiting when the service stops, and goes on when that starts again', async () => {
    const { reactor, factory, client } = service()
    await client.startService()
    reactor.connectors[0]!.fail(refused)
    expect(await client.stopService()).toBeUndefined()
    expect(reactor.getDelayedCalls()).toEqual([])
    await client.startService()
    reactor.connectors[1]!.fail(refused)
    expect(factory.retries).toBe(2)
    reactor.advance(3600)
    expect(reactor.connectors[1]!.attempts).toBe(2)
    expect(reactor.connectors[0]!.attempts).toBe(1)
  })

  it('does not take the end of a connection that the service closes for a reason to connect again', async () => {
    const { reactor, log, client } = service()
    await client.startService()
    const connector = reactor.connectors[0]!
    connector.succeed()
    const stopping = client.stopService()
    connector.lose()
    await stopping
    expect(reactor.getDelayedCalls()).toEqual([])
    expect(log.messages('info')).toEqual([])
  })
})
