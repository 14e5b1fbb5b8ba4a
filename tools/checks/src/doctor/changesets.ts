/**
 * Whether each package that has changed since `origin/main` has a changeset.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { members, readJson } from '../workspace.ts'
import type { Finding } from './finding.ts'

const WHAT = 'changesets'
const FOLDER = '.changeset'
/** What of a package reaches its users, but for the README. */
const PUBLISHED = ['src/', 'page/', 'package.json']
/** The version of a package before its first release. */
const UNRELEASED = '0.0.0'

/**
 * A change of the sources or of the manifest needs a changeset of the same branch that names the package; before the first release the
 * changeset that waits for that will do.
 */
export function changesetFindings(root: string): Finding[] {
  const base = git(root, 'merge-base', 'HEAD', 'origin/main')?.trim()
  if (!base) return [{ what: WHAT, found: 'there is no origin/main to compare with' }]
  const changed = changedSince(root, base)
  const pending = globSync(`${FOLDER}/*.md`, { cwd: root })
  const recent = pending.filter((file) => changed.includes(file))
  const touched = members(root).filter(
    ({ folder }) =>
      folder.startsWith('packages/') &&
      changed.some((file) => PUBLISHED.some((part) => file.startsWith(`${folder}/${part}`))),
  )
  if (touched.length === 0) return [{ what: WHAT, found: 'no package differs from origin/main' }]
  return touched.map(({ folder, name }) => {
    const { version } = readJson<{ version?: string }>(root, `${folder}/package.json`)
    const covering = version === UNRELEASED ? pending : recent
    const file = covering.find((each) => named(readFileSync(join(root, each), 'utf8')).includes(name))
    if (file) return { what: WHAT, found: `${name} has changed, and ${file} says so` }
    const mend = `pnpm changeset, and name ${name}`
    return { what: WHAT, found: `${name} has changed, and no changeset says so`, mend }
  })
}

/** @returns the packages in the head of a changeset */
function named(text: string): string[] {
  const head = /^---\n([^]*?)^---$/m.exec(text)?.[1] ?? ''
  return [...head.matchAll(/^['"]?([^'":\n]+)['"]? *:/gm)].map((match) => match[1] ?? '')
}

/** @returns the files that differ from a commit, those that Git does not know yet included */
function changedSince(root: string, base: string): string[] {
  const known = git(root, 'diff', '--name-only', '-z', base) ?? ''
  const unknown = git(root, 'ls-files', '-z', '--others', '--exclude-standard') ?? ''
  return `${known}${unknown}`.split('\0').filter((file) => file !== '')
}

/** @returns what Git prints, or undefined when it has nothing to say */
function git(root: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: Infinity })
  return status === 0 ? stdout : undefined
}
