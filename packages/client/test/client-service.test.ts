import type { IProtocolFactory } from '@sennit/interfaces'
import { CancelledError } from '@sennit/runtime'
import { MultiService } from '@sennit/service'
import { describe, expect, it } from 'vitest'
import { ClientService, type ClientServiceOptions } from '../src/client-service.ts'
import { FakeEndpoint, outcome, settle, TestFactory, TestProtocol, testContext } from './fakes.ts'

function clientWith(options: ClientServiceOptions<TestProtocol> = {}, endpoints?: FakeEndpoint[]) {
  const context = testContext()
  const endpoint = endpoints?.[0] ?? new FakeEndpoint()
  const factory = new TestFactory()
  const client = new ClientService(endpoints ?? endpoint, factory, {
    clock: context.clock,
    log: context.log,
    random: context.random,
    retryPolicy: () => 10,
    name: 'feed',
    ...options,
  })
  const stop = () => outcome(client.stopService() as Promise<void>)
  const wait = (failAfterFailures?: number) => outcome(client.whenConnected({ failAfterFailures }))
  const pending = () => context.clock.getDelayedCalls().length
  return {
    ...context,
    endpoint,
    factory,
    client,
    stop,
    wait,
    pending,
    name: () => client.connectionState.name,
  }
}

async function started(options: ClientServiceOptions<TestProtocol> = {}) {
  const bench = clientWith(options)
  await bench.client.startService()
  return bench
}

async function connected(options: ClientServiceOptions<TestProtocol> = {}) {
  const bench = await started(options)
  await bench.endpoint.last.succeed()
  return bench
}

