/**
 * The command `sennit` as a function of this process.
 *
 * @module
 */
import { answer } from './answer.ts'
import { flush, standardTerminal } from './terminal.ts'

/**
 * Does what the arguments ask for.
 *
 * @param args - without the names of the program
 * @returns the exit code, when all that was written is out: 0; 1 when something failed; 64 when the arguments make no sense; 74 when the log
 *   cannot be written
 * @example
 * ```ts
 * process.exit(await main(['run', 'dist/main.js', '--log-level', 'debug']))
 * ```
 */
export async function main(args: readonly string[]): Promise<number> {
  const terminal = standardTerminal()
  const code = await answer(args, terminal)
  await flush(terminal)
  return code
}
