/**
 * The command `sennit`, as a function.
 *
 * @module
 */
export { loadApplication } from './load-application.ts'
export { main } from './main.ts'
export { ModuleError } from './errors.ts'