describe('ClientService: connecting', () => {
  it('CS-02 makes one attempt when it is started', async () => {
    const bench = clientWith()
    expect(bench.endpoint.connects).toHaveLength(0)
    await bench.client.startService()
    expect(bench.client.running).toBe(true)
    expect(bench.endpoint.connects).toHaveLength(1)
  })

  it('CS-03 makes no second attempt when it is started twice', async () => {
    const bench = await started()
    await bench.client.startService()
    expect(bench.endpoint.connects).toHaveLength(1)
    expect(bench.log.of('warn')).toHaveLength(1)
    expect(bench.log.of('warn')[0]!.message).toMatch(/duplicate start .*feed/i)
  })

  it('CS-14 CS-24 CS-62 yields the protocol that the factory built', async () => {
    const bench = clientWith()
    const waiter = bench.wait()
    await bench.client.startService()
    await bench.endpoint.last.succeed()
    const [protocol] = bench.factory.protocols
    expect(protocol).toBeInstanceOf(TestProtocol)
    expect(waiter.value).toBe(protocol)
    expect(bench.client.current).toBe(protocol)
    expect(await bench.client.whenConnected()).toBe(protocol)
  })

  it('CS-15 CS-20 CS-60 tries again after the delay, and not before', async () => {
    const bench = await started()
    bench.factory.build = () => undefined
    bench.endpoint.last.connect()
    await settle()
    expect(bench.name()).toBe('waiting')
    bench.clock.advance(9)
    expect(bench.endpoint.connects).toHaveLength(1)
    bench.clock.advance(1)
    expect(bench.endpoint.connects).toHaveLength(2)
  })

  it.each([
    ['CS-59', 'building the protocol throws', () => { throw new Error('broken') }, 'broken'], // prettier-ignore
    ['CS-60', 'no protocol is built', () => undefined, 'no protocol'],
  ])('%s counts it as a failed attempt when %s', async (_number, _what, build, message) => {
    const bench = clientWith()
    bench.factory.build = build
    const waiter = bench.wait(1)
    await bench.client.startService()
    bench.endpoint.last.connect()
    await settle()
    expect(waiter.error).toMatchObject({ message })
    expect(bench.name()).toBe('waiting')
  })

  it('CS-58 counts an endpoint that throws as a failed attempt, and goes on', async () => {
    const bench = clientWith()
    const { connect } = bench.endpoint
    bench.endpoint.connect = () => {
      throw new Error('thrown')
    }
    await bench.client.startService()
    await settle()
    expect(bench.name()).toBe('waiting')
    bench.endpoint.connect = connect
    bench.clock.advance(10)
    await bench.endpoint.last.succeed()
    expect(bench.name()).toBe('connected')
  })

  it('CS-70 needs only microtasks to be connected', async () => {
    const bench = await started()
    bench.endpoint.last.connect()
    await settle()
    expect(bench.name()).toBe('connected')
  })

  it('CS-71 lets the endpoint start and stop the factory', async () => {
    const bench = await started()
    bench.endpoint.last.factory.doStart()
    expect(bench.factory.users).toBe(1)
    bench.endpoint.last.factory.doStop()
    expect(bench.factory.users).toBe(0)
  })

  it('tells the endpoint how long it may take, and gives up an endpoint that does not keep to it', async () => {
    const bench = await started({ connectTimeout: '7s', closeTimeout: '5s' })
    expect(bench.endpoint.last.options.timeout).toBe('7s')
    bench.clock.advance(7.9)
    expect(bench.name()).toBe('connecting')
    bench.clock.advance(0.1)
    expect(bench.name()).toBe('waiting')
    expect(bench.client.connectionState.cause).toMatchObject({ code: 'ERR_SENNIT_TIMEOUT' })
    expect(bench.endpoint.last.aborted).toBe(true)
    // The endpoint does not react: the attempt that is due waits for it, but not for ever.
    bench.clock.advance(10)
    expect(bench.endpoint.connects).toHaveLength(2)
    const [late] = bench.endpoint.connects
    await late!.succeed()
    expect(late!.transport.aborts).toBe(1)
    expect(bench.name()).toBe('connecting')
  })

  it.each(['9s', false] as const)(
    'tells the endpoint how to find a dead peer: keepAlive %s',
    async (keepAlive) => {
      const bench = await started({ keepAlive })
      expect(bench.endpoint.last.options.keepAlive).toBe(keepAlive)
    },
  )

  it('leaves the time to the endpoint unless it is told', async () => {
    const bench = await started()
    expect(bench.endpoint.last.options.timeout).toBeUndefined()
    bench.clock.advance(30.9)
    expect(bench.name()).toBe('connecting')
    bench.clock.advance(0.1)
    expect(bench.name()).toBe('waiting')
  })

  it('takes several endpoints in turn', async () => {
    const endpoints = [new FakeEndpoint('tcp:a:1'), new FakeEndpoint('tcp:b:2')]
    const bench = clientWith({}, endpoints)
    await bench.client.startService()
    await endpoints[0]!.last.fail()
    expect(bench.log.of('info')[0]!.fields).toMatchObject({ endpoint: 'tcp:a:1' })
    bench.clock.advance(10)
    expect(endpoints.map((endpoint) => endpoint.connects.length)).toEqual([1, 1])
    await endpoints[1]!.last.succeed()
    expect(bench.client.describe()).toMatchObject({ kind: 'ClientService', facts: { endpoint: 'tcp:b:2' } })
    endpoints[1]!.last.lose()
    bench.clock.advance(10)
    expect(endpoints.map((endpoint) => endpoint.connects.length)).toEqual([2, 1])
  })

  it('keeps its own list of endpoints', async () => {
    const endpoints = [new FakeEndpoint()]
    const bench = clientWith({}, endpoints)
    const [endpoint] = endpoints.splice(0)
    await bench.client.startService()
    expect(endpoint!.connects).toHaveLength(1)
  })

  it.each([
    ['endpoint', [], new TestFactory(), {}],
    ['endpoint', [new FakeEndpoint(), {}], new TestFactory(), {}],
    ['endpoint', 'tcp:there:1', new TestFactory(), {}],
    ['factory', new FakeEndpoint(), () => new TestProtocol(), {}],
    ['retryPolicy', new FakeEndpoint(), new TestFactory(), { retryPolicy: null }],
  ])('refuses a wrong %s', (option, endpoint, factory, options) => {
    const make = () =>
      new ClientService(endpoint as never, factory as never as IProtocolFactory, options as never)
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_CLIENT_OPTION', option }) as Error)
  })

  it.each(['receiveTimeout', 'connectTimeout'])('refuses a wrong %s', (option) => {
    const make = () => clientWith({ [option]: 'soon' } as never)
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }) as Error)
  })
})

