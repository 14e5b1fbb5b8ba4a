/** Load on a web server, by a process of its own. */
import { program } from './workspace.ts'
import { start, type Started } from './started.ts'

/** What became of all that was asked. */
export interface LoadResult {
  /** Whole, and with status 200. */
  readonly answered: number
  /** Asked, and not answered. */
  readonly lost: number
  /** Connected, and closed before anything could be asked. */
  readonly cut: number
  readonly refused: number
  /** How often each came, with what the system said. */
  readonly causes: Readonly<Record<string, number>>
  /** Milliseconds. */
  readonly slowest: number
  /** How often each answer came. */
  readonly answers: Readonly<Record<string, number>>
}

/** Asks from now on, until it is stopped. */
export class Load {
  readonly #process: Started
  #answered = 0
  readonly #result: Promise<LoadResult>

  constructor(port: number, clients: number) {
    this.#process = start(process.execPath, [program('load.mjs'), String(port), String(clients)], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#result = this.#read()
    this.#result.catch(() => {})
  }

  /** How many have been answered, as far as is known. */
  get answered(): number {
    return this.#answered
  }

  /** Waits until so many have been answered. */
  async reach(count: number): Promise<void> {
    while (this.#answered < count) {
      if (this.#process.over) throw new Error('The load has ended')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }

  stop(): Promise<LoadResult> {
    this.#process.child.stdin!.end()
    return this.#result
  }

  async #read(): Promise<LoadResult> {
    for (;;) {
      const line = await this.#process.line()
      if (line.startsWith('{')) return JSON.parse(line) as LoadResult
      this.#answered = Number(line)
    }
  }
}
