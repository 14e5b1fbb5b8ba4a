import type { IListeningPort, IService } from '@sennit/interfaces'
import { CannotListenError } from '@sennit/protocol'
import { getGlobalReactor, realTurn, setGlobalReactor } from '@sennit/runtime'
import { MultiService, type ServiceOptions } from '@sennit/service'
import { MemoryLog } from '@sennit/testing'
import { afterEach, describe, expect, it } from 'vitest'
import type { AbstractServer } from '../src/abstract-server.ts'
import {
  MulticastServer,
  SSLServer,
  TCPServer,
  UDPServer,
  UNIXDatagramServer,
  UNIXServer,
} from '../src/index.ts'
import { CallRecorder, DatagramRecorder, RecorderFactory } from './doubles.ts'

interface Kind {
  readonly Class: new (...args: never[]) => AbstractServer
  readonly suffix: string
  /** What comes before the options, and one option that is the port's. */
  readonly args: readonly unknown[]
  readonly option: object
  make(options?: ServiceOptions): AbstractServer
}

const factory = new RecorderFactory()
const protocol = new DatagramRecorder()
const pathProtocol = protocol as unknown as ConstructorParameters<typeof UNIXDatagramServer>[1]
const groupProtocol = protocol as unknown as ConstructorParameters<typeof MulticastServer>[1]
const tls = { key: 'key', cert: 'cert' }

const kinds: Kind[] = [
  {
    Class: TCPServer,
    suffix: 'TCP',
    args: [8080, factory],
    option: { noDelay: false },
    make: (options) => new TCPServer(8080, factory, options),
  },
  {
    Class: UNIXServer,
    suffix: 'UNIX',
    args: ['/run/web.sock', factory],
    option: { mode: 0o600, wantPID: true },
    make: (options) => new UNIXServer('/run/web.sock', factory, options),
  },
  {
    Class: SSLServer,
    suffix: 'SSL',
    args: [8443, factory, tls],
    option: { handshakeTimeout: '3s' },
    make: (options) => new SSLServer(8443, factory, tls, options),
  },
  {
    Class: UDPServer,
    suffix: 'UDP',
    args: [8125, protocol],
    option: { maxPacketSize: 512 },
    make: (options) => new UDPServer(8125, protocol, options),
  },
  {
    Class: UNIXDatagramServer,
    suffix: 'UNIXDatagram',
    args: ['/run/log.sock', protocol],
    option: { maxPacketSize: 512 },
    make: (options) => new UNIXDatagramServer('/run/log.sock', pathProtocol, options),
  },
  {
    Class: MulticastServer,
    suffix: 'Multicast',
    args: [1900, protocol],
    option: { listenMultiple: true },
    make: (options) => new MulticastServer(1900, groupProtocol, options),
  },
]

const installed = getGlobalReactor()
afterEach(() => setGlobalReactor(installed))