describe('ClientService: prepareConnection', () => {
  it('CS-61 CS-62 is called once for each connection, with the protocol, when that is connected', async () => {
    const seen: [TestProtocol, number][] = []
    const bench = await started({
      prepareConnection: (protocol) => void seen.push([protocol, protocol.made]),
    })
    expect(seen).toEqual([])
    await bench.endpoint.last.succeed()
    bench.endpoint.last.lose()
    bench.clock.advance(10)
    await bench.endpoint.last.succeed()
    expect(seen).toEqual([
      [bench.factory.protocols[0], 1],
      [bench.factory.protocols[1], 1],
    ])
    expect(seen[1]![0]).toBe(bench.client.current)
  })

  it('CS-64 is waited for', async () => {
    let resolve!: () => void
    const bench = await started({
      prepareConnection: () => new Promise<void>((done) => { resolve = done }), // prettier-ignore
    })
    const waiter = bench.wait()
    await bench.endpoint.last.succeed()
    expect(waiter.state).toBe('pending')
    expect(bench.name()).toBe('connecting')
    resolve()
    await settle()
    expect(waiter.value).toBe(bench.factory.protocols[0])
  })

  it.each([
    ['throws', (error: Error) => { throw error }], // prettier-ignore
    ['rejects', (error: Error) => Promise.reject(error)],
  ])('CS-50 CS-65 CS-66 CS-68 fails the attempt when it %s, and closes the connection', async (_how, act) => {
    const error = new Error('bad login')
    const bench = await started({ prepareConnection: () => act(error) })
    const waiter = bench.wait(1)
    await bench.endpoint.last.succeed()
    expect(waiter.error).toBe(error)
    expect(bench.client.connectionState).toMatchObject({
      name: 'waiting',
      cause: error,
      failures: 1,
      retryIn: 10,
    })
    expect(bench.endpoint.last.transport.closes).toBe(1)
  })

  it('CS-68 does not confuse the loss of a rejected connection with that of the present one', async () => {
    let good = false
    const bench = await started({
      prepareConnection: () => {
        if (!good) throw new Error('bad login')
      },
    })
    await bench.endpoint.last.succeed()
    const rejected = bench.endpoint.last
    rejected.lose()
    good = true
    bench.clock.advance(10)
    await bench.endpoint.last.succeed()
    rejected.lose()
    expect(bench.name()).toBe('connected')
    expect(bench.client.current).toBe(bench.factory.protocols[1])
  })

  it('CS-69 is given up by a stop, which closes the connection and waits for its loss', async () => {
    let given: AbortSignal | undefined
    const bench = await started({
      prepareConnection: (_protocol, { signal }) => {
        given = signal
        return new Promise(() => {})
      },
    })
    await bench.endpoint.last.succeed()
    const stopped = bench.stop()
    await settle()
    expect(given!.aborted).toBe(true)
    expect(given!.reason).toBeInstanceOf(CancelledError)
    expect(bench.endpoint.last.transport.closes).toBe(1)
    expect(stopped.state).toBe('pending')
    bench.endpoint.last.lose()
    await settle()
    expect(stopped.state).toBe('fulfilled')
    expect(bench.pending()).toBe(0)
  })

  it('CS-18 fails the attempt when the connection is lost meanwhile', async () => {
    let resolve!: () => void
    const bench = await started({
      prepareConnection: () => new Promise<void>((done) => { resolve = done }), // prettier-ignore
    })
    const waiter = bench.wait(1)
    await bench.endpoint.last.succeed()
    const reason = bench.endpoint.last.lose()
    resolve()
    await settle()
    expect(waiter.error).toBe(reason)
    expect(bench.name()).toBe('waiting')
    expect(bench.client.current).toBeUndefined()
  })

  it('has a deadline', async () => {
    const bench = await started({ prepareConnection: () => new Promise(() => {}), prepareTimeout: '3s' })
    await bench.endpoint.last.succeed()
    bench.clock.advance(3)
    expect(bench.client.connectionState).toMatchObject({
      name: 'waiting',
      cause: { code: 'ERR_SENNIT_TIMEOUT' },
    })
    expect(bench.endpoint.last.transport.closes).toBe(1)
  })
})

describe('ClientService: losing the connection', () => {
  it('CS-19 counts a connection that closes itself at once as a failed attempt', async () => {
    const bench = clientWith()
    bench.factory.build = () => {
      const protocol = new TestProtocol()
      protocol.makeConnection = () => bench.endpoint.last.protocol?.connectionLost(new Error('closed itself'))
      return protocol
    }
    await bench.client.startService()
    const connect = bench.endpoint.last
    const { buildProtocol } = connect.factory
    connect.factory.buildProtocol = (address) =>
      (connect.protocol = buildProtocol.call(connect.factory, address))
    connect.connect()
    await settle()
    expect(bench.client.connectionState).toMatchObject({ name: 'waiting', failures: 1 })
    bench.clock.advance(10)
    expect(bench.endpoint.connects).toHaveLength(2)
  })

  it('CS-27 waits for the first delay', async () => {
    const bench = await connected()
    bench.endpoint.last.lose()
    expect(bench.name()).toBe('waiting')
    expect(bench.endpoint.connects).toHaveLength(1)
    bench.clock.advance(10)
    expect(bench.endpoint.connects).toHaveLength(2)
  })

  it('CS-44 ignores a late loss, and never throws into the transport', async () => {
    const bench = await connected()
    const [first] = bench.endpoint.connects
    first!.lose()
    first!.lose()
    expect(bench.client.connectionState.failures).toBe(1)
    bench.stop()
    first!.lose()
    await settle()
    expect(bench.name()).toBe('stopped')
  })

  it('CS-76 learns of the loss after the protocol, even when that throws', async () => {
    const bench = await connected()
    const [protocol] = bench.factory.protocols
    let then: string | undefined
    protocol!.connectionLost = () => {
      then = bench.name()
      throw new Error('broken')
    }
    expect(() => bench.endpoint.last.lose()).toThrow('broken')
    expect(then).toBe('connected')
    expect(bench.name()).toBe('waiting')
  })

  it('cuts a connection on which nothing was received for too long', async () => {
    const bench = await connected({ receiveTimeout: '20s' })
    bench.clock.advance(20)
    bench.clock.advance(0)
    expect(bench.endpoint.last.transport.aborts).toBe(1)
  })
})

