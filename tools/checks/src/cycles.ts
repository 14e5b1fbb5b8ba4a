/**
 * Cycles among the packages of the workspace.
 *
 * @module
 */
import type { Fault } from './fault.ts'
import { siblings, type Member } from './workspace.ts'

/** One fault per cycle of the whole workspace; dependencies for development count. */
export function cycleFaults(all: readonly Member[]): Fault[] {
  const faults: Fault[] = []
  const done = new Set<string>()
  const visit = (member: Member, path: readonly Member[]): void => {
    const start = path.indexOf(member)
    if (start >= 0) {
      const cycle = [...path.slice(start), member].map(({ name }) => name).join(' -> ')
      const mend = `move the tests that need the last step to a package above, and drop that dependency.`
      faults.push({ file: `${path.at(-1)?.folder}/package.json`, wrong: `cycle: ${cycle}`, mend })
      return
    }
    if (done.has(member.name)) return
    for (const name of siblings({ ...member.manifest.dependencies, ...member.manifest.devDependencies })) {
      const next = all.find((other) => other.name === name)
      if (next) visit(next, [...path, member])
    }
    done.add(member.name)
  }
  for (const member of all) visit(member, [])
  return faults
}
