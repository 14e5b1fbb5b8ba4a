/**
 * Objects that stand in for others: what they do not have themselves is read from those.
 *
 * @module
 */

/**
 * Lets the objects of a class have what it lacks from other objects, methods bound to them; roles that are found by their methods are
 * so passed through exactly.
 *
 * The forwarding sits at the end of the prototype chain, so that a method of the class costs no more than elsewhere.
 *
 * @param prototype - of a class that extends no other
 * @param sourceOf - where an object has a member from; `undefined` when from nowhere
 */
export function forwardMissing<T extends object>(
  prototype: T,
  sourceOf: (object: T, key: string) => object | undefined,
): void {
  Object.setPrototypeOf(
    prototype,
    new Proxy(Object.prototype, {
      get(target, key, receiver: T) {
        // Those who look at an object from outside ask for symbols, and for what every object has.
        const isOwn = typeof key !== 'string' || key in target || receiver === prototype
        const source = isOwn ? undefined : (sourceOf(receiver, key) as Record<string, unknown> | undefined)
        if (source === undefined) return Reflect.get(target, key, receiver) as unknown
        const value = source[key as string]
        return typeof value === 'function' ? (value.bind(source) as unknown) : value
      },
    }),
  )
}