describe('ClientService: stopping', () => {
  it('CS-11 CS-12 CS-13 gives the attempt up, and waits for its end', async () => {
    const bench = await started()
    const waiters = [bench.wait(), bench.wait(1)]
    const stopped = bench.stop()
    expect(bench.endpoint.last.aborted).toBe(true)
    await settle()
    expect(stopped.state).toBe('pending')
    await bench.endpoint.last.fail()
    expect(stopped.state).toBe('fulfilled')
    for (const waiter of waiters) expect(waiter.error).toBeInstanceOf(CancelledError)
    expect(bench.pending()).toBe(0)
  })

  it('CS-25 CS-81 closes the transport, and waits for the loss', async () => {
    const bench = await connected()
    const stopped = bench.stop()
    await settle()
    expect(bench.endpoint.last.transport).toMatchObject({ closes: 1, aborts: 0 })
    expect(stopped.state).toBe('pending')
    bench.endpoint.last.lose()
    await settle()
    expect(stopped.state).toBe('fulfilled')
    expect(bench.pending()).toBe(0)
  })

  it('CS-26 is stopped when it returns if the loss comes inside the close', async () => {
    const bench = await connected()
    const connect = bench.endpoint.last
    connect.transport.loseConnection = () => void connect.lose()
    const stopped = bench.client.stopService()
    expect(bench.name()).toBe('stopped')
    expect(bench.client.state).toBe('stopped')
    await stopped
  })

  it('CS-34 closes a connection that comes in spite of the stop', async () => {
    const bench = await started()
    const stopped = bench.stop()
    await bench.endpoint.last.succeed()
    expect(bench.endpoint.last.transport.closes).toBe(1)
    expect(stopped.state).toBe('pending')
    bench.endpoint.last.lose()
    await settle()
    expect(stopped.state).toBe('fulfilled')
  })

  it('CS-79 CS-21 leaves nothing on the clock', async () => {
    const bench = await started()
    await bench.endpoint.last.fail()
    expect(bench.pending()).toBe(1)
    await bench.client.stopService()
    expect(bench.pending()).toBe(0)
  })

  it('CS-80 cuts the connection when it does not close in time', async () => {
    const bench = await connected({ closeTimeout: '2s' })
    bench.stop()
    bench.clock.advance(2)
    expect(bench.endpoint.last.transport).toMatchObject({ closes: 1, aborts: 1 })
  })

  it('lets a protocol say goodbye', async () => {
    const bench = clientWith()
    let asked = 0
    bench.factory.build = () => Object.assign(new TestProtocol(), { stopRequested: () => asked++ })
    await bench.client.startService()
    await bench.endpoint.last.succeed()
    bench.stop()
    expect(asked).toBe(1)
    expect(bench.endpoint.last.transport.closes).toBe(0)
    bench.clock.advance(5)
    expect(bench.endpoint.last.transport.aborts).toBe(1)
  })
})

describe('ClientService: in a tree', () => {
  it('CS-82 starts and stops with its parent, without waiting for the connection', async () => {
    const context = testContext()
    const endpoint = new FakeEndpoint()
    const client = new ClientService(endpoint, new TestFactory())
    const parent = new MultiService({ clock: context.clock, log: context.log }, [client])
    await parent.startService()
    expect(endpoint.connects).toHaveLength(1)
    expect(endpoint.last.options.context).toMatchObject({ clock: context.clock, log: context.log })
    await endpoint.last.succeed()
    const stopped = outcome(parent.stopService() as Promise<void>)
    await settle()
    expect(stopped.state).toBe('pending')
    endpoint.last.lose()
    await settle()
    expect(stopped.state).toBe('fulfilled')
  })

  it('fails its parent when it gives up', async () => {
    const context = testContext()
    const endpoint = new FakeEndpoint()
    const client = new ClientService(endpoint, new TestFactory(), { maxFailures: 1 })
    const parent = new MultiService({ clock: context.clock, log: context.log }, [client])
    await parent.startService()
    await endpoint.last.fail()
    expect(client.state).toBe('failed')
    expect(parent.state).toBe('failed')
  })
})
