import type { IService } from '@sennit/interfaces'
import { ConnectionDone, ConnectionRefusedError } from '@sennit/protocol'
import { getGlobalReactor, realTurn, setGlobalReactor } from '@sennit/runtime'
import { MultiService } from '@sennit/service'
import { MemoryLog, MemoryReactorClock, StringTransport } from '@sennit/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { TCPClient, type TCPClientOptions } from '../src/tcp-client.ts'
import { RecorderFactory } from './doubles.ts'

const installed = getGlobalReactor()
afterEach(() => setGlobalReactor(installed))

function setUp(options: TCPClientOptions = {}) {
  const reactor = new MemoryReactorClock()
  const log = new MemoryLog()
  const factory = new RecorderFactory()
  const client = new TCPClient('carbon', 2003, factory, { reactor, log, ...options })
  return { reactor, log, factory, client }
}

/** A client that is connected, and its connection. */
async function connected(options: TCPClientOptions = {}) {
  const all = setUp(options)
  await all.client.startService()
  const connector = all.reactor.connectors[0]!
  const transport = new StringTransport()
  connector.succeed(transport)
  return { ...all, connector, transport }
}

/** Whether a promise has settled, after a turn. */
async function isSettled(promise: void | Promise<void>): Promise<boolean> {
  let settled = false
  void Promise.resolve(promise).finally(() => (settled = true))
  await realTurn()
  return settled
}

describe('TCPClient', () => {
  it('LG-01 calls connectTCP with the arguments, without those of the service', async () => {
    const own = { timeout: '5s', bindAddress: '127.0.0.1', keepAlive: false } as const
    const { reactor, log, client } = setUp({ name: 'carbon', stopTimeout: '9s', closeTimeout: '1s', ...own })
    await client.startService()
    expect(client.name).toBe('carbon')
    expect(reactor.tcpClients).toHaveLength(1)
    const { host, port, options } = reactor.tcpClients[0]!
    const { context, ...rest } = options
    expect({ host, port, ...rest }).toEqual({ host: 'carbon', port: 2003, ...own })
    expect(context).toMatchObject({ reactor, log })
  })

  it('LG-02 looks for the global reactor when it starts, not when it is made', async () => {
    const client = new TCPClient('carbon', 2003, new RecorderFactory())
    const reactor = new MemoryReactorClock()
    setGlobalReactor(reactor)
    await client.startService()
    expect(reactor.tcpClients).toHaveLength(1)
  })

  it('LG-02 takes the reactor of its parent before the global one', async () => {
    setGlobalReactor(new MemoryReactorClock())
    const reactor = new MemoryReactorClock()
    await new MultiService({ reactor }, [new TCPClient('carbon', 2003, new RecorderFactory())]).startService()
    expect(reactor.tcpClients).toHaveLength(1)
  })

  it('LG-03 uses the given reactor again after a stop', async () => {
    const { reactor, client } = setUp()
    await client.startService()
    await client.stopService()
    setGlobalReactor(new MemoryReactorClock())
    await client.startService()
    expect(reactor.tcpClients).toHaveLength(2)
  })

  it('rejects the start when the reactor has no TCP, or throws', async () => {
    const { reactor, client } = setUp()
    reactor.connectTCP = () => {
      throw new Error('broken')
    }
    await expect((async () => client.startService())()).rejects.toThrow('broken')
    expect(client.running).toBe(false)
    Object.assign(reactor, { connectTCP: undefined })
    await expect((async () => client.startService())()).rejects.toMatchObject({
      code: 'ERR_SENNIT_MISSING_ROLE',
    })
  })

  it('LG-11 connects once however often it is started', async () => {
    const { reactor, client } = setUp()
    await client.startService()
    await client.startService()
    expect(reactor.tcpClients).toHaveLength(1)
    expect(client.running).toBe(true)
  })

  it('does not wait for the connection when it starts', async () => {
    const { client } = setUp()
    await client.startService()
    expect(client.running).toBe(true)
    expect(client.connector!.getDestination().toString()).toContain('carbon')
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
    expect(reactor.tcpClients).toEqual([])
  })

  it('LG-13 does not connect again by itself', async () => {
    const { reactor, connector, client } = await connected()
    connector.lose()
    reactor.advance('1h')
    expect(connector.attempts).toBe(1)
    expect(reactor.tcpClients).toHaveLength(1)
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
    const json = JSON.parse(before) as object
    expect(json).toMatchObject({ name: 'carbon' })
    expect(Object.keys(json)).not.toContain('running')
    expect(Object.keys(json)).not.toContain('connector')
  })

  it('LG-20 is a service, even when it was made of nothing', () => {
    const client: IService = new (TCPClient as unknown as new () => IService)()
    expect([client.name, client.running, client.parent]).toEqual([undefined, false, undefined])
  })

  it('describes where it connects to, and whether it is connected', async () => {
    const { reactor, client } = setUp()
    expect(client.describe()).toMatchObject({ kind: 'TCPClient', facts: {} })
    await client.startService()
    const destination = reactor.connectors[0]!.getDestination().toString()
    expect(client.describe().facts).toEqual({ destination, connected: false })
    reactor.connectors[0]!.succeed()
    expect(client.describe().facts).toEqual({ destination, connected: true })
    reactor.connectors[0]!.lose()
    expect(client.describe().facts).toEqual({ destination, connected: false })
  })
})
