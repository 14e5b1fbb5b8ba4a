/**
 * Holds the packages in their layers: manifests against `layers.json`, TypeScript references against manifests,
 * imports against both.
 *
 * Run as a program it prints every fault and ends with 1 if there is one.
 *
 * @module
 */
import { cycleFaults } from './cycles.ts'
import { importFaults } from './imports.ts'
import { manifestFaults, TABLE, tableFaults, type Table } from './layer-table.ts'
import { allReferenceFaults } from './references.ts'
import { members, readJson } from './workspace.ts'

const root = process.cwd()
const table = readJson<Table>(root, TABLE)
const all = members(root)
const packages = all.filter(({ folder }) => folder.startsWith('packages/'))

const faults = [
  ...tableFaults(table, packages),
  ...packages.flatMap((member) => manifestFaults(table, member)),
  ...cycleFaults(all),
  ...allReferenceFaults(root, all),
  ...all.flatMap((member) => importFaults(root, member)),
]
for (const { file, wrong, mend } of faults) console.error(`${file}: ${wrong}\n  Mend: ${mend}`)
if (faults.length > 0) process.exitCode = 1
