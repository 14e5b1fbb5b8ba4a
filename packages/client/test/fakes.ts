/** What the tests connect to: every result is decided by the test. */
import type {
  ConnectOptions,
  IAddress,
  IConnectable,
  IConnectAttempt,
  ILog,
  IProtocol,
  IProtocolFactory,
  IServiceContext,
  IStreamClientEndpoint,
  IStreamTransport,
  LogMethod,
} from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'

/** Lets everything that is ready settle. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

export interface Logged {
  readonly level: string
  readonly fields: Record<string, unknown>
  readonly message: string | undefined
}

/** A log that keeps its events. */
export class MemoryLog implements ILog {
  readonly events: Logged[] = []
  readonly debug: LogMethod = this.#method('debug')
  readonly info: LogMethod = this.#method('info')
  readonly warn: LogMethod = this.#method('warn')
  readonly error: LogMethod = this.#method('error')

  of(level: string): readonly Logged[] {
    return this.events.filter((event) => event.level === level)
  }

  #method(level: string): LogMethod {
    return (fields, message) =>
      this.events.push({ level, fields: fields as Record<string, unknown>, message })
  }
}

export interface TestContext extends IServiceContext {
  readonly clock: Clock
  readonly log: MemoryLog
}

export function testContext(): TestContext {
  const clock = new Clock()
  return { clock, reactor: clock, log: new MemoryLog(), random: () => 0.5 }
}

export interface Connection {
  readonly id: number
}

/** One attempt of a `FakeConnectable`. */
export class FakeAttempt {
  readonly given: IConnectAttempt
  readonly value: Connection
  readonly result: Promise<Connection>
  aborted = false
  closed = 0
  cut = 0
  closeReason: Error | undefined
  #resolve!: (value: Connection) => void
  #reject!: (error: Error) => void

  constructor(given: IConnectAttempt, id: number) {
    this.given = given
    this.value = { id }
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  async succeed(): Promise<Connection> {
    this.#resolve(this.value)
    await settle()
    return this.value
  }

  async fail(error: Error = new Error('refused')): Promise<Error> {
    this.#reject(error)
    await settle()
    return error
  }

  lose(reason: Error = new Error('lost')): Error {
    this.given.lost(reason)
    return reason
  }
}

/** Connects, closes and loses as the test says. */
export class FakeConnectable implements IConnectable<Connection> {
  readonly attempts: FakeAttempt[] = []
  /** Whether an attempt rejects as soon as its signal is aborted. */
  cancels = true
  /** Whether a close is followed by the loss inside the call. */
  losesAtOnce = false
  /** Called inside `connect`; what it returns or throws is the result, unless it is undefined. */
  onConnect: ((attempt: FakeAttempt) => Connection | Promise<Connection> | undefined) | undefined
  /** Called inside `close`, before anything else. */
  onClose: ((attempt: FakeAttempt) => void) | undefined

  get last(): FakeAttempt {
    return this.attempts.at(-1)!
  }

  connect(given: IConnectAttempt): Connection | Promise<Connection> {
    const attempt = new FakeAttempt(given, this.attempts.length + 1)
    this.attempts.push(attempt)
    const result = this.onConnect?.(attempt)
    if (result !== undefined) return result
    given.signal.addEventListener('abort', () => {
      attempt.aborted = true
      if (this.cancels) void attempt.fail(given.signal.reason as Error)
    })
    return attempt.result
  }

  close(value: Connection, reason: Error): void {
    const attempt = this.#of(value)
    attempt.closed++
    attempt.closeReason = reason
    this.onClose?.(attempt)
    if (this.losesAtOnce) attempt.lose()
  }

  abort(value: Connection): void {
    this.#of(value).cut++
  }

  toString(): string {
    return 'fake:1'
  }

  #of(value: Connection): FakeAttempt {
    return this.attempts.find((attempt) => attempt.value === value)!
  }
}

export const peer: IAddress = { type: 'TEST', toString: () => 'peer' }