describe.each(kinds)('$Class.name', ({ Class, suffix, args, option, make }) => {
  it(`LG-01 LG-21 calls listen${suffix} with the arguments, without those of the service`, async () => {
    const reactor = new CallRecorder()
    const log = new MemoryLog()
    const server = make({ reactor, log, name: 'web', startTimeout: '5s', ...option })
    await server.startService()
    expect(server.name).toBe('web')
    expect(reactor.calls).toHaveLength(1)
    const call = reactor.calls[0]!
    expect([call.method, ...call.args]).toEqual([`listen${suffix}`, ...args])
    for (const [i, arg] of args.entries()) expect(call.args[i]).toBe(arg)
    const { signal, context, ...rest } = call.options as { signal?: AbortSignal; context?: unknown }
    expect(rest).toEqual({ held: true, ...option })
    expect(signal?.aborted).toBe(false)
    expect(context).toMatchObject({ reactor, log })
  })

  it('LG-02 takes the given reactor', async () => {
    setGlobalReactor(new CallRecorder())
    const reactor = new CallRecorder()
    await make({ reactor }).startService()
    expect(reactor.calls).toHaveLength(1)
  })

  it('LG-02 looks for the global reactor when it starts, not when it is made', async () => {
    const [before, reactor] = [new CallRecorder(), new CallRecorder()]
    setGlobalReactor(before)
    const server = make()
    setGlobalReactor(reactor)
    await server.startService()
    expect([before.calls.length, reactor.calls.length]).toEqual([0, 1])
  })

  it('LG-02 takes the reactor of its parent before the global one', async () => {
    setGlobalReactor(new CallRecorder())
    const reactor = new CallRecorder()
    await new MultiService({ reactor }, [make()]).startService()
    expect(reactor.calls).toHaveLength(1)
  })

  it(`LG-23 rejects the start when the reactor has no listen${suffix}`, async () => {
    const reactor = Object.assign(new CallRecorder(), { [`listen${suffix}`]: undefined })
    await expect(make({ reactor }).startService()).rejects.toMatchObject({
      code: 'ERR_SENNIT_MISSING_ROLE',
      message: expect.stringContaining(`IReactor${suffix}`) as string,
    })
  })

  it('LG-03 uses the given reactor again after a stop', async () => {
    const reactor = new CallRecorder()
    const server = make({ reactor })
    await server.startService()
    await server.stopService()
    setGlobalReactor(new CallRecorder())
    await server.startService()
    expect(reactor.ports).toMatchObject([
      { serving: true, stopped: true },
      { serving: true, stopped: false },
    ])
  })

  it('LG-04 listens in the privileged start, keeps the port, and serves nothing yet', async () => {
    const reactor = new CallRecorder()
    const server = make({ reactor })
    await server.privilegedStartService()
    expect(server.running).toBe(false)
    expect(server.port).toBe(reactor.ports[0])
    expect(reactor.ports[0]!.serving).toBe(false)
  })

  it('LG-05 serves in the start after a privileged one, and does not listen again', async () => {
    const reactor = new CallRecorder()
    const server = make({ reactor })
    await server.privilegedStartService()
    await server.startService()
    expect(server.running).toBe(true)
    expect(reactor.ports).toHaveLength(1)
    expect(reactor.ports[0]!.serving).toBe(true)
  })

  it.each(['privilegedStartService', 'startService'] as const)(
    'LG-06 listens once when %s is called twice',
    async (start) => {
      const reactor = new CallRecorder()
      const server = make({ reactor })
      await Promise.all([server[start](), server[start]()])
      await server[start]()
      expect(reactor.calls).toHaveLength(1)
    },
  )

  it('LG-07 closes the port, waits for that, and forgets it', async () => {
    const server = make({ reactor: new CallRecorder() })
    await server.startService()
    const { port } = server
    let finish = () => {}
    port!.stopListening = () => new Promise<void>((resolve) => (finish = resolve))
    let stopped = false
    const stopping = Promise.resolve(server.stopService()).then(() => (stopped = true))
    expect(server.running).toBe(false)
    expect(server.port).toBeUndefined()
    await realTurn()
    expect(stopped).toBe(false)
    finish()
    expect(await stopping).toBe(true)
  })

  it('LG-08 stops without a word when there is no port, also twice', async () => {
    const server = make({ reactor: new CallRecorder() })
    expect(await server.stopService()).toBeUndefined()
    await server.startService()
    await server.stopService()
    expect(await server.stopService()).toBeUndefined()
    expect(server.running).toBe(false)
  })

  it('LG-10 rejects the start when it cannot listen; a stop after that is safe', async () => {
    const reactor = new CallRecorder()
    const error = new CannotListenError('', 8080)
    reactor.listening = () => Promise.reject(error)
    const server = make({ reactor })
    await expect(server.startService()).rejects.toThrow(error.message)
    expect(server.running).toBe(false)
    await server.stopService()
    expect(server.port).toBeUndefined()
  })

  it('gives up a listen that has not finished, and closes the port that comes too late', async () => {
    const reactor = new CallRecorder()
    let go = () => {}
    const gate = new Promise<void>((resolve) => (go = resolve))
    reactor.listening = (port): Promise<IListeningPort> => gate.then(() => port)
    const server = make({ reactor })
    const starting = expect(server.startService()).rejects.toMatchObject({ code: 'ABORT_ERR' })
    const stopping = server.stopService()
    go()
    await stopping
    await starting
    expect(reactor.ports[0]).toMatchObject({ serving: false, stopped: true })
  })

  it('LG-17 has a JSON form without the port and without whether it runs', async () => {
    const server = make({ reactor: new CallRecorder(), name: 'web' })
    const before = JSON.stringify(server)
    await server.startService()
    expect(JSON.stringify(server)).toBe(before)
    expect(JSON.parse(before)).toEqual({ name: 'web' })
  })

  it('LG-20 is a service, even when it was made of nothing', () => {
    const server: IService = new Class()
    expect([server.name, server.running, server.parent]).toEqual([undefined, false, undefined])
    for (const member of [
      'setName',
      'setServiceParent',
      'disownServiceParent',
      'privilegedStartService',
      'startService',
      'stopService',
    ] as const) {
      expect(server[member]).toBeTypeOf('function')
    }
  })

  it('says where it listens, and what the port says about itself', async () => {
    const reactor = new CallRecorder()
    const server = make({ reactor })
    expect(() => server.getHost()).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_NOT_LISTENING' }))
    expect(server.describe()).toMatchObject({ kind: Class.name, facts: {} })
    await server.startService()
    const host = reactor.ports[0]!.getHost()
    expect(server.getHost()).toBe(host)
    expect(server.describe().facts).toEqual({ address: host.toString() })
    Object.assign(server.port!, { describe: () => ({ facts: { accepted: 5 } }) })
    expect(server.describe().facts).toEqual({ address: host.toString(), accepted: 5 })
  })
})

describe('A subclass of a wrapper', () => {
  it('LG-22 leaves out of its JSON form what it lists as volatile', async () => {
    class Counting extends TCPServer {
      static override readonly volatile = ['hits']
      limit = 5
      hits = 0
    }
    const server = new Counting(8080, factory, { reactor: new CallRecorder(), name: 'web' })
    await server.startService()
    expect(JSON.parse(JSON.stringify(server))).toEqual({ name: 'web', limit: 5 })
  })
})
