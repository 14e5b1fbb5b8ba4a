/**
 * A service that leaves what only lives while it runs out of its JSON form.
 *
 * Source: Twisted, `twisted/application/internet.py`, `_VolatileDataService`.
 * Differs: it is the JSON form that leaves things out; a subclass lists its own names only.
 *
 * @module
 */
import { Service } from './service.ts'

/**
 * A service with volatile properties.
 *
 * @example
 * ```ts
 * class Cache extends VolatileDataService {
 *   static override readonly volatile = ['hits']
 *   size = 100
 *   hits = 0
 * }
 * JSON.stringify(new Cache({ name: 'cache' })) // {"name":"cache","size":100}
 * ```
 */
export class VolatileDataService extends Service {
  /** The names of the properties that are left out, besides those of the class above. */
  static readonly volatile: readonly string[] = []

  protected override volatile(): readonly string[] {
    const names: string[] = []
    let above: unknown = this.constructor
    while (typeof above === 'function' && above !== Service) {
      names.push(...(above as typeof VolatileDataService).volatile)
      above = Object.getPrototypeOf(above)
    }
    return names
  }
}
