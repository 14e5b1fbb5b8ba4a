/**
 * Whether the references of the TypeScript projects agree with the manifests.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { Fault } from './fault.ts'
import { readJsonIfAny, siblings, type Member } from './workspace.ts'

interface TsConfig {
  readonly references?: readonly { readonly path: string }[]
}

/**
 * A member that is built refers to what it depends on, its tests also to what they need besides; the two projects of
 * the root refer to every member.
 */
export function allReferenceFaults(root: string, all: readonly Member[]): Fault[] {
  const built = all.filter(({ folder }) => folder.startsWith('packages/') || has(root, `${folder}/test`))
  const others = all.filter((member) => !built.includes(member) && has(root, member.folder))
  const tests = built.map(({ folder }) => `${folder}/test`)
  // What a browser runs has its own world of types.
  const pages = built.map(({ folder }) => `${folder}/page`).filter((folder) => has(root, folder))
  const checked = [...pages, ...tests, ...others.map(({ folder }) => folder)]
  return [
    ...built.flatMap((member) => memberFaults(root, all, member)),
    ...referenceFaults(
      root,
      'tsconfig.json',
      built.map(({ folder }) => folder),
      'the packages',
    ),
    ...referenceFaults(root, 'tsconfig.types.json', checked, 'the packages'),
  ]
}

function memberFaults(root: string, all: readonly Member[], { folder, manifest }: Member): Fault[] {
  const folders = (dependencies: Readonly<Record<string, string>> | undefined): string[] =>
    siblings(dependencies).flatMap((name) => all.find((member) => member.name === name)?.folder ?? [])
  const needed = folders(manifest.dependencies)
  const tested = [folder, ...needed, ...folders(manifest.devDependencies)]
  return [
    ...referenceFaults(root, `${folder}/tsconfig.json`, needed, `the dependencies in ${folder}/package.json`),
    ...referenceFaults(root, `${folder}/test/tsconfig.json`, tested, `${folder}/package.json`),
  ]
}

function referenceFaults(root: string, file: string, wanted: readonly string[], source: string): Fault[] {
  const present = references(root, file)
  if (!present) return [{ file, wrong: 'the file is missing', mend: 'copy that of another package.' }]
  const path = (to: string): string => JSON.stringify({ path: posix.relative(posix.dirname(file), to) })
  return [
    ...wanted
      .filter((to) => !present.includes(to))
      .map((to) => ({
        file,
        wrong: `no reference to ${to}`,
        mend: `add ${path(to)}, to agree with ${source}.`,
      })),
    ...present
      .filter((to) => !wanted.includes(to))
      .map((to) => ({
        file,
        wrong: `a reference to ${to} too much`,
        mend: `drop it, to agree with ${source}.`,
      })),
  ]
}

/** @returns the folders that a `tsconfig.json` refers to, from the root; undefined without the file. */
function references(root: string, file: string): string[] | undefined {
  const config = readJsonIfAny<TsConfig>(root, file)
  return config && (config.references ?? []).map(({ path }) => posix.join(posix.dirname(file), path))
}

function has(root: string, folder: string): boolean {
  return existsSync(join(root, folder, 'tsconfig.json'))
}
