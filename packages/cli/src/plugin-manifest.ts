/**
 * Which plugins a project has: the nearest `package.json` lists them under `sennit.plugins`.
 *
 * Source: Twisted, `twisted/plugin.py`, `getPlugins`.
 * Differs: plugins are listed; nothing is searched for, and no cache is written.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { asError } from '@sennit/runtime/internal'

/** What a project lists. */
export interface PluginManifest {
  /** The `package.json`. */
  readonly file: string
  /** The specifiers of modules, as they are written there. */
  readonly plugins: readonly string[]
  /** Why the list cannot be read. */
  readonly fault: string | undefined
}

/** Reads the nearest `package.json`, in a folder or above it; `undefined` when there is none. */
export function nearestManifest(folder: string): PluginManifest | undefined {
  for (let here = folder, above = ''; here !== above; above = here, here = dirname(here)) {
    const file = join(here, 'package.json')
    if (existsSync(file)) return readManifest(file)
  }
  return undefined
}

function readManifest(file: string): PluginManifest {
  try {
    const { sennit } = Object(JSON.parse(readFileSync(file, 'utf8'))) as { sennit?: unknown }
    const { plugins = [] } = Object(sennit) as { plugins?: unknown }
    if (Array.isArray(plugins) && plugins.every((each) => typeof each === 'string' && each !== '')) {
      return { file, plugins: plugins as string[], fault: undefined }
    }
    return { file, plugins: [], fault: "'sennit.plugins' must be a list of modules" }
  } catch (error) {
    return { file, plugins: [], fault: asError(error).message }
  }
}
