/**
 * The processes that a test has started. None of them outlives it, not even after a timeout.
 */
import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Writable } from 'node:stream'

/** How a process has ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

const living = new Set<Started>()

/** A process of a test. */
export class Started {
  readonly child: ChildProcess
  /** Settles when it has ended, and nothing of it is left to be read. */
  readonly ended: Promise<Ended>
  stdout = ''
  stderr = ''
  #over = false
  #lines: AsyncIterator<string> | undefined
  /** Who waits for a text. */
  readonly #waiting = new Set<() => void>()

  constructor(child: ChildProcess) {
    this.child = child
    living.add(this)
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#take('stdout', text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#take('stderr', text))
    this.ended = once(child, 'close').then(([code, signal]) => {
      this.#over = true
      living.delete(this)
      this.#wake()
      return {
        code: code as number | null,
        signal: signal as NodeJS.Signals | null,
        stdout: this.stdout,
        stderr: this.stderr,
      }
    })
    // Whoever does not wait for the end is told of it by what waits for a text.
    this.ended.catch(() => {})
  }

  get pid(): number {
    return this.child.pid!
  }

  get over(): boolean {
    return this.#over
  }

  /** Waits until it has printed something. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.stdout) ?? pattern.exec(this.stderr)
      if (found !== null) return found
      if (this.#over) throw new Error(`It ended without ${String(pattern)}: ${this.stdout}${this.stderr}`)
      await new Promise<void>((resolve) => this.#waiting.add(resolve))
    }
  }

  /** Whether it has printed something. */
  hasSaid(pattern: RegExp): boolean {
    return pattern.test(this.stdout) || pattern.test(this.stderr)
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal)
  }

  /** Tells it something on its input, and yields the next line that it prints. */
  ask(command: string): Promise<string> {
    const input: Writable = this.child.stdin!
    input.write(`${command}\n`)
    return this.line()
  }

  /** The next line that it prints; all of them, from the first call on. */
  async line(): Promise<string> {
    this.#lines ??= createInterface({ input: this.child.stdout! })[Symbol.asyncIterator]()
    const { value } = (await this.#lines.next()) as { value: string | undefined }
    if (value === undefined) throw new Error(`It has ended: ${this.stderr}`)
    return value
  }

  #take(from: 'stdout' | 'stderr', text: string): void {
    this[from] += text
    this.#wake()
  }

  #wake(): void {
    for (const wake of this.#waiting) wake()
    this.#waiting.clear()
  }
}

/** Starts a process; its output and its errors are kept. */
export function start(command: string, args: readonly string[], options: SpawnOptions = {}): Started {
  return new Started(spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options }))
}

/** Kills those that still live; for `afterEach`. */
export async function killStarted(): Promise<void> {
  await Promise.all(
    Array.from(living, async (started) => {
      started.kill('SIGKILL')
      await started.ended
    }),
  )
}
