/**
 * Whether what is installed is what the lock file says.
 *
 * @module
 */
import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Fault } from '../fault.ts'
import { members, readJsonIfAny } from '../workspace.ts'

/** Where pnpm keeps when it has last compared the two. */
const STATE = 'node_modules/.pnpm-workspace-state-v1.json'

const MEND = `'npm run bootstrap'.`

/** Finds an install that is missing, or older than the lock file or a manifest. */
export function installFaults(root: string): Fault[] {
  const state = readJsonIfAny<{ readonly lastValidatedTimestamp: number }>(root, STATE)
  if (state === undefined) return [{ file: 'node_modules', wrong: 'nothing is installed', mend: MEND }]
  const files = [
    'pnpm-lock.yaml',
    'pnpm-workspace.yaml',
    'package.json',
    ...members(root).map(({ folder }) => `${folder}/package.json`),
  ]
  return files
    .filter(
      (file) =>
        existsSync(join(root, file)) && statSync(join(root, file)).mtimeMs > state.lastValidatedTimestamp,
    )
    .map((file) => ({ file, wrong: 'it has changed since the last install', mend: MEND }))
}
