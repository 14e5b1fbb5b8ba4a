/**
 * The published packages of the workspace, and the modules that each of them lets others import.
 *
 * @module
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A module that users can import. */
interface EntryPoint {
  /** As it is imported: `@sennit/interfaces/time`. */
  readonly specifier: string
  /** Its source, below the root of the workspace. */
  readonly source: string
}

/** A package of the workspace that is published. */
export interface SitePackage {
  readonly name: string
  /** Below the root of the workspace. */
  readonly folder: string
  /** The package itself first. */
  readonly entryPoints: readonly EntryPoint[]
}

type Conditions = string | Readonly<Record<string, string>>

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, Conditions>>
}

/** Siblings may use it, users may not. */
const INTERNAL = /^\.\/internal(?:\/|$)/

/** The sources behind one line of `exports`, which may stand for many. */
function sourcesOf(
  root: string,
  folder: string,
  name: string,
  subpath: string,
  pattern: string,
): EntryPoint[] {
  const [before = '', after] = pattern.split('*')
  if (after === undefined) return [{ specifier: join(name, subpath), source: join(folder, pattern) }]
  const prefix = join(folder, before)
  return globSync(`${prefix}*${after}`, { cwd: root })
    .toSorted()
    .map((source) => {
      const part = source.slice(prefix.length, source.length - after.length)
      return { specifier: join(name, subpath.replace('*', part)), source }
    })
}

/**
 * Finds the packages and their entry points, by the `exports` of their manifests.
 *
 * @param root - the folder of the workspace
 */
export function findPackages(root: string): SitePackage[] {
  return globSync('packages/*/package.json', { cwd: root })
    .toSorted()
    .flatMap((file) => {
      const {
        name,
        exports = {},
        ...manifest
      } = JSON.parse(readFileSync(join(root, file), 'utf8')) as Manifest
      if (manifest.private) return []
      const folder = dirname(file)
      const seen = new Set<string>()
      const entryPoints = Object.entries(exports).flatMap(([subpath, conditions]) => {
        if (INTERNAL.test(subpath) || typeof conditions === 'string') return []
        const pattern = conditions['@sennit/source']
        if (pattern === undefined) throw new Error(`Cannot find the source of '${subpath}' of ${name}`)
        return sourcesOf(root, folder, name, subpath, pattern).filter(({ source }) => {
          if (!existsSync(join(root, source))) throw new Error(`Cannot find ${source}, which ${name} exports`)
          return !seen.has(source) && seen.add(source)
        })
      })
      return [{ name, folder, entryPoints }]
    })
}
