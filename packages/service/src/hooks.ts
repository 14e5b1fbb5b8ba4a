/**
 * A service out of two or three functions.
 *
 * @module
 */
import { isThenable } from '@sennit/runtime/internal'
import { ServiceOptionError } from './errors.ts'
import type { HookContext, ServiceOptions } from './options.ts'
import { Service } from './service.ts'

/** One of the functions; what it returns is awaited and dropped. */
export type HookFunction = (hook: HookContext) => unknown

/** What a service does; what it can do without is left out. */
export interface Hooks {
  /** Does what needs privileges. */
  readonly privilegedStart?: HookFunction | undefined
  readonly start?: HookFunction | undefined
  readonly stop?: HookFunction | undefined
}

class HookService extends Service {
  constructor({ privilegedStart, start, stop }: Hooks, options: ServiceOptions) {
    super(options)
    // What is not given is not there: a privileged start that does nothing needs no stop.
    if (privilegedStart !== undefined) this.onPrivilegedStart = (hook) => waited(privilegedStart(hook))
    if (start !== undefined) this.onStart = (hook) => waited(start(hook))
    if (stop !== undefined) this.onStop = (hook) => waited(stop(hook))
  }
}

/**
 * A service out of functions.
 *
 * @param functions - `start`, `stop` and `privilegedStart`; each is given `{ signal, context }`
 * @throws ServiceOptionError (`ERR_SENNIT_SERVICE_OPTION`) when one is no function
 * @example
 * ```ts
 * hooks('db', { start: () => pool.query('select 1'), stop: () => pool.end() })
 * ```
 */
export function hooks(name: string, functions: Hooks, options: Omit<ServiceOptions, 'name'> = {}): Service {
  for (const hook of ['privilegedStart', 'start', 'stop'] as const) {
    const f: unknown = functions[hook]
    if (f !== undefined && typeof f !== 'function') {
      throw new ServiceOptionError('make a service', hook, 'a function', f)
    }
  }
  return new HookService(functions, { ...options, name })
}

function waited(result: unknown): void | Promise<void> {
  return isThenable(result) ? (result as Promise<void>) : undefined
}
