/**
 * A service out of anything that can be disposed of.
 *
 * @module
 */
import { isThenable } from '@sennit/runtime/internal'
import { DisposedError, ServiceOptionError } from './errors.ts'
import type { HookContext, ServiceOptions } from './options.ts'
import { Service } from './service.ts'

/** Makes a resource at each start. */
export type DisposableFactory<T> = (hook: HookContext) => T | Promise<T>

/** Keeps a resource from its start to its stop. */
export class DisposableService<T extends AsyncDisposable | Disposable> extends Service {
  #factory: DisposableFactory<T> | undefined
  #value: T | undefined

  constructor(resource: T | DisposableFactory<T>, options: ServiceOptions) {
    super(options)
    if (isDisposable(resource)) this.#value = resource
    else if (typeof resource === 'function') this.#factory = resource
    else throw new ServiceOptionError('make a service', 'resource', 'disposable, or a function', resource)
  }

  /** The resource, as long as there is one. */
  get value(): T | undefined {
    return this.#value
  }

  protected override onStart(hook: HookContext): void | Promise<void> {
    const factory = this.#factory
    if (factory === undefined) {
      if (this.#value === undefined) throw new DisposedError(this.path)
      return undefined
    }
    const made = factory(hook)
    if (!isThenable(made)) {
      this.#value = made
      return undefined
    }
    return Promise.resolve(made).then((value) => {
      this.#value = value
    })
  }

  protected override onStop(): void | Promise<void> {
    const value = this.#value as Partial<AsyncDisposable & Disposable> | undefined
    this.#value = undefined
    if (value?.[Symbol.asyncDispose] !== undefined) return value[Symbol.asyncDispose]!() as Promise<void>
    return value?.[Symbol.dispose]?.()
  }
}

/**
 * A service that disposes of a resource when it stops.
 *
 * @param resource - what has `Symbol.asyncDispose` or `Symbol.dispose`, the first before the second; or a function that
 * makes it at each start. A resource that was given as it is can be started once
 * @throws ServiceOptionError (`ERR_SENNIT_SERVICE_OPTION`) when it is neither
 * @example
 * ```ts
 * const directory = fromDisposable('scratch', () => mkdtempDisposable('/tmp/relay-'))
 * ```
 */
export function fromDisposable<T extends AsyncDisposable | Disposable>(
  name: string,
  resource: T | DisposableFactory<T>,
  options: Omit<ServiceOptions, 'name'> = {},
): DisposableService<T> {
  return new DisposableService(resource, { ...options, name })
}

function isDisposable<T extends AsyncDisposable | Disposable>(value: T | DisposableFactory<T>): value is T {
  const { [Symbol.asyncDispose]: later, [Symbol.dispose]: now } = Object(value) as Partial<
    AsyncDisposable & Disposable
  >
  return typeof later === 'function' || typeof now === 'function'
}
