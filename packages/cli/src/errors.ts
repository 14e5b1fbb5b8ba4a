/**
 * Errors of the command.
 *
 * @module
 */

/** A module cannot be run; the message names its file and says why. */
export class ModuleError extends Error {
  override readonly name = 'ModuleError'
  readonly code = 'ERR_SENNIT_MODULE'
  /** The path of the file. */
  readonly file: string
  constructor(file: string, why: string, options?: ErrorOptions) {
    super(`Cannot run ${file}: ${why}`, options)
    this.file = file
  }
}

/**
 * Arguments make no sense. The command then ends with 64; a module may throw it too, when the value of one of its options is no good.
 *
 * @example
 * ```ts
 * if (!/^\d+$/.test(values.port)) throw new UsageError(`'--port' must be a number, got '${values.port}'`)
 * ```
 */
export class UsageError extends Error {
  override readonly name = 'UsageError'
  readonly code = 'ERR_SENNIT_USAGE'
}

/** A plugin cannot be used; the message names it, and the file that lists it. */
export class PluginError extends Error {
  override readonly name = 'PluginError'
  readonly code = 'ERR_SENNIT_PLUGIN'
  /** The plugin, as it is listed. */
  readonly plugin: string
  constructor(plugin: string, manifest: string, why: string, options?: ErrorOptions) {
    super(`Cannot use the plugin ${plugin} of ${manifest}: ${why}`, options)
    this.plugin = plugin
  }
}

/** The status of a process cannot be had; the message names the address. */
export class StatusError extends Error {
  override readonly name = 'StatusError'
  readonly code = 'ERR_SENNIT_STATUS'
  /** Where it was asked for. */
  readonly address: string
  constructor(address: string, why: string, options?: ErrorOptions) {
    super(`Cannot read the status of ${address}: ${why}`, options)
    this.address = address
  }
}

/** The log cannot be written where it shall be. */
export class LogFileError extends Error {
  override readonly name = 'LogFileError'
  readonly code = 'ERR_SENNIT_LOG_FILE'
  constructor(file: string, options: ErrorOptions & { readonly cause: Error }) {
    super(`Cannot write the log to ${file}: ${options.cause.message}`, options)
  }
}

/** Whether something thrown says that the arguments make no sense; also when it comes from another copy of this package. */
export function isUsageError(thrown: unknown): thrown is Error {
  return (thrown as { code?: unknown } | undefined)?.code === 'ERR_SENNIT_USAGE' && thrown instanceof Error
}
