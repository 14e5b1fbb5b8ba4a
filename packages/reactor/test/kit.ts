/** What the tests of this package share. */
import { Worker } from 'node:worker_threads'
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { once } from 'node:events'
import type {
  IAddress,
  IClientFactory,
  IConnector,
  IHostPort,
  IListeningPort,
  ILog,
  IStreamTransport,
} from '@sennit/interfaces'
import { Protocol } from '@sennit/protocol'
import { deferLater, realTurn, systemClock } from '@sennit/runtime'
import { NodeReactor, type NodeReactorOptions } from '../src/index.ts'

export const LOCAL = { interface: '127.0.0.1' } as const

/** Waits, turn by turn, until something is so. */
export async function until(isSo: () => unknown, what = String(isSo)): Promise<void> {
  const deadline = systemClock.seconds() + 8
  while (!isSo()) {
    if (systemClock.seconds() > deadline) throw new Error(`It never came true: ${what}`)
    await realTurn()
  }
}

/** A few real turns: time for what must not happen. */
export async function turns(count = 20): Promise<void> {
  for (let i = 0; i < count; i++) await realTurn()
}

/** Keeps what is logged. */
export class TestLog implements ILog {
  readonly entries: { level: string; err: Error | undefined; message: string | undefined }[] = []
  readonly debug = (): void => {}
  readonly info = (): void => {}
  readonly warn = (fields: { err?: Error }, message?: string): void => this.#keep('warn', fields, message)
  readonly error = (fields: { err?: Error }, message?: string): void => this.#keep('error', fields, message)

  #keep(level: string, { err }: { err?: Error }, message: string | undefined): void {
    this.entries.push({ level, err, message })
  }

  /** Yields what was logged so far, and forgets it. */
  take(): string[] {
    return this.entries.splice(0).map(({ level, message }) => `${level}: ${message}`)
  }
}

/** Throws when something was logged that the test has not taken. */
export function assertNothingLogged(log: TestLog): void {
  const left = log.entries.map(({ level, message, err }) => `${level}: ${message} (${err?.message})`)
  if (left.length > 0) throw new Error(`Something was logged: ${left.join(', ')}`)
}

/** A reactor whose log can be looked at. */
export function logged(options: NodeReactorOptions = {}): { reactor: NodeReactor; log: TestLog } {
  const log = new TestLog()
  return { reactor: new NodeReactor({ ...options, log }), log }
}

/** Keeps what happens to it, in order. */
export class Recorder extends Protocol {
  readonly events: string[] = []
  readonly chunks: Uint8Array[] = []
  reason: (Error & { code?: string }) | undefined
  peer: IAddress | undefined
  declare transport: IStreamTransport
  onNote: ((event: string) => void) | undefined
  onMade: (() => void) | undefined
  onData: ((data: Uint8Array) => void) | undefined
  onLost: ((reason: Error) => void) | undefined

  get text(): string {
    return Buffer.concat(this.chunks).toString()
  }

  note(event: string): void {
    this.events.push(event)
    this.onNote?.(event)
  }

  override connectionMade(): void {
    this.note('made')
    this.onMade?.()
  }

  override dataReceived(data: Uint8Array): void {
    if (this.events.at(-1) !== 'data') this.note('data')
    this.chunks.push(data)
    this.onData?.(data)
  }

  override connectionLost(reason: Error): void {
    super.connectionLost(reason)
    this.note('lost')
    this.reason = reason
    this.onLost?.(reason)
  }
}

/** A recorder that handles the two directions apart. */
export class HalfRecorder extends Recorder {
  onReadLost: (() => void) | undefined
  onWriteLost: (() => void) | undefined

  readConnectionLost(): void {
    this.note('read lost')
    this.onReadLost?.()
  }

  writeConnectionLost(): void {
    this.note('write lost')
    this.onWriteLost?.()
  }
}

/** Builds recorders, and keeps them, and what it is told. */
export class RecordingFactory<P extends Recorder = Recorder> implements IClientFactory<P> {
  readonly events: string[] = []
  readonly protocols: P[] = []
  reason: (Error & { code?: string }) | undefined
  connector: IConnector | undefined
  build: (address: IAddress) => P | undefined
  prepare: ((protocol: P) => void) | undefined
  onFailed: ((connector: IConnector, reason: Error) => void) | undefined
  onLost: ((connector: IConnector, reason: Error) => void) | undefined
  onStarted: ((connector: IConnector) => void) | undefined

