import type { IListeningPort, IService } from '@sennit/interfaces'
import { CannotListenError, IPv4Address } from '@sennit/protocol'
import { getGlobalReactor, realTurn, setGlobalReactor } from '@sennit/runtime'
import { MultiService, type ServiceOptions } from '@sennit/service'
import { MemoryLog, MemoryReactorClock, type RecordedPort } from '@sennit/testing'
import { afterEach, describe, expect, it } from 'vitest'
import type { AbstractServer } from '../src/abstract-server.ts'
import { TCPServer } from '../src/tcp-server.ts'
import { UDPServer } from '../src/udp-server.ts'
import { DatagramRecorder, RecorderFactory } from './doubles.ts'

interface Kind {
  readonly Class: new (...args: never[]) => AbstractServer
  readonly method: 'listenTCP' | 'listenUDP'
  readonly role: string
  make(options?: ServiceOptions & { interface?: string }): AbstractServer
  records(reactor: MemoryReactorClock): { port: number; options: object; listeningPort: RecordedPort }[]
}

const factory = new RecorderFactory()
const protocol = new DatagramRecorder()

const kinds: Kind[] = [
  {
    Class: TCPServer,
    method: 'listenTCP',
    role: 'IReactorTCP',
    make: (options) => new TCPServer(8080, factory, options),
    records: ({ tcpServers }) => tcpServers,
  },
  {
    Class: UDPServer,
    method: 'listenUDP',
    role: 'IReactorUDP',
    make: (options) => new UDPServer(8080, protocol, options),
    records: ({ udpServers }) => udpServers,
  },
]

const installed = getGlobalReactor()
afterEach(() => setGlobalReactor(installed))

