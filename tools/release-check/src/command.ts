/**
 * Programs that a check runs to their end.
 *
 * @module
 */
import { execFile } from 'node:child_process'

/** Where and how a program is run. */
export interface CommandOptions {
  readonly cwd: string
  /** Variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>> | undefined
  /** Seconds. @defaultValue 120 */
  readonly timeout?: number | undefined
}

/**
 * Runs a program.
 *
 * @returns what it printed
 * @throws {Error} with all that it printed, when it does not end with 0, or not in time
 */
export function command(
  program: string,
  args: readonly string[],
  { cwd, env, timeout = 120 }: CommandOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      cwd,
      env: { ...process.env, ...env },
      timeout: timeout * 1000,
      killSignal: 'SIGKILL',
      maxBuffer: 64 * 2 ** 20,
    } as const
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${program} ${args.join(' ')}: ${error.message}\n${stdout}${stderr}`))
    })
  })
}
