/**
 * From a module to the application that it exports, or makes out of its arguments.
 *
 * Source: Twisted, `twisted/application/app.py`, `getApplication`.
 * Differs: the module is an ES module, exports `application` or a default, and may declare options.
 *
 * @module
 */
import type { IService } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { isUsageError, ModuleError } from './errors.ts'
import { explain, withPlace } from './explain.ts'
import { type Exports, importModule } from './import-module.ts'
import { faultOf, type ModuleArguments, type ModuleOptions } from './module-options.ts'

const SERVICE = ['startService', 'stopService', 'privilegedStartService'] as const
const WANTED = "it must export an application as 'application' or as its default"

/** A module that has been imported. */
export interface ApplicationModule {
  readonly file: string
  readonly options: ModuleOptions
  /** Whether it takes arguments that are no options. */
  readonly positionals: boolean
  /**
   * Takes the application, or has it made.
   *
   * @throws ModuleError (`ERR_SENNIT_MODULE`), as a rejection, when there is none
   */
  application(args: ModuleArguments): Promise<IService>
}

/**
 * Imports a module.
 *
 * @param file - a path, from the working directory
 * @param taken - the options of the command itself, with their dashes: a module cannot have them
 * @throws ModuleError (`ERR_SENNIT_MODULE`), as a rejection
 */
export async function importApplication(
  file: string,
  taken: ReadonlySet<string> = new Set(),
): Promise<ApplicationModule> {
  const module = await importModule(file)
  const { options = {}, positionals = false } = module
  const exported = await (module['application'] ?? module['default'])
  const fault = faultOf(options, taken) ?? faultOfArguments(exported, options as object, positionals)
  if (fault !== undefined) throw new ModuleError(file, fault)
  return {
    file,
    options: options as ModuleOptions,
    positionals: positionals as boolean,
    application: async (args) => serviceOf(file, module, await made(file, exported, args)),
  }
}

function faultOfArguments(exported: unknown, options: object, positionals: unknown): string | undefined {
  if (typeof positionals !== 'boolean') return "its 'positionals' must be true or false"
  if (typeof exported === 'function' || exported === undefined) return undefined
  if (Object.keys(options).length === 0 && !positionals) return undefined
  return 'it declares options, but what it exports is no function that takes them'
}

async function made(
  file: string,
  exported: unknown,
  { values, positionals }: ModuleArguments,
): Promise<unknown> {
  if (typeof exported !== 'function') return exported
  try {
    const make = exported as (...args: unknown[]) => unknown
    return await make(values, positionals)
  } catch (error) {
    if (isUsageError(error)) throw error
    throw new ModuleError(file, withPlace(`its function failed: ${explain(error)}`, error), { cause: error })
  }
}

function serviceOf(file: string, module: Exports, application: unknown): IService {
  if (hasRole<IService>(application, SERVICE)) return application
  throw new ModuleError(file, `${WANTED}; ${found(module, application)}`)
}

/** What a module has instead of an application. */
function found(module: Exports, application: unknown): string {
  if (application !== undefined) {
    const what =
      typeof application === 'object' ? 'an object without the methods of a service' : typeof application
    return `what it exports, or its function returns, is ${what}`
  }
  const names = Object.keys(module)
  return names.length === 0 ? 'it exports nothing' : `it exports ${names.join(', ')}`
}