describe.each(kinds)('$Class.name', ({ Class, method, role, make, records }) => {
  it(`LG-01 calls ${method} with the arguments, without those of the service`, async () => {
    const reactor = new MemoryReactorClock()
    const log = new MemoryLog()
    const server = make({ reactor, log, name: 'web', startTimeout: '5s', interface: '127.0.0.1' })
    await server.startService()
    expect(server.name).toBe('web')
    expect(records(reactor)).toHaveLength(1)
    const { port, options } = records(reactor)[0]!
    const { signal, context, ...rest } = options as { signal?: AbortSignal; context?: unknown }
    expect({ port, ...rest }).toEqual({ port: 8080, held: true, interface: '127.0.0.1' })
    expect(signal?.aborted).toBe(false)
    expect(context).toMatchObject({ reactor, log })
  })

  it('LG-02 takes the given reactor', async () => {
    setGlobalReactor(new MemoryReactorClock())
    const reactor = new MemoryReactorClock()
    await make({ reactor }).startService()
    expect(records(reactor)).toHaveLength(1)
  })

  it('LG-02 looks for the global reactor when it starts, not when it is made', async () => {
    const server = make()
    const reactor = new MemoryReactorClock()
    setGlobalReactor(reactor)
    await server.startService()
    expect(records(reactor)).toHaveLength(1)
  })

  it('LG-02 takes the reactor of its parent before the global one', async () => {
    setGlobalReactor(new MemoryReactorClock())
    const reactor = new MemoryReactorClock()
    await new MultiService({ reactor }, [make()]).startService()
    expect(records(reactor)).toHaveLength(1)
  })

  it(`rejects the start when the reactor has no ${method}`, async () => {
    const reactor = Object.assign(new MemoryReactorClock(), { [method]: undefined })
    await expect(make({ reactor }).startService()).rejects.toMatchObject({
      code: 'ERR_SENNIT_MISSING_ROLE',
      message: expect.stringContaining(role) as string,
    })
  })

  it('LG-03 uses the given reactor again after a stop', async () => {
    const reactor = new MemoryReactorClock()
    const server = make({ reactor })
    await server.startService()
    await server.stopService()
    setGlobalReactor(new MemoryReactorClock())
    await server.startService()
    expect(records(reactor).map(({ listeningPort }) => listeningPort)).toMatchObject([
      { serving: true, stopped: true },
      { serving: true, stopped: false },
    ])
  })

  it('LG-04 listens in the privileged start, keeps the port, and serves nothing yet', async () => {
    const reactor = new MemoryReactorClock()
    const server = make({ reactor })
    await server.privilegedStartService()
    expect(server.running).toBe(false)
    expect(server.port).toBe(records(reactor)[0]!.listeningPort)
    expect(records(reactor)[0]!.listeningPort.serving).toBe(false)
  })

  it('LG-05 serves in the start after a privileged one, and does not listen again', async () => {
    const reactor = new MemoryReactorClock()
    const server = make({ reactor })
    await server.privilegedStartService()
    await server.startService()
    expect(server.running).toBe(true)
    expect(records(reactor)).toHaveLength(1)
    expect(records(reactor)[0]!.listeningPort.serving).toBe(true)
  })

  it.each(['privilegedStartService', 'startService'] as const)(
    'LG-06 listens once when %s is called twice',
    async (start) => {
      const reactor = new MemoryReactorClock()
      const server = make({ reactor })
      await Promise.all([server[start](), server[start]()])
      await server[start]()
      expect(records(reactor)).toHaveLength(1)
    },
  )

  it('LG-07 closes the port, waits for that, and forgets it', async () => {
    const reactor = new MemoryReactorClock()
    const server = make({ reactor })
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
    const reactor = new MemoryReactorClock()
    const server = make({ reactor })
    expect(await server.stopService()).toBeUndefined()
    await server.startService()
    await server.stopService()
    expect(await server.stopService()).toBeUndefined()
    expect(server.running).toBe(false)
  })

  it('LG-10 rejects the start when it cannot listen; a stop after that is safe', async () => {
    const reactor = new MemoryReactorClock()
    const error = new CannotListenError('', 8080)
    reactor[method] = () => Promise.reject(error)
    const server = make({ reactor })
    await expect(server.startService()).rejects.toThrow(error.message)
    expect(server.running).toBe(false)
    await server.stopService()
  })

  it('gives up a listen that has not finished, and closes the port that comes too late', async () => {
    const reactor = new MemoryReactorClock()
    const listen = reactor[method].bind(reactor) as (...args: unknown[]) => Promise<IListeningPort>
    let go = () => {}
    const gate = new Promise<void>((resolve) => (go = resolve))
    reactor[method] = (...args: unknown[]) => gate.then(() => listen(...args))
    const server = make({ reactor })
    const starting = expect(server.startService()).rejects.toMatchObject({ code: 'ABORT_ERR' })
    const stopping = server.stopService()
    go()
    await stopping
    await starting
    expect(records(reactor)[0]!.listeningPort).toMatchObject({ serving: false, stopped: true })
  })

  it('LG-17 has a JSON form without the port and without whether it runs', async () => {
    const reactor = new MemoryReactorClock()
    const server = make({ reactor, name: 'web' })
    const before = JSON.stringify(server)
    await server.startService()
    expect(JSON.stringify(server)).toBe(before)
    const json = JSON.parse(before) as object
    expect(json).toMatchObject({ name: 'web' })
    expect(Object.keys(json)).not.toContain('running')
    expect(Object.keys(json)).not.toContain('port')
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
    const reactor = new MemoryReactorClock()
    const server = make({ reactor, interface: '127.0.0.1' })
    expect(() => server.getHost()).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_NOT_LISTENING' }))
    expect(server.describe()).toMatchObject({ kind: Class.name, facts: {} })
    await server.startService()
    const type = method === 'listenTCP' ? 'TCP' : 'UDP'
    const host = new IPv4Address(type, '127.0.0.1', 8080)
    expect(server.getHost()).toEqual(host)
    expect(server.describe().facts).toEqual({ address: host.toString() })
    Object.assign(server.port!, { describe: () => ({ facts: { accepted: 5 } }) })
    expect(server.describe().facts).toEqual({ address: host.toString(), accepted: 5 })
  })
})

describe('TCPServer', () => {
  it('hands its handler and the options of the port to the reactor', async () => {
    const reactor = new MemoryReactorClock()
    const options = {
      interface: '127.0.0.1',
      backlog: 9,
      noDelay: false,
      maxConnections: 3,
      drainTimeout: '2s',
    } as const
    await new TCPServer(8080, factory, { reactor, ...options }).startService()
    expect(reactor.tcpServers).toMatchObject([{ handler: factory, options }])
  })
})

describe('UDPServer', () => {
  it('LG-21 hands its protocol and the options of the port to the reactor', async () => {
    const reactor = new MemoryReactorClock()
    await new UDPServer(8080, protocol, { reactor, maxPacketSize: 512 }).startService()
    expect(reactor.udpServers).toMatchObject([{ protocol, options: { maxPacketSize: 512 } }])
  })
})
