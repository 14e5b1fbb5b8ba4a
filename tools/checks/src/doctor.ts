/**
 * What is wrong with a machine or a checkout, and the mend for each: one line for each thing that was looked at. It ends with 1 when
 * something is wrong.
 *
 * @module
 */
import { changesetFindings } from './doctor/changesets.ts'
import type { Finding } from './doctor/finding.ts'
import { installFindings } from './doctor/install.ts'
import { leftoverFindings } from './doctor/leftovers.ts'
import { programFindings } from './doctor/programs.ts'
import { missingPackages } from './missing-packages.ts'
import { allReferenceFaults } from './references.ts'
import { members } from './workspace.ts'

const root = process.cwd()

const findings: Finding[] = [
  ...programFindings(root),
  ...installFindings(root),
  ...referenceFindings(),
  ...changesetFindings(root),
  ...debianFindings(),
  ...leftoverFindings(root),
]
for (const { what, found, mend } of findings) {
  console.log(`${mend ? 'WRONG ' : 'ok    '} ${what}: ${found}`)
  if (mend) console.log(`  Mend: ${mend}`)
}
if (findings.some(({ mend }) => mend)) process.exitCode = 1

function referenceFindings(): Finding[] {
  const faults = allReferenceFaults(root, members(root))
  if (faults.length === 0) return [{ what: 'references', found: 'they agree with the manifests' }]
  return faults.map(({ file, wrong, mend }) => ({ what: 'references', found: `${file}: ${wrong}`, mend }))
}

function debianFindings(): Finding[] {
  const missing = missingPackages(root)
  if (missing.length === 0) return [{ what: 'debian', found: 'all that the tests talk to is installed' }]
  const found = `the tests skip what needs ${missing.join(', ')}`
  return [{ what: 'debian', found, mend: 'bash .ci/debian install' }]
}
