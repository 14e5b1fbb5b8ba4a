/** What is wrong with a program. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

const root = join(import.meta.dirname, '../../../..')

/** Runs a program to its end; what it printed, should it fail. */
export async function complaint(program: string, args: readonly string[], timeout = 30_000): Promise<string> {
  try {
    await promisify(execFile)(program, args, { cwd: root, timeout, killSignal: 'SIGKILL' })
    return ''
  } catch (error) {
    const {
      stdout = '',
      stderr = '',
      message,
    } = error as { stdout?: string; stderr?: string; message: string }
    return `${message}\n${stdout}${stderr}`
  }
}
