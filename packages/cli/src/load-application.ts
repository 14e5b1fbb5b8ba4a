/**
 * The application of a module, in one call.
 *
 * @module
 */
import type { IService } from '@sennit/interfaces'
import { importApplication } from './application-module.ts'
import { parseModuleArguments } from './module-options.ts'

/**
 * Imports a module and takes its application.
 *
 * @param file - a path, from the working directory
 * @param args - the arguments of the module: its options, and `--` before what is no option
 * @returns the export `application`, else the default; a function is called with the options and arguments, and what it returns is awaited
 * @throws ModuleError (`ERR_SENNIT_MODULE`), as a rejection
 * @throws UsageError (`ERR_SENNIT_USAGE`), as a rejection, when the module does not take such arguments
 * @example
 * ```ts
 * const application = await loadApplication('dist/main.js', ['--port', '8080'])
 * ```
 */
export async function loadApplication(file: string, args: readonly string[] = []): Promise<IService> {
  const module = await importApplication(file)
  return module.application(parseModuleArguments(args, [], { ...module, what: file }))
}
