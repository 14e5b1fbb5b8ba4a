/**
 * A process that is talked to in lines.
 *
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A process that was started for one measurement. */
export class LineProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>
  readonly #shown: string
  #errors = ''

  /** @param command - the program and its arguments */
  constructor(command: readonly string[]) {
    const [program, ...args] = command
    const child = spawn(program!, args, { stdio: ['pipe', 'pipe', 'pipe'] })
    child.stderr.setEncoding('utf8').on('data', (text) => (this.#errors += text))
    child.stdin.on('error', () => {})
    child.on('error', (error) => (this.#errors += error.message))
    this.#child = child
    this.#shown = command.join(' ')
    this.#lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** @throws {Error} with what the process has complained of, when it ends instead */
  async line(): Promise<string> {
    const { value, done } = await this.#lines.next()
    if (done === true) throw new Error(`${this.#shown} said nothing\n${this.#errors}`)
    return value
  }

  /** Reads a line that begins so, and returns the rest. */
  async expect(beginning: string): Promise<string> {
    const line = await this.line()
    if (!line.startsWith(beginning))
      throw new Error(`${this.#shown} said '${line}' instead of '${beginning}'\n${this.#errors}`)
    return line.slice(beginning.length)
  }

  say(line: string): void {
    this.#child.stdin!.write(`${line}\n`)
  }

  /** Ends the process, unless it has ended. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { exitCode, signalCode } = this.#child
    if (exitCode !== null || signalCode !== null) return
    const closed = new Promise((resolve) => this.#child.once('close', resolve))
    this.#child.kill('SIGKILL')
    await closed
  }
}
