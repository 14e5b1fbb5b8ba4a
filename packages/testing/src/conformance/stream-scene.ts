/**
 * The cast of the suites for streams: a reactor, and the ports and connections of one case.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type {
  ConnectionHandler,
  ConnectOptions,
  IAddress,
  IConnector,
  IInspectable,
  IListeningPort,
  IProtocol,
  IReactorTime,
  StreamListenOptions,
} from '@sennit/interfaces'
import { ClientFactory, Factory } from '@sennit/protocol'
import type { AccumulatingProtocol } from '../accumulating-protocol.ts'
import type { MemoryLog } from '../memory-log.ts'
import type { ConformanceKit, Maker, Surroundings } from './kit.ts'

/** What streams run over: how one listens, and connects. */
export interface Carrier {
  /** @param at - where somebody has listened before @defaultValue a place where nobody does */
  listen(handler: ConnectionHandler, options: StreamListenOptions, at?: IAddress): Promise<IListeningPort>
  connect(to: IAddress, factory: ClientFactory, options: ConnectOptions): IConnector
}

/** What the suites for streams are given. */
export interface StreamSurroundings extends Surroundings {
  readonly reactor: IReactorTime
  readonly carrier: Carrier
  /** Whether a connection can be reset, so that the other side knows that it did not get all. @defaultValue true */
  readonly resets?: boolean | undefined
}

/** A suite for streams. */
export interface StreamSuite<S extends StreamSurroundings = StreamSurroundings> {
  readonly kit: ConformanceKit
  readonly make: Maker<S>
  /** What it is about, for the titles: the name of a role. */
  readonly role: string
}

/** Records what a factory is told, each as a word, or a word and a detail. */
export class Story {
  readonly events: string[] = []
  readonly add = (event: string): void => {
    this.events.push(event)
  }
}

/** A server's factory whose protocols are kept. */
export class Keeper<P extends IProtocol> extends Factory<P> {
  readonly built: P[] = []
  readonly #make: () => P | undefined
  readonly #story: Story | undefined

  constructor(make: () => P | undefined, story?: Story) {
    super()
    this.#make = make
    this.#story = story
  }

  get first(): P {
    const [first] = this.built
    assert.ok(first, 'a protocol was built')
    return first
  }

  override buildProtocol(_address: IAddress): P | undefined {
    this.#story?.add('buildProtocol')
    const protocol = this.#make()
    if (protocol !== undefined) this.built.push(protocol)
    return protocol
  }

  override startFactory(): void {
    this.#story?.add('startFactory')
  }

  override stopFactory(): void {
    this.#story?.add('stopFactory')
  }
}

/** A client's factory that records. */
export class ClientKeeper<P extends IProtocol> extends ClientFactory<P> {
  readonly built: P[] = []
  failure: Error | undefined
  loss: Error | undefined
  onStarted: ((connector: IConnector) => void) | undefined
  onFailed: ((connector: IConnector) => void) | undefined
  onLost: ((connector: IConnector) => void) | undefined
  readonly #make: () => P | undefined
  readonly #story: Story

  constructor(make: () => P | undefined, story: Story = new Story()) {
    super()
    this.#make = make
    this.#story = story
  }

  get first(): P {
    const [first] = this.built
    assert.ok(first, 'a protocol was built')
    return first
  }

  override buildProtocol(_address: IAddress): P | undefined {
    this.#story.add('buildProtocol')
    const protocol = this.#make()
    if (protocol !== undefined) this.built.push(protocol)
    return protocol
  }

  override startFactory(): void {
    this.#story.add('startFactory')
  }

  override stopFactory(): void {
    this.#story.add('stopFactory')
  }

  override startedConnecting(connector: IConnector): void {
    this.#story.add('startedConnecting')
    this.onStarted?.(connector)
  }

  override clientConnectionFailed(connector: IConnector, reason: Error): void {
    this.#story.add('clientConnectionFailed')
    this.failure = reason
    this.onFailed?.(connector)
  }

  override clientConnectionLost(connector: IConnector, reason: Error): void {
    this.#story.add('clientConnectionLost')
    this.loss = reason
    this.onLost?.(connector)
  }
}

/** One case's ports and connections. */
export class Scene<S extends StreamSurroundings = StreamSurroundings> {
  readonly made: S
  readonly log: MemoryLog
  readonly #ports: IListeningPort[] = []
  readonly #connectors: IConnector[] = []

  constructor(made: S, log: MemoryLog) {
    this.made = made
    this.log = log
  }

  async listen(
    handler: ConnectionHandler,
    options: StreamListenOptions = {},
    at?: IAddress,
  ): Promise<IListeningPort> {
    const all = { drainTimeout: 1, context: { log: this.log }, ...options }
    return this.keep(this.made.carrier.listen(handler, all, at))
  }

  /** A port that is stopped at the end. */
  async keep(opening: Promise<IListeningPort>): Promise<IListeningPort> {
    const listening = await this.made.run(opening)
    this.#ports.push(listening)
    return listening
  }

  connect(to: IListeningPort | IAddress, factory: ClientFactory, options: ConnectOptions = {}): IConnector {
    const address = 'getHost' in to ? to.getHost() : to
    const connector = this.made.carrier.connect(address, factory, { context: { log: this.log }, ...options })
    this.#connectors.push(connector)
    return connector
  }

  /** Two connected protocols. */
  async pair<C extends AccumulatingProtocol, S extends AccumulatingProtocol>(
    client: C,
    server: S,
    options: StreamListenOptions = {},
  ): Promise<{ port: IListeningPort; connector: IConnector; factory: ClientKeeper<C> }> {
    const port = await this.listen(new Keeper(() => server), options)
    const factory = new ClientKeeper(() => client)
    const connector = this.connect(port, factory)
    await this.made.until(() => client.made && server.made)
    return { port, connector, factory }
  }

  /** A place where nobody listens. */
  async unused(): Promise<IAddress> {
    const port = await this.listen(new Factory())
    await this.made.run(port.stopListening())
    return port.getHost()
  }

  /** What a port says of itself. */
  fact(port: IListeningPort, name: string): unknown {
    return (port as IListeningPort & IInspectable).describe().facts[name]
  }

  /** Whether the other side can see that a connection was cut. */
  assertCut(reason: Error | undefined): void {
    const { resets = true } = this.made
    if (resets) assert.equal(codeOf(reason), 'ECONNRESET')
    else assert.equal(reason?.name, 'ConnectionDone')
  }

  async close(): Promise<void> {
    for (const connector of this.#connectors) connector.disconnect()
    for (const port of this.#ports) {
      const stopped = port.stopListening()
      if (stopped !== undefined) await this.made.run(stopped)
    }
  }
}

/** What an error is recognised by. */
export function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | undefined)?.code
}
