import type { IService } from '@sennit/interfaces'
import { getGlobalReactor, realTurn, setGlobalReactor } from '@sennit/runtime'
import { MultiService } from '@sennit/service'
import { MemoryLog } from '@sennit/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { UNIXDatagramClient, type UNIXDatagramClientOptions } from '../src/unix-datagram-client.ts'
import { CallRecorder, DatagramClientRecorder } from './doubles.ts'

const PATH = '/run/log.sock'

const installed = getGlobalReactor()
afterEach(() => setGlobalReactor(installed))

function setUp(options: UNIXDatagramClientOptions = {}) {
  const reactor = new CallRecorder()
  const log = new MemoryLog()
  const protocol = new DatagramClientRecorder()
  const client = new UNIXDatagramClient(PATH, protocol, { reactor, log, ...options })
  return { reactor, log, protocol, client }
}

describe('UNIXDatagramClient', () => {
  it('LG-01 LG-21 calls connectUNIXDatagram with the arguments, without those of the service', async () => {
    const own = { bindAddress: '/run/reply.sock', maxPacketSize: 512, mode: 0o600 }
    const { reactor, log, protocol, client } = setUp({ name: 'log', stopTimeout: '9s', ...own })
    await client.startService()
    expect(client.name).toBe('log')
    expect(reactor.calls).toHaveLength(1)
    const { method, args, options } = reactor.calls[0]!
    expect([method, ...args]).toEqual(['connectUNIXDatagram', PATH, protocol])
    const { context, ...rest } = options as { context?: unknown }
    expect(rest).toEqual(own)
    expect(context).toMatchObject({ reactor, log })
  })

  it('LG-02 looks for the global reactor when it starts, and takes that of its parent before it', async () => {
    const [before, installedLater, inherited] = [new CallRecorder(), new CallRecorder(), new CallRecorder()]
    setGlobalReactor(before)
    const client = new UNIXDatagramClient(PATH, new DatagramClientRecorder())
    setGlobalReactor(installedLater)
    await client.startService()
    await client.stopService()
    await new MultiService({ reactor: inherited }, [client]).startService()
    expect([before, installedLater, inherited].map(({ calls }) => calls.length)).toEqual([0, 1, 1])
  })

  it('LG-03 uses the given reactor again after a stop', async () => {
    const { reactor, client } = setUp()
    await client.startService()
    await client.stopService()
    setGlobalReactor(new CallRecorder())
    await client.startService()
    expect(reactor.calls).toHaveLength(2)
  })

  it('LG-11 connects once however often it is started', async () => {
    const { reactor, client } = setUp()
    await client.startService()
    await client.startService()
    expect(reactor.calls).toHaveLength(1)
  })

  it('LG-12 closes the socket when it stops, waits for that, and forgets the connector', async () => {
    const { reactor, client } = setUp()
    await client.startService()
    const connector = reactor.datagramConnectors[0]!
    expect(client.connector).toBe(connector)
    let close = () => {}
    connector.closing = new Promise((resolve) => (close = resolve))
    let stopped = false
    const stopping = Promise.resolve(client.stopService()).then(() => (stopped = true))
    expect(connector.disconnected).toBe(true)
    expect([client.running, client.connector]).toEqual([false, undefined])
    await realTurn()
    expect(stopped).toBe(false)
    close()
    expect(await stopping).toBe(true)
    expect(await client.stopService()).toBeUndefined()
  })

  it('LG-13 does nothing in the privileged start', async () => {
    const { reactor, client } = setUp()
    await client.privilegedStartService()
    expect(reactor.calls).toEqual([])
  })

  it('LG-23 rejects the start when the reactor has no such datagrams, or throws', async () => {
    const { reactor, client } = setUp()
    reactor.connectError = new Error('broken')
    await expect((async () => client.startService())()).rejects.toThrow('broken')
    expect([client.running, client.connector]).toEqual([false, undefined])
    Object.assign(reactor, { connectUNIXDatagram: undefined })
    await expect((async () => client.startService())()).rejects.toMatchObject({
      code: 'ERR_SENNIT_MISSING_ROLE',
      message: expect.stringContaining('IReactorUNIXDatagram') as string,
    })
  })

  it('LG-17 has a JSON form without the connector and without whether it runs', async () => {
    const { client } = setUp({ name: 'log' })
    await client.startService()
    expect(JSON.parse(JSON.stringify(client))).toEqual({ name: 'log' })
  })

  it('LG-20 is a service, even when it was made of nothing', () => {
    const client: IService = new (UNIXDatagramClient as unknown as new () => IService)()
    expect([client.name, client.running, client.parent]).toEqual([undefined, false, undefined])
  })

  it('describes where it sends to', async () => {
    const { client } = setUp()
    expect(client.describe()).toMatchObject({ kind: 'UNIXDatagramClient', facts: {} })
    await client.startService()
    expect(client.describe().facts).toEqual({ destination: 'unix:/run/log.sock' })
  })
})
