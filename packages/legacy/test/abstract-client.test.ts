import type { IService } from '@sennit/interfaces'
import { ConnectionDone, ConnectionRefusedError } from '@sennit/protocol'
import { getGlobalReactor, realTurn, setGlobalReactor } from '@sennit/runtime'
import { MultiService } from '@sennit/service'
import { MemoryLog, StringTransport } from '@sennit/testing'
import { afterEach, describe, expect, it } from 'vitest'
import type { AbstractClient, AbstractClientOptions } from '../src/abstract-client.ts'
import { SSLClient, TCPClient, UNIXClient } from '../src/index.ts'
import { CallRecorder, RecorderFactory } from './doubles.ts'

interface Kind {
  readonly Class: new (...args: never[]) => AbstractClient
  readonly suffix: string
  /** What comes before the options; the reactor is given another factory in the place of this one. */
  readonly args: readonly unknown[]
  /** Options that are the connection's. */
  readonly own: object
  make(factory: RecorderFactory, options?: AbstractClientOptions): AbstractClient
}

const FACTORY = 'the factory'
const tls = { ca: 'ca' }

const kinds: Kind[] = [
  {
    Class: TCPClient,
    suffix: 'TCP',
    args: ['carbon', 2003, FACTORY],
    own: { timeout: '5s', bindAddress: '127.0.0.1', keepAlive: false },
    make: (factory, options) => new TCPClient('carbon', 2003, factory, options),
  },
  {
    Class: UNIXClient,
    suffix: 'UNIX',
    args: ['/run/carbon.sock', FACTORY],
    own: { timeout: '5s', checkPID: true },
    make: (factory, options) => new UNIXClient('/run/carbon.sock', factory, options),
  },
  {
    Class: SSLClient,
    suffix: 'SSL',
    args: ['carbon', 2004, FACTORY, tls],
    own: { timeout: '5s', handshakeTimeout: '3s' },
    make: (factory, options) => new SSLClient('carbon', 2004, factory, tls, options),
  },
]

const installed = getGlobalReactor()
afterEach(() => setGlobalReactor(installed))

/** Whether a promise has settled, after a turn. */
async function isSettled(promise: void | Promise<void>): Promise<boolean> {
  let settled = false
  void Promise.resolve(promise).finally(() => (settled = true))
  await realTurn()
  return settled
}

