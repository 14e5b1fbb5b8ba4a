/**
 * Reads the workspace: its packages, their manifests, and other JSON files by a path from the root.
 *
 * @module
 */
import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, globSync, mkdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** The parts of a `package.json` that the checks read. */
export interface Manifest {
  readonly name?: string
  readonly scripts?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** A package of the workspace. */
export interface Member {
  /** The folder, from the root: `packages/backoff`. */
  readonly folder: string
  readonly name: string
  readonly manifest: Manifest
}

/** What the name of every package begins with. */
export const SCOPE = '@sennit/'

/** The folders in which `pnpm-workspace.yaml` looks for packages. */
const FOLDERS = ['packages/*', 'tools/*', 'tools/examples/*']

/** @returns the packages of the workspace, by folder. */
export function members(root: string): Member[] {
  return globSync(
    FOLDERS.map((folder) => `${folder}/package.json`),
    { cwd: root },
  )
    .sort()
    .map((file) => {
      const manifest = readJson<Manifest>(root, file)
      return { folder: dirname(file), name: manifest.name ?? '', manifest }
    })
}

/** @returns the names of a package's dependencies at run time, peers and optional ones included. */
export function runtimeNames({ dependencies, optionalDependencies, peerDependencies }: Manifest): string[] {
  return Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })
}

/** @returns the names among `dependencies` that are of this workspace. */
export function siblings(dependencies: Readonly<Record<string, string>> | undefined): string[] {
  return Object.keys(dependencies ?? {}).filter((name) => name.startsWith(SCOPE))
}

/** @throws {Error} with the file's name when it is not JSON. */
export function readJson<T>(root: string, file: string): T {
  try {
    return JSON.parse(readFileSync(join(root, file), 'utf8')) as T
  } catch (cause) {
    throw new Error(`Cannot read ${file}: ${(cause as Error).message}`, { cause })
  }
}

/** @returns what a JSON file says, or undefined when there is none. */
export function readJsonIfAny<T>(root: string, file: string): T | undefined {
  return existsSync(join(root, file)) ? readJson<T>(root, file) : undefined
}

/** @returns the files that git knows of, or would take: what is only made by a build or an install is not among them. */
export function workspaceFiles(root: string): string[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard']
  const listed = execFileSync('git', args, { cwd: root, encoding: 'utf8' })
  return listed.split('\0').filter((file) => file !== '' && existsSync(join(root, file)))
}

/** Copies the files of a workspace into a folder. */
export function copyWorkspace(root: string, folder: string): void {
  for (const file of workspaceFiles(root)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    cpSync(join(root, file), join(folder, file))
  }
}

/** @returns the package manager that the root manifest names, as `npx` takes it: `pnpm@1.2.3`. */
export function packageManager(root: string): string {
  const { devEngines } = readJson<{ devEngines: { packageManager: { name: string; version: string } } }>(
    root,
    'package.json',
  )
  return `${devEngines.packageManager.name}@${devEngines.packageManager.version}`
}
