/**
 * Runs an application as the main thing of a process: signals, deadlines, privileges, exit codes.
 *
 * @module
 */
export { PrivilegeError } from './errors.ts'
export type { IProgram } from './program.ts'
export { run, type RunOptions } from './run.ts'
