/**
 * The original, by Debian's `python3-twisted`.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { Unavailable } from '../run-comparison.ts'

const PYTHON = '/usr/bin/python3'
let isThere: boolean | undefined

/**
 * @returns the command that runs a program of the folder `python`
 * @throws Unavailable when there is no Twisted
 */
export function twisted(program: string, ...args: readonly (string | number)[]): readonly string[] {
  isThere ??= spawnSync(PYTHON, ['-c', 'import twisted']).status === 0
  if (!isThere) throw new Unavailable('needs python3-twisted')
  return [PYTHON, join(import.meta.dirname, '../../python', program), ...args.map(String)]
}
