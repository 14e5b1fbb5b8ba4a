/**
 * The cast of the TCP suite: a reactor, and the ports and connections of one case.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type {
  ConnectionHandler,
  IAddress,
  IConnector,
  IHostPort,
  IInspectable,
  IListeningPort,
  IProtocol,
  IReactorTCP,
  IReactorTime,
  TCPConnectOptions,
  TCPListenOptions,
} from '@sennit/interfaces'
import { ClientFactory, Factory } from '@sennit/protocol'
import type { AccumulatingProtocol } from '../accumulating-protocol.ts'
import type { MemoryLog } from '../memory-log.ts'
import type { Surroundings } from './kit.ts'

/** What the suite for `IReactorTCP` is given. */
export interface TCPSurroundings extends Surroundings {
  readonly reactor: IReactorTime & IReactorTCP
  /** A place that never answers an attempt to connect, where there is one. */
  readonly silent?: { readonly host: string; readonly port: number } | undefined
  /** Whether there is a loopback address of IPv6. @defaultValue true */
  readonly hasIPv6?: boolean | undefined
}

export const HOST = '127.0.0.1'

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
export class Scene {
  readonly made: TCPSurroundings
  readonly log: MemoryLog
  readonly #ports: IListeningPort[] = []
  readonly #connectors: IConnector[] = []

  constructor(made: TCPSurroundings, log: MemoryLog) {
    this.made = made
    this.log = log
  }

  async listen(
    handler: ConnectionHandler,
    options: TCPListenOptions = {},
    port = 0,
  ): Promise<IListeningPort> {
    const listening = await this.made.run(
      this.made.reactor.listenTCP(port, handler, {
        interface: HOST,
        drainTimeout: 1,
        context: { log: this.log },
        ...options,
      }),
    )
    this.#ports.push(listening)
    return listening
  }

  connect(to: IListeningPort | number, factory: ClientFactory, options: TCPConnectOptions = {}): IConnector {
    const port = typeof to === 'number' ? to : portOf(to)
    const connector = this.made.reactor.connectTCP(HOST, port, factory, {
      context: { log: this.log },
      ...options,
    })
    this.#connectors.push(connector)
    return connector
  }

  /** Two connected protocols. */
  async pair<C extends AccumulatingProtocol, S extends AccumulatingProtocol>(
    client: C,
    server: S,
    options: TCPListenOptions = {},
  ): Promise<{ port: IListeningPort; connector: IConnector; factory: ClientKeeper<C> }> {
    const port = await this.listen(new Keeper(() => server), options)
    const factory = new ClientKeeper(() => client)
    const connector = this.connect(port, factory)
    await this.made.until(() => client.made && server.made)
    return { port, connector, factory }
  }

  /** A port on which nobody listens. */
  async unusedPort(): Promise<number> {
    const port = await this.listen(new Factory())
    const number = portOf(port)
    await this.made.run(port.stopListening())
    return number
  }

  /** What a port says of itself. */
  fact(port: IListeningPort, name: string): unknown {
    return (port as IListeningPort & IInspectable).describe().facts[name]
  }

  async close(): Promise<void> {
    for (const connector of this.#connectors) connector.disconnect()
    for (const port of this.#ports) {
      const stopped = port.stopListening()
      if (stopped !== undefined) await this.made.run(stopped)
    }
  }
}

/** The number of a listening port. */
export function portOf(port: IListeningPort): number {
  return (port.getHost() as IHostPort).port
}

/** What an error is recognised by. */
export function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | undefined)?.code
}
