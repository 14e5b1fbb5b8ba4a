/** Where the programs are; they run what was built, as they do for users. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../../..')

/** The command `sennit`. */
const SENNIT = join(root, 'packages/cli/dist/sennit.js')

export const program = (name: string): string => join(root, 'tools/operations/programs', name)

export const python = (name: string): string => join(root, 'tools/operations/python', name)

/** The arguments of Node for `sennit run` and one of the programs. */
export function sennitRun(name: string, ...options: readonly string[]): string[] {
  return [SENNIT, 'run', program(name), ...options]
}

export function build(): void {
  execFileSync(process.execPath, [join(root, 'tools/build/build.js'), join(root, 'packages/cli')], {
    stdio: 'inherit',
  })
}
