/**
 * A service that is made of services.
 *
 * Source: Twisted, `twisted/application/service.py`, `MultiService`.
 * Differs: children are started and stopped one after another and awaited; a start that fails is undone; a stop tells
 * which children failed; children may come and go at any time, and each is started and stopped once.
 *
 * @module
 */
import type { Fact, IFailureHandler, IService, IServiceCollection } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { Children } from './children.ts'
import { locateStart, ServiceOptionError, ServiceParentError, UnknownServiceError } from './errors.ts'
import { failBelow } from './failure.ts'
import { ForeignHooks } from './foreign-hooks.ts'
import { Lifecycle } from './lifecycle.ts'
import { keepShapes } from './lasting.ts'
import { inLoop } from './loop.ts'
import type { ServiceOptions } from './options.ts'
import { lifecycleOf, Service } from './service.ts'
import { both } from './transit.ts'

const SERVICE = ['privilegedStartService', 'startService', 'stopService'] as const

/** Options of a `MultiService`. */
export interface MultiServiceOptions extends ServiceOptions {
  /**
   * One child after another, or all in one turn; stopped in reverse.
   *
   * @defaultValue 'sequence'
   */
  readonly order?: 'sequence' | 'together' | undefined
}

/**
 * Services that are started in the order in which they were added, and stopped in reverse.
 *
 * When one does not start, those that had started are stopped in reverse, and the start rejects. A stop goes through all
 * children, and rejects then if one has failed. A subclass may have hooks of its own: they run before the children start,
 * and after they have stopped.
 *
 * @example
 * ```ts
 * const app = new MultiService({ name: 'app' }, [database, server])
 * await app.startService()
 * await app.stopService() // server first
 * ```
 */
export class MultiService extends Service implements IServiceCollection, IFailureHandler {
  readonly #life: Lifecycle

  /**
   * @param children - are given this as their parent
   * @throws ServiceOptionError (`ERR_SENNIT_SERVICE_OPTION`) when an option is not what it must be
   * @throws DuplicateServiceError (`ERR_SENNIT_DUPLICATE_SERVICE`) when two children have the same name
   */
  constructor(options: MultiServiceOptions = {}, children: Iterable<IService> = []) {
    super(options)
    keepShapes()
    const { order = 'sequence' } = options
    if (order !== 'sequence' && order !== 'together') {
      throw new ServiceOptionError('make a service', 'order', "'sequence' or 'together'", order)
    }
    this.#life = lifecycleOf(this)!
    this.#life.children = new Children(order === 'together')
    for (const child of children) void child.setServiceParent(this)
  }

  /** The children, in the order in which they were added. */
  [Symbol.iterator](): IterableIterator<IService> {
    return this.#children
      .snapshot()
      .map(({ service }) => service)
      .values()
  }

  /**
   * The child of that name; those below it are not looked at.
   *
   * @throws UnknownServiceError (`ERR_SENNIT_UNKNOWN_SERVICE`)
   */
  getServiceNamed(name: string): IService {
    const child = this.#children.named(name)
    if (child === undefined) throw new UnknownServiceError(this.path, name)
    return child.service
  }

  /**
   * Takes a service in. While the collection is running, it is started at once, privileged start first; when that fails it
   * is taken out again and has no parent. While the collection is starting, it is started in its turn.
   *
   * @returns nothing when all is done, else a promise of the start, which nobody has to catch
   * @throws DuplicateServiceError (`ERR_SENNIT_DUPLICATE_SERVICE`) when there is one of that name; nothing is changed
   * @throws ServiceParentError (`ERR_SENNIT_SERVICE_PARENT`) when the service is above the collection
   */
  addService(service: IService): void | Promise<void> {
    const own = ownLife(service)
    if (own !== undefined && service.parent !== this) return service.setServiceParent(this)
    const child = own ?? foreignLife(service)
    this.#life.assertAccepts(child, service.name)
    const before = child.collection?.service as IServiceCollection | undefined
    const stopped = before?.removeService(service)
    if (own === undefined) child.name = service.name
    const start = inLoop(() => this.#life.adopt(child))
    return both(stopped, start ? this.#startLate(child) : undefined)
  }

  /**
   * Takes a service out, and stops it if it was started by the collection.
   *
   * @returns nothing when all is done, else a promise of the stop, which nobody has to catch
   * @throws UnknownServiceError (`ERR_SENNIT_UNKNOWN_SERVICE`) when it is no child; nothing is changed
   */
  removeService(service: IService): void | Promise<void> {
    const own = ownLife(service)
    if (own !== undefined && service.parent === this) return service.disownServiceParent()
    const child = own ?? foreignLife(service)
    if (child.collection !== this.#life) {
      throw new UnknownServiceError(this.path, service.name)
    }
    const { path } = child
    const stop = inLoop(() => {
      this.#life.release(child)
      const asked = this.#life.active ? child.request('stop', undefined) : undefined
      asked?.claim()
      return asked
    })
    if (stop === undefined || (stop.settled && stop.error === undefined)) return undefined
    const stopped = stop.promise()
    stopped.catch((error: Error) =>
      this.#life.report(error, 'A service that was taken out did not stop', path),
    )
    return stopped
  }

  /** A child, or one below it, has failed; it is for children of another kind. */
  childFailed(child: IService, error: Error): void {
    inLoop(() => failBelow(this.#life, child, error))
  }

  protected override facts(): Readonly<Record<string, Fact>> {
    return { services: this.#children.size }
  }

  /** The JSON form, with the children in theirs. */
  override toJSON(): Record<string, unknown> {
    return { ...super.toJSON(), services: [...this] }
  }

  get #children(): Children {
    return this.#life.children!
  }

  #startLate(child: Lifecycle): void | Promise<void> {
    const start = inLoop(() => {
      child.request('privileged', undefined)
      const asked = child.request('start', undefined)
      asked?.claim()
      return asked
    })
    if (start === undefined || (start.settled && start.error === undefined)) return undefined
    if (start.phase === 'queued') start.arm()
    const failed = (error: Error): Error => {
      const located = locateStart(child, error)
      // One that was stopped meanwhile stays in it, as does one that is to start again.
      if (start.failed && !child.running && child.collection === this.#life && this.running) {
        this.#life.report(error, 'A service that was added did not start', child.path)
        this.#takeOut(child)
      }
      return located
    }
    const started = start.settled
      ? Promise.reject(failed(start.error!))
      : start.promise().catch((error: Error) => {
          throw failed(error)
        })
    started.catch(() => {})
    return started
  }

  #takeOut(child: Lifecycle): void {
    void child.service.disownServiceParent()
    // One of another kind may not know that it was here.
    if (child.collection === this.#life) void this.removeService(child.service)
  }
}

/** @throws ServiceParentError when it is no service at all */
function ownLife(service: IService): Lifecycle | undefined {
  if (!hasRole<IService>(service, SERVICE)) {
    throw new ServiceParentError('given to a service', String(service))
  }
  return lifecycleOf(service)
}

/** The lives of services that keep none themselves. A service keeps its life when it moves. */
const foreignLives = new WeakMap<IService, Lifecycle>()

function foreignLife(service: IService): Lifecycle {
  let life = foreignLives.get(service)
  if (life === undefined) {
    life = new Lifecycle(new ForeignHooks(service), service.name, undefined)
    foreignLives.set(service, life)
  }
  return life
}