describe.each(kinds)('$Class.name', ({ Class, suffix, args, own, make }) => {
  function setUp(options: AbstractClientOptions = {}) {
    const reactor = new CallRecorder()
    const log = new MemoryLog()
    const factory = new RecorderFactory()
    const client = make(factory, { reactor, log, ...options })
    return { reactor, log, factory, client }
  }

  /** A client that is connected, and its connection. */
  async function connected(options: AbstractClientOptions = {}) {
    const all = setUp(options)
    await all.client.startService()
    const connector = all.reactor.connectors[0]!
    const transport = new StringTransport()
    connector.succeed(transport)
    return { ...all, connector, transport }
  }

  it(`LG-01 LG-21 calls connect${suffix} with the arguments, without those of the service`, async () => {
    const service = { name: 'carbon', stopTimeout: '9s', closeTimeout: '1s' } as const
    const { reactor, log, factory, client } = setUp({ ...service, ...own })
    await client.startService()
    expect(client.name).toBe('carbon')
    expect(reactor.calls).toHaveLength(1)
    const call = reactor.calls[0]!
    const given = call.args.map((each) => (typeof each === 'object' && each !== tls ? FACTORY : each))
    expect([call.method, ...given]).toEqual([`connect${suffix}`, ...args])
    const { context, ...rest } = call.options as { context?: unknown }
    expect(rest).toEqual(own)
    expect(context).toMatchObject({ reactor, log })
    reactor.connectors[0]!.succeed()
    expect(factory.events).toEqual(['doStart', 'startedConnecting', 'buildProtocol'])
  })

  it('LG-02 looks for the global reactor when it starts, not when it is made', async () => {
    const [before, reactor] = [new CallRecorder(), new CallRecorder()]
    setGlobalReactor(before)
    const client = make(new RecorderFactory())
    setGlobalReactor(reactor)
    await client.startService()
    expect([before.calls.length, reactor.calls.length]).toEqual([0, 1])
  })

  it('LG-02 takes the reactor of its parent before the global one', async () => {
    setGlobalReactor(new CallRecorder())
    const reactor = new CallRecorder()
    await new MultiService({ reactor }, [make(new RecorderFactory())]).startService()
    expect(reactor.calls).toHaveLength(1)
  })

  it('LG-03 uses the given reactor again after a stop', async () => {
    const { reactor, client } = setUp()
    await client.startService()
    await client.stopService()
    setGlobalReactor(new CallRecorder())
    await client.startService()
    expect(reactor.calls).toHaveLength(2)
  })

  it(`LG-23 rejects the start when the reactor has no connect${suffix}, or throws`, async () => {
    const { reactor, client } = setUp()
    reactor.connectError = new Error('broken')
    await expect((async () => client.startService())()).rejects.toThrow('broken')
    expect(client.running).toBe(false)
    Object.assign(reactor, { [`connect${suffix}`]: undefined })
    await expect((async () => client.startService())()).rejects.toMatchObject({
      code: 'ERR_SENNIT_MISSING_ROLE',
      message: expect.stringContaining(`IReactor${suffix}`) as string,
    })
  })

  it('LG-11 connects once however often it is started', async () => {
    const { reactor, client } = setUp()
    await client.startService()
    await client.startService()
    expect(reactor.calls).toHaveLength(1)
    expect(client.running).toBe(true)
  })

  it('does not wait for the connection when it starts', async () => {
    const { reactor, client } = setUp()
    await client.startService()
    expect(client.running).toBe(true)
    expect(client.connector!.getDestination()).toBe(reactor.connectors[0]!.getDestination())
  })

  it('LG-12 gives up an attempt when it stops, at once', async () => {
    const { reactor, factory, client } = setUp()
    await client.startService()
    expect(client.stopService()).toBeUndefined()
    expect(reactor.connectors[0]!.stoppedConnecting).toBe(true)
    expect(factory.events).toEqual(['doStart', 'startedConnecting', 'clientConnectionFailed', 'doStop'])
    expect(client.running).toBe(false)
    expect(client.connector).toBeUndefined()
    expect(reactor.getDelayedCalls()).toEqual([])
  })

  it('LG-12 closes the connection when it stops, and waits until it is gone', async () => {
    const { reactor, connector, transport, factory, client } = await connected()
    const stopping = client.stopService()
    expect(transport).toMatchObject({ disconnecting: true, disconnected: false })
    expect(await isSettled(stopping)).toBe(false)
    connector.lose()
    await stopping
    expect(factory.events.slice(2)).toEqual(['buildProtocol', 'clientConnectionLost', 'doStop'])
    expect(client.connector).toBeUndefined()
    expect(reactor.getDelayedCalls()).toEqual([])
  })

  it('LG-12 stops at once when the connection is gone already', async () => {
    const { connector, client } = await connected()
    connector.lose()
    expect(client.stopService()).toBeUndefined()
  })

  it('LG-12 cuts a connection that does not close in time', async () => {
    const { reactor, connector, transport, client } = await connected()
    const stopping = client.stopService()
    reactor.advance(4.9)
    expect(transport.disconnected).toBe(false)
    reactor.advance(0.1)
    expect(transport.disconnected).toBe(true)
    expect(await isSettled(stopping)).toBe(false)
    connector.lose()
    await stopping
  })

  it('LG-12 takes another time to close', async () => {
    const { reactor, transport, client } = await connected({ closeTimeout: '500ms' })
    void client.stopService()
    reactor.advance(0.5)
    expect(transport.disconnected).toBe(true)
  })

  it('LG-12 stops and says so when it cannot cut a connection that does not close', async () => {
    const { reactor, factory, log, client } = await connected({ name: 'carbon' })
    Object.assign(factory.built[0]!, { transport: undefined })
    const stopping = client.stopService()
    reactor.advance(5)
    await stopping
    expect(log.messages('warn')).toEqual(['A connection has not closed in time, and cannot be cut'])
  })

  it('LG-12 refuses a close timeout that is none', () => {
    expect(() => setUp({ closeTimeout: -1 })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DURATION' }),
    )
  })

  it('LG-13 does nothing in the privileged start', async () => {
    const { reactor, client } = setUp()
    await client.privilegedStartService()
    expect(reactor.calls).toEqual([])
  })

  it('LG-13 does not connect again by itself', async () => {
    const { reactor, connector, client } = await connected()
    connector.lose()
    reactor.advance(3600)
    expect(connector.attempts).toBe(1)
    expect(reactor.calls).toHaveLength(1)
    expect(client.running).toBe(true)
  })

  it('lets its factory connect again while it runs', async () => {
    const { connector, factory, client } = await connected()
    factory.clientConnectionLost = (again) => again.connect()
    connector.lose()
    expect(connector.attempts).toBe(2)
    expect(factory.events).not.toContain('doStop')
    connector.succeed()
    factory.clientConnectionLost = () => {}
    const stopping = client.stopService()
    connector.lose()
    await stopping
  })

  it('does not let its factory connect again when it stops, or after that', async () => {
    const { connector, factory, client } = await connected()
    factory.clientConnectionLost = (again) => again.connect()
    const stopping = client.stopService()
    connector.lose()
    await stopping
    factory.connector!.connect()
    expect(connector.attempts).toBe(1)
  })

  it('does not let its factory try again when the stop gives an attempt up', async () => {
    const { reactor, factory, client } = setUp()
    factory.clientConnectionFailed = (again) => again.connect()
    await client.startService()
    expect(client.stopService()).toBeUndefined()
    expect(reactor.connectors[0]).toMatchObject({ attempts: 1, state: 'disconnected' })
  })

  it('gives its factory a connector that can give up and close', async () => {
    const { reactor, factory, client } = setUp()
    await client.startService()
    factory.connector!.stopConnecting()
    expect(reactor.connectors[0]!.stoppedConnecting).toBe(true)
    factory.connector!.connect()
    const transport = new StringTransport()
    reactor.connectors[0]!.succeed(transport)
    factory.connector!.disconnect()
    expect(transport.disconnecting).toBe(true)
  })

  it('LG-14 tells its factory that the peer refuses', async () => {
    const { reactor, factory, client } = setUp()
    await client.startService()
    const reason = new ConnectionRefusedError()
    reactor.connectors[0]!.fail(reason)
    expect(factory.events).toEqual(['doStart', 'startedConnecting', 'clientConnectionFailed', 'doStop'])
    expect(factory.reason).toBe(reason)
    expect(client.running).toBe(true)
  })

  it('tells its factory that the connection is lost, and why', async () => {
    const { connector, factory } = await connected()
    const reason = new ConnectionDone()
    connector.lose(reason)
    expect(factory.reason).toBe(reason)
  })

  it('connects anew after a stop', async () => {
    const { reactor, connector, client } = await connected()
    const stopping = client.stopService()
    connector.lose()
    await stopping
    await client.startService()
    reactor.connectors[1]!.succeed()
    expect(client.describe().facts).toMatchObject({ connected: true })
  })

  it('LG-17 has a JSON form without the connection and without whether it runs', async () => {
    const { client } = setUp({ name: 'carbon' })
    const before = JSON.stringify(client)
    await client.startService()
    expect(JSON.stringify(client)).toBe(before)
    expect(JSON.parse(before)).toEqual({ name: 'carbon' })
  })

  it('LG-20 is a service, even when it was made of nothing', () => {
    const client: IService = new Class()
    expect([client.name, client.running, client.parent]).toEqual([undefined, false, undefined])
  })

  it('describes where it connects to, and whether it is connected', async () => {
    const { reactor, client } = setUp()
    expect(client.describe()).toMatchObject({ kind: Class.name, facts: {} })
    await client.startService()
    const destination = reactor.connectors[0]!.getDestination().toString()
    expect(client.describe().facts).toEqual({ destination, connected: false })
    reactor.connectors[0]!.succeed()
    expect(client.describe().facts).toEqual({ destination, connected: true })
    reactor.connectors[0]!.lose()
    expect(client.describe().facts).toEqual({ destination, connected: false })
  })
})
