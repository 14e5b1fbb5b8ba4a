/**
 * What every pair of endpoints does, over whatever it talks.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { pipeline } from 'node:stream/promises'
import type {
  ConnectionHandler,
  ConnectOptions,
  IAddress,
  IInspectable,
  IListeningPort,
  IProtocolFactory,
  IStreamClientEndpoint,
  IStreamServerEndpoint,
  StreamListenOptions,
} from '@sennit/interfaces'
import { Factory, handler } from '@sennit/protocol'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import type { MemoryLog } from '../memory-log.ts'
import { type ConformanceKit, type Maker, type Surroundings, caseWith } from './kit.ts'
import { Keeper, Story, codeOf } from './stream-scene.ts'

/** What the suite for `IStreamServerEndpoint` and `IStreamClientEndpoint` is given. */
export interface EndpointSurroundings extends Surroundings {
  /** A place at which nobody listens yet. */
  readonly server: IStreamServerEndpoint
  /** Makes the endpoint that leads to a port of `server`. */
  client(port: IListeningPort): IStreamClientEndpoint
  /** Makes another endpoint for the place of a port, where two can be asked for one. */
  readonly again?: ((port: IListeningPort) => IStreamServerEndpoint) | undefined
  /** Leads to a place that never answers, where there is one. */
  readonly silent?: IStreamClientEndpoint | undefined
  /** Whether `server` can be listened at again after a stop. @defaultValue true */
  readonly relistens?: boolean | undefined
  /** What the context of connections and ports shall have besides a log. */
  readonly context?: ConnectOptions['context']
}

const echo: ConnectionHandler = handler((socket) => pipeline(socket, socket))

/** One case's ports and connections. */
class Scene {
  readonly made: EndpointSurroundings
  readonly log: MemoryLog
  readonly #ports: IListeningPort[] = []
  readonly #protocols: AccumulatingProtocol[] = []

  constructor(made: EndpointSurroundings, log: MemoryLog) {
    this.made = made
    this.log = log
  }

  get context(): ConnectOptions['context'] {
    return { ...this.made.context, log: this.log }
  }

  run<T>(work: T | PromiseLike<T>): Promise<T> {
    return this.made.run(work)
  }

  until(condition: () => boolean): Promise<void> {
    return this.made.until(condition)
  }

  async listen(handler: ConnectionHandler, options: StreamListenOptions = {}): Promise<IListeningPort> {
    const { server } = this.made
    const port = await this.run(
      server.listen(handler, { context: this.context, drainTimeout: 1, ...options }),
    )
    this.#ports.push(port)
    return port
  }

  /** Connects to a port, in the making. */
  connecting(
    port: IListeningPort,
    factory: IProtocolFactory<AccumulatingProtocol> = clientFactory(),
    options: ConnectOptions = {},
  ): Promise<AccumulatingProtocol> {
    return this.made.client(port).connect(factory, { context: this.context, ...options })
  }

  /** Connects to a port. */
  async connect(...args: Parameters<Scene['connecting']>): Promise<AccumulatingProtocol> {
    const protocol = await this.run(this.connecting(...args))
    this.#protocols.push(protocol)
    return protocol
  }

  connections(port: IListeningPort): unknown {
    return (port as IListeningPort & IInspectable).describe().facts['connections']
  }

