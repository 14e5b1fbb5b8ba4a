/**
 * Where a module is that a `package.json` names: as `import` would find it from there.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { asError } from '@sennit/runtime/internal'

/** Those that hold for `import`, in no order: that of the manifest counts. */
const CONDITIONS = new Set(['import', 'node', 'module-sync', 'default'])

/**
 * Finds a module.
 *
 * @param specifier - a path that begins with a dot, from the manifest, or a package with what it exports
 * @returns its URL
 * @throws Error of Node's, with a `code`, when there is none
 */
export function resolvePlugin(specifier: string, manifest: string): string {
  const require = createRequire(manifest)
  try {
    return pathToFileURL(require.resolve(specifier)).href
  } catch (error) {
    // What is for `import` only is not found so.
    const { code } = asError(error) as NodeJS.ErrnoException
    const file = code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' ? exportedFile(specifier, require) : undefined
    if (file === undefined) throw error
    return pathToFileURL(file).href
  }
}

function exportedFile(specifier: string, require: NodeJS.Require): string | undefined {
  const [, name, subpath = ''] = /^(@[^/]+\/[^/]+|[^/]+)(\/.*)?$/.exec(specifier) ?? []
  if (name === undefined) return undefined
  for (const folder of require.resolve.paths(specifier) ?? []) {
    const manifest = join(folder, name, 'package.json')
    if (!existsSync(manifest)) continue
    const { exports } = JSON.parse(readFileSync(manifest, 'utf8')) as { exports?: unknown }
    const target = targetOf(subpath === '' ? mainOf(exports) : Object(exports)[`.${subpath}`])
    return target === undefined ? undefined : join(folder, name, target)
  }
  return undefined
}

/** The exports of a package that has only one may do without its name. */
function mainOf(exports: unknown): unknown {
  return typeof exports === 'object' && exports !== null && '.' in exports ? exports['.'] : exports
}

function targetOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target.startsWith('./') ? target : undefined
  if (typeof target !== 'object' || target === null) return undefined
  const choices = Array.isArray(target)
    ? target
    : Object.entries(target)
        .filter(([key]) => CONDITIONS.has(key))
        .map(([, value]) => value as unknown)
  for (const choice of choices) {
    const found = targetOf(choice)
    if (found !== undefined) return found
  }
  return undefined
}
