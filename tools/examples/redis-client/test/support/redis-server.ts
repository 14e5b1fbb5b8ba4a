/** A Redis server of the test's own, in a folder of its own, on a UNIX socket. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Whether Redis is installed. */
export const hasRedis: boolean = spawnSync('redis-server', ['--version']).status === 0

/** One server that writes down what it is told, so that it has it after a `kill -9`; `start` and `kill` may alternate. */
export class RedisServer {
  readonly #folder = mkdtempSync(join(tmpdir(), 'sennit-redis-'))
  readonly #options: readonly string[]
  #child: ChildProcess | undefined

  constructor(options: readonly string[] = []) {
    this.#options = options
  }

  /** Where it listens, as the client takes it. */
  get place(): string {
    return `unix:${join(this.#folder, 'redis.sock')}`
  }

  /** Settles when it takes connections. */
  async start(): Promise<void> {
    const where = ['--port', '0', '--unixsocket', 'redis.sock', '--dir', this.#folder]
    const child = spawn('redis-server', [...where, '--save', '', '--appendonly', 'yes', ...this.#options], {
      cwd: this.#folder,
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    this.#child = child
    let said = ''
    for await (const chunk of child.stdout.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
      said += String(chunk)
      if (said.includes('eady to accept connections')) break
    }
    if (!said.includes('eady to accept connections')) throw new Error(`redis-server did not start: ${said}`)
    child.stdout.resume()
  }

  signal(name: 'SIGCONT' | 'SIGSTOP'): void {
    this.#child?.kill(name)
  }

  /** No goodbye to anybody. */
  async kill(): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child === undefined) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }

  async dispose(): Promise<void> {
    await this.kill()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}
