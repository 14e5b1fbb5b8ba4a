/**
 * One call of the command: where it writes, and what it ends with.
 *
 * @module
 */
import type { Command } from 'commander'
import { isUsageError } from './errors.ts'
import { FAILURE, IO_ERROR, OK } from './exit-codes.ts'
import { complain, type Terminal } from './terminal.ts'

const CODES: Readonly<Record<string, number>> = {
  ERR_SENNIT_MODULE: FAILURE,
  ERR_SENNIT_PLUGIN: FAILURE,
  ERR_SENNIT_STATUS: FAILURE,
  ERR_SENNIT_LOG_FILE: IO_ERROR,
}

/** One call. */
export class Call {
  readonly terminal: Terminal
  /** What stood behind `--`. */
  readonly rest: readonly string[]
  /** The exit code. */
  code: number = OK

  constructor(terminal: Terminal, rest: readonly string[]) {
    this.terminal = terminal
    this.rest = rest
  }

  /**
   * Does what a command is for, and says what went wrong.
   *
   * @param action - yields the exit code
   * @throws CommanderError when the arguments make no sense; it has been said then
   */
  async end(command: Command, action: () => Promise<number>): Promise<void> {
    try {
      this.code = await action()
    } catch (error) {
      if (isUsageError(error)) command.error(error.message)
      const code = CODES[(error as { code?: string }).code ?? '']
      if (code === undefined) throw error
      complain(this.terminal, (error as Error).message)
      this.code = code
    }
  }
}
