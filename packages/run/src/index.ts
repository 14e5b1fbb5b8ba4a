/**
 * Runs an application as the main thing of a process: signals, deadlines, privileges, exit codes.
 *
 * @module
 */
export { PrivilegeError, RunOptionError } from './errors.ts'
export type { IProgram } from './program.ts'
export { run, type RunOptions } from './run.ts'
