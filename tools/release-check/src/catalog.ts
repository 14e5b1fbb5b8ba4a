/**
 * The versions that the workspace uses of packages from outside.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @returns the version of a package in `pnpm-workspace.yaml`; undefined when it is not there */
export function catalogOf(root: string): (name: string) => string | undefined {
  return versionsIn(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8'))
}

/** @param text - of `pnpm-workspace.yaml` */
export function versionsIn(text: string): (name: string) => string | undefined {
  const [, catalog = ''] = /^catalog:\n((?:[ #].*\n|\n)*)/m.exec(text) ?? []
  const versions = new Map(
    [...catalog.matchAll(/^ {2}'?([^':\s]+)'?: (\S+)$/gm)].map(([, name, version]) => [name!, version!]),
  )
  return (name) => versions.get(name)
}
