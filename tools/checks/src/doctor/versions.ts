/**
 * Whether Node and pnpm are those that the workspace was made with.
 *
 * @module
 */
import type { Fault } from '../fault.ts'
import { readJson } from '../workspace.ts'

/** What runs the check. */
export interface Running {
  /** Such as `24.21.0`. */
  readonly node: string
  /** What a package manager says of itself, such as `pnpm/12.21.0 npm/? node/v24.21.0`. */
  readonly userAgent: string | undefined
}

interface RootManifest {
  readonly engines: { readonly node: string }
  readonly optionalDependencies: Readonly<Record<string, string>>
  readonly devEngines: { readonly packageManager: { readonly version: string } }
}

/** @param running - this process */
export function versionFaults(root: string, { node, userAgent = '' }: Running): Fault[] {
  const { devEngines } = readJson<RootManifest>(root, 'package.json')
  const wanted = devEngines.packageManager.version
  const faults: Fault[] = []
  if (Number.parseInt(node) < 24) {
    const wrong = `this is Node ${node}, but the tools of the workspace need 24`
    faults.push({
      file: 'package.json',
      wrong,
      mend: `run scripts by 'npx -y pnpm@${wanted} run …', which finds the installed one.`,
    })
  }
  const pnpm = /\bpnpm\/(\S+)/.exec(userAgent)?.[1]
  if (pnpm !== undefined && pnpm !== wanted) {
    const wrong = `this is pnpm ${pnpm}, but the lock file is written by ${wanted}`
    faults.push({ file: 'package.json', wrong, mend: `'npx -y pnpm@${wanted} …'.` })
  }
  return faults
}
