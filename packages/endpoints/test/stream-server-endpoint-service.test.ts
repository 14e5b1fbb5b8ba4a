import type {
  ConnectionHandler,
  IInspectable,
  IListeningPort,
  IStreamServerEndpoint,
  StreamListenOptions,
} from '@sennit/interfaces'
import { CannotListenError, IPv4Address } from '@sennit/protocol'
import { CancelledError, Clock, realTurn } from '@sennit/runtime'
import { MultiService } from '@sennit/service'
import { MemoryLog, MemoryReactorClock } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import {
  StreamServerEndpointService,
  type StreamServerEndpointServiceOptions,
} from '../src/stream-server-endpoint-service.ts'
import { TCP4ServerEndpoint } from '../src/tcp-server-endpoint.ts'
import { RecorderFactory } from './doubles.ts'

/** A port that remembers what it was told. */
class Port implements IListeningPort {
  readonly events: string[] = []
  stopError: Error | undefined
  /** What `stopListening` waits for. */
  stopping: Promise<void> | undefined

  getHost(): IPv4Address {
    return new IPv4Address('TCP', '127.0.0.1', 4711)
  }

  serve(): void {
    this.events.push('serve')
  }

  async stopListening(): Promise<void> {
    this.events.push('stop')
    await this.stopping
    if (this.stopError) throw this.stopError
    this.events.push('stopped')
  }
}

interface Listening {
  readonly handler: ConnectionHandler
  readonly options: StreamListenOptions
  readonly port: Port
  resolve(): void
  reject(error: Error): void
}

/** An endpoint that listens when the test says so; unless told otherwise it does so at once. */
class Endpoint implements IStreamServerEndpoint {
  readonly listenings: Listening[] = []
  readonly #mode: 'at once' | 'by hand'

  constructor(mode: 'at once' | 'by hand' = 'at once') {
    this.#mode = mode
  }