  constructor(build: () => P | undefined = () => new Recorder() as P) {
    this.build = build
  }

  /** The only protocol so far. */
  get protocol(): P {
    if (this.protocols.length !== 1) throw new Error(`There are ${this.protocols.length} protocols`)
    return this.protocols[0]!
  }

  doStart(): void {
    this.events.push('doStart')
  }

  doStop(): void {
    this.events.push('doStop')
  }

  buildProtocol(address: IAddress): P | undefined {
    this.events.push('build')
    const protocol = this.build(address)
    if (protocol === undefined) return undefined
    protocol.peer = address
    protocol.onNote = (event) => this.events.push(event)
    this.protocols.push(protocol)
    this.prepare?.(protocol)
    return protocol
  }

  startedConnecting(connector: IConnector): void {
    this.events.push('startedConnecting')
    this.connector = connector
    this.onStarted?.(connector)
  }

  clientConnectionFailed(connector: IConnector, reason: Error): void {
    this.events.push('failed')
    this.reason = reason
    this.onFailed?.(connector, reason)
  }

  clientConnectionLost(connector: IConnector, reason: Error): void {
    this.events.push('clientLost')
    this.reason = reason
    this.onLost?.(connector, reason)
  }
}

/** Closes what a test has opened. */
export class Cleanup {
  readonly #jobs: (() => unknown)[] = []

  /** Keeps something for the end of the test. */
  add(job: () => unknown): void {
    this.#jobs.push(job)
  }

  async run(): Promise<void> {
    for (const job of this.#jobs.splice(0).toReversed()) await job()
  }

  /** A port of the reactor, stopped at the end. */
  async port<P extends IListeningPort>(opening: Promise<P>): Promise<{ port: P; number: number }> {
    const port = await opening
    this.add(() => port.stopListening())
    return { port, number: (port.getHost() as IHostPort).port }
  }

  /** A plain socket that is connected; it keeps what it gets. */
  async client(port: number, host = '127.0.0.1'): Promise<Client> {
    const client = new Client(connect({ port, host, allowHalfOpen: true }))
    this.add(() => client.socket.destroy())
    await new Promise((resolve) => client.socket.once('connect', resolve).once('close', resolve))
    return client
  }

  /** A plain server. */
  async server(
    onSocket: (socket: Socket) => void = () => {},
    host = '127.0.0.1',
  ): Promise<{ server: Server; number: number }> {
    const sockets = new Set<Socket>()
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      onSocket(socket)
    })
    server.listen(0, host)
    await once(server, 'listening')
    this.add(() => {
      server.close()
      for (const socket of sockets) socket.destroy()
    })
    return { server, number: (server.address() as AddressInfo).port }
  }
}

const DEAF = `
const { parentPort, workerData } = require('node:worker_threads')
const { gate, ...where } = workerData
const server = require('node:net').createServer().listen({ ...where, backlog: 1 }, () => {
  parentPort.postMessage(server.address().port)
  setImmediate(() => Atomics.wait(gate, 0, 0))
})`

/** A port that lets nobody in until it is opened: its loop stands still, and the system's queue is full. */
export async function deafPort(
  cleanup: Cleanup,
  host: string,
  port = 0,
): Promise<{ number: number; open: () => void }> {
  const gate = new Int32Array(new SharedArrayBuffer(4))
  const worker = new Worker(DEAF, { eval: true, workerData: { host, port, gate } })
  cleanup.add(() => worker.terminate())
  const [number] = (await once(worker, 'message')) as [number]
  const open = () => {
    Atomics.store(gate, 0, 1)
    Atomics.notify(gate, 0)
  }
  for (;;) {
    const socket = connect({ host, port: number })
    cleanup.add(() => socket.destroy())
    socket.on('error', () => {})
    const isIn = await Promise.race([
      once(socket, 'connect').then(() => true),
      deferLater(systemClock, 0.1).then(() => false),
    ])
    if (!isIn) return { number, open }
  }
}

/** A plain socket, and what it got. */
export class Client {
  readonly socket: Socket
  readonly chunks: Buffer[] = []
  error: (Error & { code?: string }) | undefined
  ended = false
  closed = false

  constructor(socket: Socket) {
    this.socket = socket
    socket.on('data', (chunk) => this.chunks.push(chunk))
    socket.on('error', (error) => (this.error = error))
    socket.on('end', () => (this.ended = true))
    socket.on('close', () => (this.closed = true))
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString()
  }

  get length(): number {
    return this.chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  }
}
