/**
 * A module that makes services, known before it is loaded.
 *
 * Source: Twisted, `twisted/application/service.py`, `ServiceMaker`.
 * Differs: a module is loaded asynchronously, so that what it has comes as a promise.
 *
 * @module
 */
import type { IService } from '@sennit/interfaces'
import { ServiceMakerError } from './errors.ts'

/** What the module of a `ServiceMaker` exports. */
export interface ServiceModule<O = unknown> {
  /** Describes the options that `makeService` takes, for whoever parses them. */
  readonly options?: unknown
  makeService(options: O): IService | Promise<IService>
}

/**
 * Tells how services of a kind are called and what they are for; the module that makes them is loaded on first use.
 *
 * @example
 * ```ts
 * const chat = new ServiceMaker('Chat', () => import('./chat.ts'), 'A chat server', 'chat')
 * const service = await chat.makeService({ port: 7000 })
 * ```
 */
export class ServiceMaker<O = unknown> {
  /** A name for people. */
  readonly name: string
  /** The module: its absolute URL, or a function that loads it. */
  readonly module: string | (() => Promise<ServiceModule<O>>)
  /** One line on what the service does. */
  readonly description: string
  /** The name on the command line. */
  readonly tapname: string

  constructor(
    name: string,
    module: string | (() => Promise<ServiceModule<O>>),
    description: string,
    tapname: string,
  ) {
    this.name = name
    this.module = module
    this.description = description
    this.tapname = tapname
  }

  /** The module's `options`. */
  get options(): Promise<unknown> {
    return this.#load().then(({ options }) => options)
  }

  /**
   * Makes a service by the module's `makeService`.
   *
   * @throws ServiceMakerError (`ERR_SENNIT_SERVICE_MAKER`), as a rejection, when the module has none
   */
  async makeService(options: O): Promise<IService> {
    const module = await this.#load()
    if (typeof module.makeService !== 'function') throw new ServiceMakerError(this.name, module.makeService)
    return module.makeService(options)
  }

  async #load(): Promise<ServiceModule<O>> {
    return typeof this.module === 'string'
      ? ((await import(this.module)) as ServiceModule<O>)
      : await this.module()
  }
}
