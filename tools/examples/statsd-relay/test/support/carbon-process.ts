import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const PROGRAM = `
  const lines = require('node:readline')
  const server = require('node:net').createServer((socket) => {
    socket.on('error', () => {})
    lines.createInterface({ input: socket }).on('line', (line) => process.stdout.write(line + '\\n'))
  })
  server.listen(Number(process.argv[1]), '127.0.0.1', () => process.stdout.write('port ' + server.address().port + '\\n'))
`

/** A carbon server in a process of its own, so that it can be killed as servers are. */
export class CarbonProcess {
  port = 0
  readonly lines: string[] = []
  readonly #child: ChildProcess
  #wake: () => void = () => {}
  #changed: Promise<void> = this.#next()

  private constructor(port: number) {
    this.#child = spawn(process.execPath, ['-e', PROGRAM, String(port)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    createInterface({ input: this.#child.stdout! }).on('line', (line) => {
      if (line.startsWith('port ')) this.port = Number(line.slice(5))
      else this.lines.push(line)
      this.#wake()
      this.#changed = this.#next()
    })
  }

  static async start(port = 0): Promise<CarbonProcess> {
    const carbon = new CarbonProcess(port)
    await carbon.until(() => carbon.port > 0)
    return carbon
  }

  /** The values of a path, in the order in which they came. */
  values(path: string): number[] {
    return this.lines
      .map((line) => line.split(' '))
      .flatMap(([name, value]) => (name === path ? [Number(value)] : []))
  }

  sum(path: string): number {
    return this.values(path).reduce((sum, value) => sum + value, 0)
  }

  /** Settles when something holds after a whole flush has come. The test's own timeout bounds it. */
  async until(holds: () => boolean): Promise<void> {
    while (!(this.#isWhole && holds())) await this.#changed
  }

  /** Whether the last line is the last one of a flush. */
  get #isWhole(): boolean {
    return this.lines.at(-1)?.startsWith('stats.statsd.metrics ') ?? true
  }

  #next(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exited = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exited
  }
}
