/**
 * Programs that measure themselves.
 *
 * @module
 */
import { fileURLToPath } from 'node:url'
import type { Figures, Running } from '../comparison.ts'
import { LineProcess } from './line-process.ts'
import { pinned, type Processor } from './pinned.ts'

/** @returns the path of a program of this package */
function programPath(name: string): string {
  return fileURLToPath(new URL(`../programs/${name}`, import.meta.url))
}

/** @returns the command that runs a program on the Node that runs this */
export function node(name: string, ...args: readonly (string | number)[]): readonly string[] {
  return [process.execPath, '--expose-gc', programPath(name), ...args.map(String)]
}

/**
 * The young generation has its full size at once, as in a process that has worked for a while: otherwise it is chance whether what is made
 * has to be moved once or twice.
 *
 * @returns the same for a program that needs one processor only, and may make very much in a short time
 */
export function nodeWithRoom(name: string, ...args: readonly (string | number)[]): readonly string[] {
  const [path, ...rest] = node(name, ...args)
  return [path!, '--min-semi-space-size=16', ...rest]
}

/** Runs a command that prints what it has measured, as JSON on one line; on one processor when it is given. */
export async function figures(command: readonly string[], processor?: Processor): Promise<Figures> {
  await using running = new LineProcess(processor === undefined ? command : pinned(processor, command))
  return JSON.parse(await running.line()) as Figures
}

/** A program of this package that is ready, and measures when it is told to. */
export class RunningProgram implements Running {
  readonly #process: LineProcess

  /** Use `RunningProgram.start`. */
  constructor(process: LineProcess) {
    this.#process = process
  }

  /** Starts it, on one processor when it is given; waits until it is warm. */
  static async start(command: readonly string[], processor?: Processor): Promise<RunningProgram> {
    const program = new LineProcess(processor === undefined ? command : pinned(processor, command))
    try {
      await program.expect('ready')
    } catch (error) {
      await program[Symbol.asyncDispose]()
      throw error
    }
    return new RunningProgram(program)
  }

  readonly burst = async (): Promise<Figures> => {
    this.#process.say('go')
    return JSON.parse(await this.#process.line()) as Figures
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]()
  }
}
