/**
 * The command `sennit`, as a function.
 *
 * @module
 */
export { loadApplication } from './load-application.ts'
export { main } from './main.ts'
export { ModuleError, UsageError } from './errors.ts'
export type { ModuleOption, ModuleOptions, ModuleValues } from './module-options.ts'