  listen(handler: ConnectionHandler, options: StreamListenOptions = {}): Promise<IListeningPort> {
    const port = new Port()
    return new Promise((resolve, reject) => {
      this.listenings.push({ handler, options, port, resolve: () => resolve(port), reject })
      if (this.#mode === 'at once') resolve(port)
    })
  }

  get ports(): Port[] {
    return this.listenings.map(({ port }) => port)
  }
}

function setUp(endpoint = new Endpoint(), options: StreamServerEndpointServiceOptions = {}) {
  const log = new MemoryLog()
  const factory = new RecorderFactory()
  const service = new StreamServerEndpointService(endpoint, factory, { log, ...options })
  return { endpoint, log, factory, service }
}

describe('StreamServerEndpointService', () => {
  it('is called in paths by its name, else by where it listens', () => {
    const app = new MultiService({ name: 'app' })
    const pathOf = (...[endpoint, options]: Parameters<typeof setUp>): string => {
      const { service } = setUp(endpoint, options)
      void service.setServiceParent(app)
      return service.path
    }
    const tcp = new TCP4ServerEndpoint(80) as unknown as Endpoint
    expect(pathOf(tcp, { name: 'web' })).toBe('app/web')
    expect([pathOf(tcp), pathOf(tcp)]).toEqual(['app/tcp:80', 'app/tcp:80'])
    expect(pathOf(new Endpoint())).toBe('app/StreamServerEndpointService')
  })

  it('SE-01 listens once in the privileged start, held', async () => {
    const { endpoint, factory, service } = setUp()
    await service.privilegedStartService()
    expect(endpoint.listenings).toHaveLength(1)
    expect(endpoint.listenings[0]!.handler).toBe(factory)
    expect(endpoint.listenings[0]!.options.held).toBe(true)
    expect(endpoint.ports[0]!.events).toEqual([])
  })

  it('SE-02 runs after the start, not after the privileged start', async () => {
    const { service } = setUp()
    await service.privilegedStartService()
    expect(service.running).toBe(false)
    await service.startService()
    expect(service.running).toBe(true)
  })

  it('SE-03 listens, and serves, in a start without a privileged one', async () => {
    const { endpoint, service } = setUp()
    await service.startService()
    expect(endpoint.ports.map(({ events }) => events)).toEqual([['serve']])
  })

  it('SE-04 serves in the start after a privileged one, and does not listen again', async () => {
    const { endpoint, service } = setUp()
    await service.privilegedStartService()
    await service.startService()
    expect(endpoint.ports.map(({ events }) => events)).toEqual([['serve']])
  })

  it.each(['privilegedStartService', 'startService'] as const)(
    'SE-05 rejects %s when it cannot listen, and does not run',
    async (start) => {
      const { endpoint, service } = setUp(new Endpoint('by hand'))
      const error = new CannotListenError('', 80, Object.assign(new Error('in use'), { code: 'EADDRINUSE' }))
      const starting = service[start]()
      endpoint.listenings[0]!.reject(error)
      await expect(starting).rejects.toMatchObject({ code: 'EADDRINUSE' })
      expect(service.running).toBe(false)
      expect(service.port).toBeUndefined()
    },
  )

  it.each(['privilegedStartService', 'startService'] as const)(
    'SE-06 rejects %s when the endpoint throws',
    async (start) => {
      const error = new Error('broken')
      const { service } = setUp(
        Object.assign(new Endpoint(), {
          listen: () => {
            throw error
          },
        }),
      )
      await expect(service[start]()).rejects.toThrow('broken')
      expect(service.running).toBe(false)
    },
  )

  it('SE-07 a listen that fails late rejects the start that waits for it, and is not logged beside', async () => {
    const { endpoint, log, service } = setUp(new Endpoint('by hand'))
    const starting = service.startService()
    await realTurn()
    endpoint.listenings[0]!.reject(new Error('late'))
    await expect(starting).rejects.toThrow('late')
    await realTurn()
    expect(log.messages('error')).toEqual([])
  })

  it('SE-08 stops quietly after a start that has failed', async () => {
    const { endpoint, log, service } = setUp(new Endpoint('by hand'))
    const starting = service.startService()
    endpoint.listenings[0]!.reject(new Error('in use'))
    await expect(starting).rejects.toThrow('in use')
    await service.stopService()
    expect(service.running).toBe(false)
    expect(endpoint.ports[0]!.events).toEqual([])
    expect(log.messages('error')).toEqual([])
  })

  it('SE-09 closes the port, and has stopped when that is done', async () => {
    const { endpoint, service } = setUp()
    await service.startService()
    const [port] = endpoint.ports
    let finish = () => {}
    port!.stopping = new Promise((resolve) => (finish = resolve))
    let stopped = false
    const stopping = Promise.resolve(service.stopService()).then(() => (stopped = true))
    expect(port!.events).toEqual(['serve', 'stop'])
    await realTurn()
    expect(stopped).toBe(false)
    expect([service.running, service.state]).toEqual([false, 'stopping'])
    finish()
    await stopping
    expect(port!.events).toEqual(['serve', 'stop', 'stopped'])
    expect(service.running).toBe(false)
    expect(service.state).toBe('stopped')
  })

  it('SE-10 gives up a listen that has not finished, and closes the port that comes too late', async () => {
    const { endpoint, log, service } = setUp(new Endpoint('by hand'))
    const starting = Promise.resolve(service.startService())
    const [listening] = endpoint.listenings
    const failed = expect(starting).rejects.toMatchObject({ code: 'ABORT_ERR' })
    const stopping = service.stopService()
    expect(listening!.options.signal!.aborted).toBe(true)
    listening!.resolve()
    await stopping
    await failed
    expect(listening!.port.events).toEqual(['stop', 'stopped'])
    expect(service.port).toBeUndefined()
    expect(log.messages('error')).toEqual([])
  })

  it('SE-10 does not wait for ever for an endpoint that does not listen to its signal', async () => {
    const clock = new Clock()
    const { endpoint, log, service } = setUp(new Endpoint('by hand'), { clock })
    const failed = expect(service.startService()).rejects.toMatchObject({ code: 'ABORT_ERR' })
    const stopping = service.stopService()
    await realTurn()
    clock.advance('1s')
    await stopping
    await failed
    endpoint.listenings[0]!.resolve()
    await realTurn()
    expect(endpoint.ports[0]!.events).toEqual(['stop', 'stopped'])
    expect(log.messages('error')).toEqual([])
  })

  it('SE-10 does not log that a listen was cancelled', async () => {
    const { endpoint, log, service } = setUp(new Endpoint('by hand'))
    const starting = Promise.resolve(service.privilegedStartService())
    const failed = expect(starting).rejects.toMatchObject({ code: 'ABORT_ERR' })
    const [listening] = endpoint.listenings
    listening!.options.signal!.addEventListener('abort', () => listening!.reject(new CancelledError()))
    await service.stopService()
    await failed
    await realTurn()
    expect(log.messages('error')).toEqual([])
  })

  it('SE-11 logs another error of cancelling, once, and stops all the same', async () => {
    const { endpoint, log, service } = setUp(new Endpoint('by hand'))
    const starting = Promise.resolve(service.startService())
    const failed = expect(starting).rejects.toMatchObject({ code: 'ABORT_ERR' })
    const stopping = service.stopService()
    const error = new Error('cannot cancel')
    endpoint.listenings[0]!.reject(error)
    await stopping
    await failed
    expect(log.errors()).toEqual([error])
  })

  it('SE-12 stops with nothing after a privileged start that has failed', async () => {
    const { endpoint, service } = setUp(new Endpoint('by hand'))
    const starting = service.privilegedStartService()
    endpoint.listenings[0]!.reject(new Error('in use'))
    await expect(starting).rejects.toThrow('in use')
    expect(await service.stopService()).toBeUndefined()
  })

  it('SE-13 rejects the stop when the port cannot be closed, and does not run', async () => {
    const { endpoint, service } = setUp()
    await service.startService()
    endpoint.ports[0]!.stopError = new Error('stuck')
    await expect(service.stopService()).rejects.toThrow('stuck')
    expect(service.running).toBe(false)
    expect(service.port).toBeUndefined()
  })

  it('SE-14 listens again when it is started again', async () => {
    const { endpoint, service } = setUp()
    for (let round = 0; round < 3; round++) {
      await service.privilegedStartService()
      await service.startService()
      await service.stopService()
    }
    await service.startService()
    expect(endpoint.ports.map(({ events }) => events)).toEqual([
      ['serve', 'stop', 'stopped'],
      ['serve', 'stop', 'stopped'],
      ['serve', 'stop', 'stopped'],
      ['serve'],
    ])
  })

  it('SE-15 stops without a word when it was never started', async () => {
    const { endpoint, service } = setUp()
    expect(await service.stopService()).toBeUndefined()
    expect(endpoint.listenings).toEqual([])
  })

  it('SE-16 hands the options of draining to the endpoint, with every other option of the port', async () => {
    const listen = {
      drain: false,
      drainTimeout: '2s',
      maxConnections: 3,
      idleTimeout: '60s',
      keepAlive: false,
      backlog: 9,
      unref: true,
    } as const
    const { endpoint, service } = setUp(new Endpoint(), { name: 'web', startTimeout: '5s', ...listen })
    await service.startService()
    const { held, signal, context, ...rest } = endpoint.listenings[0]!.options
    expect(rest).toEqual(listen)
    expect([held, signal!.aborted, context!.log]).toEqual([true, false, service.context.log])
    expect(service.name).toBe('web')
  })

  it('SE-17 says where it listens, from the privileged start to the stop', async () => {
    const { service } = setUp()
    const refused = expect.objectContaining({ code: 'ERR_SENNIT_NOT_LISTENING' }) as Error
    expect(() => service.getHost()).toThrow(refused)
    await service.privilegedStartService()
    expect(service.getHost()).toEqual(new IPv4Address('TCP', '127.0.0.1', 4711))
    expect(service.port).toBeInstanceOf(Port)
    await service.startService()
    await service.stopService()
    expect(() => service.getHost()).toThrow(refused)
    expect(service.port).toBeUndefined()
  })

  it('closes the port of a privileged start when it is stopped without having been started', async () => {
    const { endpoint, service } = setUp()
    await service.privilegedStartService()
    await service.stopService()
    expect(endpoint.ports[0]!.events).toEqual(['stop', 'stopped'])
  })

  it('closes its port when a sibling cannot start', async () => {
    const { endpoint, service } = setUp()
    const { service: broken, endpoint: busy } = setUp(new Endpoint('by hand'))
    const app = new MultiService({}, [service, broken])
    const starting = app.startService()
    await realTurn()
    busy.listenings[0]!.reject(new CannotListenError('', 80))
    await expect(starting).rejects.toThrow(/Cannot listen/)
    expect(endpoint.ports[0]!.events).toEqual(['serve', 'stop', 'stopped'])
  })

  it('takes the reactor that it inherits', async () => {
    const reactor = new MemoryReactorClock()
    const service = new StreamServerEndpointService(new TCP4ServerEndpoint(8080), new RecorderFactory())
    const app = new MultiService({ reactor }, [service])
    await app.startService()
    expect(reactor.tcpServers[0]).toMatchObject({ port: 8080, options: { held: true, context: { reactor } } })
    expect(reactor.tcpServers[0]!.listeningPort.serving).toBe(true)
    await app.stopService()
    expect(reactor.tcpServers[0]!.listeningPort.stopped).toBe(true)
  })

  it('describes its address, and what the port says about itself', async () => {
    const { endpoint, service } = setUp()
    expect(service.describe()).toMatchObject({ kind: 'StreamServerEndpointService', facts: {} })
    await service.startService()
    expect(service.describe().facts).toEqual({ address: 'tcp:127.0.0.1:4711' })
    const facts = { connections: 2, accepted: 5 }
    const inspectable: Pick<IInspectable, 'describe'> = { describe: () => ({ facts }) as never }
    Object.assign(endpoint.ports[0]!, inspectable)
    expect(service.describe().facts).toEqual({ address: 'tcp:127.0.0.1:4711', ...facts })
    await service.stopService()
    expect(service.describe().facts).toEqual({})
  })

  it('describes its endpoint where that can be written, before the start, too', async () => {
    const reactor = new MemoryReactorClock()
    const service = new StreamServerEndpointService(new TCP4ServerEndpoint(8080), new RecorderFactory(), {
      reactor,
    })
    expect(service.describe().facts).toEqual({ endpoint: 'tcp:8080' })
    await service.startService()
    expect(service.describe().facts).toMatchObject({ endpoint: 'tcp:8080', address: expect.any(String) })
    await service.stopService()
  })
})
