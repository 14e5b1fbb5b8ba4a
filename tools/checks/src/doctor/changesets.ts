/**
 * Whether somebody has written down what users see of a change.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Fault } from '../fault.ts'
import { SCOPE } from '../workspace.ts'

/** What is published of a package. */
const PUBLISHED = /^packages\/([^/]+)\/(?:src|page)\/|^packages\/([^/]+)\/package\.json$/

function git(root: string, ...args: readonly string[]): string[] | undefined {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' })
  return status === 0 ? stdout.split('\n').filter(Boolean) : undefined
}

/** Finds packages that have changed since `main` of the origin, of which no new changeset tells; nothing where there is no origin. */
export function changesetFaults(root: string): Fault[] {
  const [base] = git(root, 'merge-base', 'HEAD', 'origin/main') ?? []
  if (base === undefined) return []
  const changed = [
    ...(git(root, 'diff', '--name-only', base) ?? []),
    ...(git(root, 'ls-files', '--others', '--exclude-standard') ?? []),
  ]
  const notes = changed
    .filter((file) => /^\.changeset\/.*\.md$/.test(file))
    .flatMap((file) => {
      try {
        return [readFileSync(join(root, file), 'utf8')]
      } catch {
        return []
      }
    })
  const packages = new Set(changed.flatMap((file) => PUBLISHED.exec(file)?.slice(1).find(Boolean) ?? []))
  return [...packages]
    .filter(
      (name) =>
        !notes.some((note) => note.includes(`'${SCOPE}${name}':`) || note.includes(`"${SCOPE}${name}":`)),
    )
    .map((name) => {
      const mend = `'pnpm changeset', when users can notice it; 'pnpm changeset --empty' when not.`
      return { file: `packages/${name}`, wrong: 'it has changed, and no new changeset tells of it', mend }
    })
}
