/**
 * The table of the layers, `layers.json`: whether it makes sense, and whether the manifests keep to it.
 *
 * @module
 */
import { posix } from 'node:path'
import type { Fault } from './fault.ts'
import { runtimeNames, SCOPE, type Member } from './workspace.ts'

/** A row of `layers.json`, under the package's name without its scope. */
export interface Row {
  readonly layer: number
  /** The siblings that it may depend on at run time, at most. */
  readonly uses: readonly string[]
  /** The packages from outside that it may depend on at run time. */
  readonly outside?: readonly string[]
  /** Siblings that it may not even develop with. */
  readonly never?: readonly string[]
  /** The package does not exist yet. */
  readonly later?: boolean
}

/** All rows; dependencies point from a higher layer to a lower one. */
export type Table = Readonly<Record<string, Row>>

/** Where the table is, from the root. */
export const TABLE = 'tools/checks/layers.json'

/** Finds rows that allow a way up or sideways, and rows that do not agree with the packages that exist. */
export function tableFaults(table: Table, packages: readonly Member[]): Fault[] {
  const faults: Fault[] = []
  for (const [name, { layer, uses, later }] of Object.entries(table)) {
    for (const used of uses) {
      const below = table[used]?.layer
      if (below !== undefined && below < layer) continue
      const where = below === undefined ? 'is not in the table' : `is on layer ${below}`
      const mend = `take '${used}' out of 'uses', or move one of the two to another layer.`
      faults.push({ file: TABLE, wrong: `'${name}' (layer ${layer}) uses '${used}', which ${where}`, mend })
    }
    const exists = packages.some(({ folder }) => folder === `packages/${name}`)
    if (!exists && !later) {
      const mend = `add the package, or mark the row with "later": true.`
      faults.push({ file: TABLE, wrong: `there is no packages/${name}`, mend })
    }
    if (exists && later) {
      faults.push({ file: TABLE, wrong: `'${name}' exists by now`, mend: `take "later" out of its row.` })
    }
  }
  return faults
}

/** Finds dependencies of a package that its row does not allow. */
export function manifestFaults(table: Table, { folder, name, manifest }: Member): Fault[] {
  const file = `${folder}/package.json`
  const short = posix.basename(folder)
  const row = table[short]
  if (!row) {
    return [{ file, wrong: `'${short}' is not in the layer table`, mend: `add its row to ${TABLE}.` }]
  }
  const faults: Fault[] = []
  if (name !== SCOPE + short) {
    const mend = `rename the package or its folder.`
    faults.push({ file, wrong: `the name is '${name}', but the folder stands for '${SCOPE}${short}'`, mend })
  }
  for (const dependency of runtimeNames(manifest)) {
    const fault = dependencyFault(table, row, dependency)
    if (fault) faults.push({ file, ...fault })
  }
  for (const dependency of Object.keys({ ...manifest.dependencies, ...manifest.devDependencies })) {
    if (!row.never?.some((never) => dependency === SCOPE + never)) continue
    const mend = `move what needs it to the tests of '${dependency}' or of a package above both.`
    faults.push({ file, wrong: `'${name}' may never depend on '${dependency}', not even in its tests`, mend })
  }
  return faults
}

function dependencyFault(table: Table, row: Row, dependency: string): Omit<Fault, 'file'> | undefined {
  if (!dependency.startsWith(SCOPE)) {
    if (row.outside?.includes(dependency)) return undefined
    const mend = `do without it, or add it to 'outside' in ${TABLE} with a decision record.`
    return { wrong: `'${dependency}' is a new dependency from outside`, mend }
  }
  const used = dependency.slice(SCOPE.length)
  const layer = table[used]?.layer
  if (layer === undefined) {
    return { wrong: `'${dependency}' is not in the layer table`, mend: `add its row to ${TABLE}.` }
  }
  if (layer >= row.layer) {
    const way = layer === row.layer ? 'sideways' : 'upwards'
    const mend = `take a role from @sennit/interfaces instead, or move what is shared to a lower layer.`
    return { wrong: `the dependency on '${dependency}' points ${way} (layer ${row.layer} to ${layer})`, mend }
  }
  if (row.uses.includes(used)) return undefined
  const mend = `do without it, or add '${used}' to 'uses' in ${TABLE} with a decision record.`
  return { wrong: `'${dependency}' is below, but not among what this package may use`, mend }
}
