/**
 * What may come with a package, by the table of the layers.
 *
 * @module
 */
import type { Table } from '@sennit/checks/layer-table'
import type { Installed } from './consumer.ts'

/** The packages of the workspace that may be installed with one, itself included, by the names that they have on npm. */
export function allowedWith(table: Table, name: string): Set<string> {
  const allowed = new Set<string>()
  const add = (each: string): void => {
    if (allowed.has(`@sennit/${each}`)) return
    allowed.add(`@sennit/${each}`)
    for (const used of table[each]!.uses) add(used)
  }
  add(name)
  return allowed
}

/** The only one with which packages from outside may come. */
const WITH_OTHERS = 'cli'

/** What was installed with a package and should not have been. */
export function installFaults(table: Table, name: string, installed: readonly Installed[]): string[] {
  const allowed = allowedWith(table, name)
  const faults: string[] = []
  for (const each of installed) {
    const { name: found, hasScript } = each
    if (hasScript) faults.push(`${found} runs a script when it is installed`)
    if (found.startsWith('@sennit/') ? !allowed.has(found) : name !== WITH_OTHERS) {
      faults.push(`${found} comes with it, which the table of the layers does not allow`)
    }
  }
  if (!installed.some(({ name: found }) => found === `@sennit/${name}`)) faults.push('it is not installed')
  const twice = installed.filter(
    (each, at) => installed.findIndex((other) => other.name === each.name) !== at,
  )
  for (const { name: found } of twice)
    if (found.startsWith('@sennit/')) faults.push(`${found} is installed twice`)
  return faults
}
