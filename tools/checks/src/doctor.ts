/**
 * What is amiss on a machine or in a checkout, each with its mend: `pnpm run doctor`. (Without `run` pnpm examines itself.)
 *
 * Ends with 1 when something is.
 *
 * @module
 */
import { changesetFaults } from './doctor/changesets.ts'
import { installFaults } from './doctor/install.ts'
import { staleFaults } from './doctor/stale.ts'
import { versionFaults } from './doctor/versions.ts'
import type { Fault } from './fault.ts'
import { missingPackages } from './missing-packages.ts'
import { allReferenceFaults } from './references.ts'
import { members } from './workspace.ts'

const root = process.cwd()

function debianFaults(): Fault[] {
  const missing = missingPackages(root)
  if (missing.length === 0) return []
  const wrong = `tests that need ${missing.join(', ')} are skipped`
  return [{ file: '.ci/debian', wrong, mend: `'.ci/debian install', on Debian.` }]
}

const examined: readonly (readonly [string, () => Fault[]])[] = [
  [
    'versions',
    () =>
      versionFaults(root, { node: process.versions.node, userAgent: process.env['npm_config_user_agent'] }),
  ],
  ['install', () => installFaults(root)],
  ['references', () => allReferenceFaults(root, members(root))],
  ['changesets', () => changesetFaults(root)],
  ['build', () => staleFaults(root)],
  ['Debian', debianFaults],
]

for (const [what, examine] of examined) {
  const faults = examine()
  console.log(`${faults.length === 0 ? 'ok   ' : 'WRONG'} ${what}`)
  for (const { file, wrong, mend } of faults) console.log(`      ${file}: ${wrong}\n        Mend: ${mend}`)
  if (faults.length > 0) process.exitCode = 1
}
