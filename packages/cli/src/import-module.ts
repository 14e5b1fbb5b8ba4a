/**
 * Importing a file that the user names, with errors that the user understands.
 *
 * @module
 */
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { asError } from '@sennit/runtime/internal'
import { ModuleError } from './errors.ts'
import { explain, withPlace } from './explain.ts'

/** What a module exports, by name. */
export type Exports = Readonly<Record<string, unknown>>

/**
 * Imports a file.
 *
 * @param file - a path, from the working directory
 * @returns what it exports; a CommonJS module's too, which Node may know of only under `default`
 * @throws ModuleError (`ERR_SENNIT_MODULE`), as a rejection
 */
export async function importModule(file: string): Promise<Exports> {
  const path = resolve(file)
  if (!existsSync(path)) throw new ModuleError(file, 'there is no such file')
  if (!statSync(path).isFile()) throw new ModuleError(file, 'it is no file')
  let module: Exports
  try {
    module = (await import(pathToFileURL(path).href)) as Exports
  } catch (error) {
    throw new ModuleError(file, why(path, error), { cause: error })
  }
  return withDefaults(module)
}

function why(path: string, error: unknown): string {
  const { code } = asError(error) as NodeJS.ErrnoException
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
    return /\.[cm]?ts$/.test(path)
      ? `TypeScript needs Node 22.18 or newer, this is Node ${process.versions.node}`
      : 'it must be a .js, .mjs, .cjs or .ts file'
  }
  return withPlace(explain(error), error)
}

/** Takes in what `module.exports` of CommonJS has, and what a compiler has put under `default` there. */
function withDefaults(module: Exports): Exports {
  const whole = module['default']
  return isBag(whole) ? { ...whole, ...module, default: whole['default'] ?? whole } : module
}

/** An object that only holds others, and is no service itself. */
function isBag(value: unknown): value is Exports {
  if (typeof value !== 'object' || value === null) return false
  return Object.getPrototypeOf(value) === Object.prototype && !('startService' in value)
}
