/**
 * The processor time that a server needs for one operation of its clients.
 *
 * @module
 */
import type { Figures, Running } from '../comparison.ts'
import { cpuSeconds } from './cpu-time.ts'
import { LineProcess } from './line-process.ts'
import { pinned } from './pinned.ts'

/** What the clients do. */
export interface Load {
  /** The command that puts a port under load, without what follows: port, connections, bytes, warm-up, operations and age. */
  readonly command: readonly string[]
  readonly connections: number
  readonly bytes: number
  /** Operations before anything is counted: as many again when the connections have their age. */
  readonly warmUp: number
  /** How old connections are when the counting begins, in milliseconds. */
  readonly age: number
  /** Operations of each burst. */
  readonly operations: number
}

/** A server, and clients that are connected to it. A burst tells `cpu`, microseconds of the server for one operation, and `rate`, operations a second. */
export class LoadedServer implements Running {
  readonly #server: LineProcess
  readonly #clients: LineProcess
  readonly #operations: number

  /** Use `LoadedServer.start`. */
  constructor(server: LineProcess, clients: LineProcess, operations: number) {
    this.#server = server
    this.#clients = clients
    this.#operations = operations
  }

  /** Starts both, and warms the server up. */
  static async start(command: readonly string[], load: Load): Promise<LoadedServer> {
    await using starting = new AsyncDisposableStack()
    const server = starting.use(new LineProcess(pinned(0, command)))
    const { port } = JSON.parse(await server.line()) as { readonly port: number }
    const { connections, bytes, warmUp, operations, age } = load
    const numbers = [port, connections, bytes, warmUp, operations, age].map(String)
    const clients = starting.use(new LineProcess(pinned(1, [...load.command, ...numbers])))
    await clients.expect('ready')
    starting.move()
    return new LoadedServer(server, clients, operations)
  }

  readonly burst = async (): Promise<Figures> => {
    const operations = this.#operations
    const before = cpuSeconds(this.#server.pid)
    this.#clients.say('go')
    const seconds = Number(await this.#clients.expect('done '))
    const used = cpuSeconds(this.#server.pid) - before
    return { cpu: (used / operations) * 1e6, rate: operations / seconds }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#clients[Symbol.asyncDispose]()
    await this.#server[Symbol.asyncDispose]()
  }
}
