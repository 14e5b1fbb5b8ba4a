/**
 * Whether `node_modules` is what the lock file says, and the lock file what the manifests say.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { members, packageManager } from '../workspace.ts'
import type { Finding } from './finding.ts'

const WHAT = 'install'

/** pnpm keeps a copy of the lock file beside what it installed from it. */
export function installFindings(root: string): Finding[] {
  const lock = read(root, 'pnpm-lock.yaml')
  if (lock === undefined) {
    return [{ what: WHAT, found: 'there is no lock file', mend: 'git checkout pnpm-lock.yaml' }]
  }
  const mend = 'npm run bootstrap'
  const installed = read(root, 'node_modules/.pnpm/lock.yaml')
  if (installed === undefined) return [{ what: WHAT, found: 'nothing is installed', mend }]
  const pnpm = packageManager(root)
  if (installed !== lock) return [{ what: WHAT, found: 'node_modules is older than the lock file', mend }]
  const bare = members(root).find(
    ({ folder, manifest }) =>
      Object.keys({ ...manifest.dependencies, ...manifest.devDependencies }).length > 0 &&
      !existsSync(join(root, folder, 'node_modules')),
  )
  if (bare) return [{ what: WHAT, found: `nothing is installed in ${bare.folder}`, mend }]
  if (!agrees(root, pnpm)) {
    return [
      { what: WHAT, found: 'the lock file is older than the manifests', mend: `npx -y ${pnpm} install` },
    ]
  }
  return [{ what: WHAT, found: 'as the lock file says' }]
}

/** Asks pnpm, which changes nothing with these options. */
function agrees(root: string, pnpm: string): boolean {
  const args = ['-y', pnpm, 'install', '--frozen-lockfile', '--lockfile-only', '--offline']
  return spawnSync('npx', args, { cwd: root, stdio: 'ignore' }).status === 0
}

function read(root: string, file: string): string | undefined {
  return existsSync(join(root, file)) ? readFileSync(join(root, file), 'utf8') : undefined
}