/** A transport that only counts. */
export class FakeTransport implements IStreamTransport {
  readonly written: Uint8Array[] = []
  closes = 0
  aborts = 0
  abortReason: Error | undefined
  write(data: Uint8Array): void {
    this.written.push(data)
  }
  writeSequence(data: Iterable<Uint8Array>): void {
    this.written.push(...data)
  }
  loseConnection(): void {
    this.closes++
  }
  abortConnection(reason?: Error): void {
    this.aborts++
    this.abortReason = reason
  }
  loseWriteConnection(): void {}
  getPeer(): IAddress {
    return peer
  }
  getHost(): IAddress {
    return peer
  }
  registerProducer(): void {}
  unregisterProducer(): void {}
  pauseProducing(): void {}
  resumeProducing(): void {}
  stopProducing(): void {}
}

/** A protocol of the application. */
export class TestProtocol implements IProtocol {
  transport: IStreamTransport | undefined
  made = 0
  readonly received: Uint8Array[] = []
  readonly losses: Error[] = []
  makeConnection(transport: IStreamTransport): void {
    this.transport = transport
    this.made++
  }
  dataReceived(data: Uint8Array): void {
    this.received.push(data)
  }
  connectionLost(reason: Error): void {
    this.losses.push(reason)
  }
}

/** A factory of the application. */
export class TestFactory implements IProtocolFactory<TestProtocol> {
  readonly protocols: TestProtocol[] = []
  users = 0
  /** What the next connection gets. */
  build: (address: IAddress) => TestProtocol | undefined = () => new TestProtocol()
  doStart(): void {
    this.users++
  }
  doStop(): void {
    this.users--
  }
  buildProtocol(address: IAddress): TestProtocol | undefined {
    const protocol = this.build(address)
    if (protocol !== undefined) this.protocols.push(protocol)
    return protocol
  }
}

/** One attempt of a `FakeEndpoint`. */
export class FakeConnect {
  readonly factory: IProtocolFactory
  readonly options: ConnectOptions
  readonly transport: FakeTransport = new FakeTransport()
  readonly result: Promise<IProtocol>
  /** What the endpoint holds: in place of the application's protocol. */
  protocol: IProtocol | undefined
  aborted = false
  #resolve!: (protocol: IProtocol) => void
  #reject!: (error: Error) => void

  constructor(factory: IProtocolFactory, options: ConnectOptions) {
    this.factory = factory
    this.options = options
    this.result = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    options.signal?.addEventListener('abort', () => {
      this.aborted = true
    })
  }

  /** As an endpoint does: builds a protocol, connects it, yields it. */
  async succeed(): Promise<void> {
    this.connect()
    await settle()
  }

  /** The same without letting anything settle. */
  connect(): void {
    try {
      this.protocol = this.factory.buildProtocol(peer)
    } catch (error) {
      this.#reject(error as Error)
      return
    }
    if (this.protocol === undefined) {
      this.#reject(new Error('no protocol'))
      return
    }
    this.protocol.makeConnection(this.transport)
    this.#resolve(this.protocol)
  }

  async fail(error: Error = new Error('refused')): Promise<Error> {
    this.#reject(error)
    await settle()
    return error
  }

  lose(reason: Error = new Error('lost')): Error {
    this.protocol!.connectionLost(reason)
    return reason
  }
}

/** An endpoint whose results the test decides. */
export class FakeEndpoint implements IStreamClientEndpoint {
  readonly connects: FakeConnect[] = []
  readonly name: string

  constructor(name = 'tcp:there:1') {
    this.name = name
  }

  get last(): FakeConnect {
    return this.connects.at(-1)!
  }

  connect<P extends IProtocol>(factory: IProtocolFactory<P>, options: ConnectOptions = {}): Promise<P> {
    const connect = new FakeConnect(factory, options)
    this.connects.push(connect)
    return connect.result as Promise<P>
  }

  toString(): string {
    return this.name
  }
}

/** What a promise has come to. */
export interface Outcome<T> {
  state: 'pending' | 'fulfilled' | 'rejected'
  value?: T
  error?: Error
}

/** Follows a promise. */
export function outcome<T>(promise: Promise<T> | T): Outcome<T> {
  const result: Outcome<T> = { state: 'pending' }
  Promise.resolve(promise).then(
    (value) => Object.assign(result, { state: 'fulfilled', value }),
    (error: Error) => Object.assign(result, { state: 'rejected', error }),
  )
  return result
}
