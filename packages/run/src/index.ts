/**
 * Runs an application, or a function, as the main thing of a process: signals, deadlines, privileges, exit codes.
 *
 * @module
 */
export { ExitError, PrivilegeError, RunOptionError } from './errors.ts'
export type { IProgram } from './program.ts'
export { react, type ReactOptions, type ReactReactor } from './react.ts'
export { run } from './run.ts'
export type { RunOptions } from './run-options.ts'