  async close(): Promise<void> {
    for (const { transport, closed } of this.#protocols) if (!closed) transport.abortConnection()
    for (const port of this.#ports) await this.run(port.stopListening())
  }
}

function clientFactory(make = () => new AccumulatingProtocol()): Factory<AccumulatingProtocol> {
  const factory = new Factory<AccumulatingProtocol>()
  factory.buildProtocol = make
  return factory
}

/** The suite for the roles `IStreamServerEndpoint` and `IStreamClientEndpoint`, of a pair that belongs together. */
export function endpointConformance(kit: ConformanceKit, make: Maker<EndpointSurroundings>): void {
  const cases = caseWith(kit, make)
  const it = (title: string, run: (scene: Scene) => Promise<void>) =>
    cases(title, async (made, log) => {
      const scene = new Scene(made, log)
      try {
        await run(scene)
      } finally {
        await scene.close()
      }
    })
  const server = () => new Keeper(() => new AccumulatingProtocol())

  kit.describe('IStreamClientEndpoint: connecting', () => {
    it('EP-03 EP-04 yields the protocol that the factory built, connected, and both sides talk', async (scene) => {
      const kept = server()
      const port = await scene.listen(kept)
      const built: AccumulatingProtocol[] = []
      const factory = clientFactory(() => {
        const protocol = new AccumulatingProtocol()
        built.push(protocol)
        return protocol
      })
      const client = await scene.connect(port, factory)
      assert.deepEqual(built, [client])
      assert.equal(client.made, true)
      client.transport.write(Buffer.from('question'))
      await scene.until(() => kept.built[0]?.data.toString() === 'question')
      kept.first.transport.write(Buffer.from('answer'))
      await scene.until(() => client.data.toString() === 'answer')
    })

    it('EP-14 EP-15 puts the factory to use, and tells the protocol of the end', async (scene) => {
      const kept = server()
      const port = await scene.listen(kept)
      const story = new Story()
      const factory = new Keeper(() => new AccumulatingProtocol({ onClosed: () => story.add('lost') }), story)
      const client = await scene.connect(port, factory)
      await scene.until(() => kept.built.length === 1)
      kept.first.transport.loseConnection()
      await scene.until(() => story.events.includes('stopFactory'))
      assert.deepEqual(story.events, ['startFactory', 'buildProtocol', 'lost', 'stopFactory'])
      assert.equal(client.closedReason?.name, 'ConnectionDone')
    })

    it('EP-06 rejects when nobody listens', async (scene) => {
      const port = await scene.listen(server())
      await scene.run(port.stopListening())
      await assert.rejects(scene.connect(port), (error: Error) => codeOf(error) !== undefined)
    })

    it('EP-06 rejects after its timeout when nobody answers', async (scene) => {
      const { silent } = scene.made
      if (silent === undefined) return
      const attempt = silent.connect(clientFactory(), { timeout: 0.1, context: scene.context })
      await assert.rejects(scene.run(attempt), { name: 'ConnectionTimeoutError', code: 'ETIMEDOUT' })
    })

    it('EP-07 rejects when the factory builds nothing, and closes', async (scene) => {
      const kept = server()
      const port = await scene.listen(kept)
      const factory = clientFactory(() => undefined as unknown as AccumulatingProtocol)
      await assert.rejects(scene.connect(port, factory), { code: 'ERR_SENNIT_NO_PROTOCOL' })
      await scene.until(() => kept.built.every(({ closed }) => closed))
    })

    it('EP-07 rejects with what the factory throws, and closes', async (scene) => {
      const kept = server()
      const port = await scene.listen(kept)
      const error = new Error('boom')
      const factory = clientFactory(() => {
        throw error
      })
      await assert.rejects(scene.connect(port, factory), (thrown) => thrown === error)
      await scene.until(() => kept.built.every(({ closed }) => closed))
    })

    it('EP-08 EP-09 rejects when its signal is aborted, with where it led, and builds nothing', async (scene) => {
      const port = await scene.listen(server())
      const controller = new AbortController()
      const reason = new Error('enough')
      let built = 0
      const factory = clientFactory(() => {
        built++
        return new AccumulatingProtocol()
      })
      const attempt = scene.connecting(port, factory, { signal: controller.signal })
      controller.abort(reason)
      await assert.rejects(scene.run(attempt), (error: Error & { address?: IAddress }) => {
        assert.equal(codeOf(error), 'ABORT_ERR')
        assert.equal(error.name, 'ConnectingCancelledError')
        assert.equal(typeof error.address?.type, 'string')
        return true
      })
      await scene.made.pass(0.05)
      assert.equal(built, 0)
      await scene.until(() => scene.connections(port) === 0)
    })

    it('EP-08 does not begin when its signal is aborted already', async (scene) => {
      const port = await scene.listen(server())
      const story = new Story()
      const factory = new Keeper(() => new AccumulatingProtocol(), story)
      await assert.rejects(scene.connect(port, factory, { signal: AbortSignal.abort() }), {
        code: 'ABORT_ERR',
      })
      await scene.made.pass(0.05)
      assert.deepEqual(story.events, [])
    })

    it('EP-11 rejects with what connectionMade throws, and drops the connection', async (scene) => {
      const kept = server()
      const port = await scene.listen(kept)
      const error = new Error('boom')
      const factory = clientFactory(
        () =>
          new AccumulatingProtocol({
            onMade: () => {
              throw error
            },
          }),
      )
      await assert.rejects(scene.connect(port, factory), (thrown) => thrown === error)
      await scene.until(() => kept.built.every(({ closed }) => closed))
    })

    it('EP-12 is not undone by its signal once it is connected', async (scene) => {
      const port = await scene.listen(echo)
      const controller = new AbortController()
      const client = await scene.connect(port, clientFactory(), { signal: controller.signal })
      controller.abort()
      client.transport.write(Buffer.from('still here'))
      await scene.until(() => client.data.toString() === 'still here')
    })

    it('EP-03 connects again and again', async (scene) => {
      const port = await scene.listen(echo)
      for (const text of ['one', 'two', 'three']) {
        const client = await scene.connect(port)
        client.transport.write(Buffer.from(text))
        await scene.until(() => client.data.toString() === text)
        client.transport.loseConnection()
        await scene.until(() => client.closed)
      }
    })
  })

  kit.describe('IStreamServerEndpoint: listening', () => {
    it('EP-01 yields a port that says where it is', async (scene) => {
      const port = await scene.listen(server())
      const host = port.getHost()
      assert.equal(typeof host.type, 'string')
      assert.notEqual(host.toString(), '')
    })

    it('EP-02 rejects, and does not throw, when the place is taken', async (scene) => {
      const { again } = scene.made
      if (again === undefined) return
      const port = await scene.listen(server())
      const story = new Story()
      const late = again(port).listen(new Keeper(() => undefined, story), { context: scene.context })
      await assert.rejects(scene.run(late), { name: 'CannotListenError', code: 'EADDRINUSE' })
      assert.deepEqual(story.events, [])
    })

    it('EP-02 rejects when its signal is aborted already', async (scene) => {
      const reason = new Error('not any more')
      const signal = AbortSignal.abort(reason)
      await assert.rejects(scene.listen(server(), { signal }), (thrown) => thrown === reason)
    })

    it('EP-01 serves each connection by a stream handler', async (scene) => {
      const port = await scene.listen(echo)
      const client = await scene.connect(port)
      client.transport.write(Buffer.from('echo'))
      await scene.until(() => client.data.toString() === 'echo')
    })

    it('EP-01 serves nothing before a held port is told to', async (scene) => {
      const kept = server()
      const port = await scene.listen(kept, { held: true })
      const attempt = scene.connecting(port)
      await scene.made.pass(0.05)
      assert.equal(kept.built.length, 0)
      port.serve()
      const client = await scene.run(attempt)
      client.transport.write(Buffer.from('early'))
      await scene.until(() => kept.built[0]?.data.toString() === 'early')
      client.transport.loseConnection()
      await scene.until(() => client.closed)
    })

    it('EP-01 serves no more connections than it may', async (scene) => {
      const kept = server()
      const port = await scene.listen(kept, { maxConnections: 1 })
      await scene.connect(port)
      await scene.until(() => kept.built.length === 1)
      // Whether the second one is refused before or after it stands depends on what it talks over.
      const second = await scene.connect(port).catch(() => undefined)
      if (second !== undefined) await scene.until(() => second.closed)
      assert.equal(kept.built.length, 1)
    })

    it('EP-01 drains when it is stopped, then refuses', async (scene) => {
      const port = await scene.listen(
        handler(async (socket, { signal }) => {
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
          socket.write('bye')
        }),
      )
      const client = await scene.connect(port)
      await scene.until(() => scene.connections(port) === 1)
      await scene.run(port.stopListening())
      await scene.until(() => client.closed)
      assert.equal(client.data.toString(), 'bye')
      assert.equal(client.closedReason?.name, 'ConnectionDone')
      await assert.rejects(scene.connect(port))
    })

    it('EP-01 can be listened at again', async (scene) => {
      if (scene.made.relistens === false) return
      for (let round = 0; round < 2; round++) {
        const port = await scene.listen(echo)
        const client = await scene.connect(port)
        client.transport.write(Buffer.from('again'))
        await scene.until(() => client.data.toString() === 'again')
        client.transport.loseConnection()
        await scene.run(port.stopListening())
      }
    })
  })
}
