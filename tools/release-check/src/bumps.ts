/**
 * Which packages must be released when some of them have changed.
 *
 * @module
 */
import semver from 'semver'
import type { Change } from './workspace-copy.ts'

/** A package before the change. */
export interface Before {
  /** Without its scope. */
  readonly name: string
  readonly version: string
  /** What it depends on at run time, without the scope. */
  readonly uses: readonly string[]
}

/**
 * The versions that there must be after a release, by name: those that have changed, and those whose dependency has left the range
 * `^version` in which it was.
 */
export function versionsAfter(packages: readonly Before[], changes: readonly Change[]): Map<string, string> {
  const versions = new Map(packages.map(({ name, version }) => [name, version]))
  for (const { name, bump } of changes) versions.set(name, semver.inc(versions.get(name)!, bump)!)
  const hasLeft = ({ name, version }: Before): boolean =>
    !semver.satisfies(versions.get(name)!, `^${version}`)
  const left = packages.filter(hasLeft)
  // A patch of a dependent stays in its range, so that nobody above has to follow.
  for (const { name, version, uses } of packages) {
    if (versions.get(name) === version && left.some((each) => uses.includes(each.name))) {
      versions.set(name, semver.inc(version, 'patch')!)
    }
  }
  return versions
}
