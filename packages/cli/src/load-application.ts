/**
 * From a module to the application that it exports.
 *
 * Source: Twisted, `twisted/application/app.py`, `getApplication`.
 * Differs: the module is an ES module, and exports `application` or a default.
 *
 * @module
 */
import { existsSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { IService } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import { ModuleError } from './errors.ts'

const WANTED = "must export an application as 'application' or as its default"

/**
 * Imports a module and takes its application.
 *
 * @param file - a path, from the working directory
 * @returns the export `application`, else the default; a function is called, and what it returns is awaited
 * @throws ModuleError (`ERR_SENNIT_MODULE`), as a rejection
 */
export async function loadApplication(file: string): Promise<IService> {
  const path = resolve(file)
  if (!existsSync(path)) throw new ModuleError(file, 'there is no such file')
  if (!statSync(path).isFile()) throw new ModuleError(file, 'it is no file')
  const module = await importModule(file, path)
  // A promise is waited for.
  let application = await (module['application'] ?? module['default'])
  if (typeof application === 'function') {
    try {
      const make = application as () => unknown
      application = await make()
    } catch (error) {
      throw new ModuleError(file, `its function failed: ${asError(error).message}`, { cause: error })
    }
  }
  if (hasRole<IService>(application, ['startService', 'stopService', 'privilegedStartService']))
    return application
  throw new ModuleError(file, `it ${WANTED}; ${found(module, application)}`)
}

/** What a module has instead of an application. */
function found(module: Record<string, unknown>, application: unknown): string {
  if (application !== undefined) {
    const what =
      typeof application === 'object' ? 'an object without the methods of a service' : typeof application
    return `what it exports, or its function returns, is ${what}`
  }
  const names = Object.keys(module)
  return names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')}`
}

async function importModule(file: string, path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>
  } catch (error) {
    const { code, message } = asError(error) as Error & { code?: string }
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION' && /\.[cm]?ts$/.test(path)) {
      throw new ModuleError(
        file,
        `TypeScript needs Node 22.18 or newer, this is Node ${process.versions.node}`,
        { cause: error },
      )
    }
    throw new ModuleError(file, message, { cause: error })
  }
}
