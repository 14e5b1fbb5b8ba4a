/**
 * Objects that stand in for another one: what they do not have themselves is read from that.
 *
 * @module
 */

/**
 * Has an inner object, and everything that the inner object has.
 *
 * The forwarding sits at the end of the prototype chain, so that a method of the subclass costs no more than elsewhere.
 */
export class Forwarding<I extends object> {
  readonly inner: I

  constructor(inner: I) {
    this.inner = inner
  }
}

Object.setPrototypeOf(
  Forwarding.prototype,
  new Proxy(Object.prototype, {
    get(target, key, receiver: Forwarding<Record<PropertyKey, unknown>>) {
      // Somebody looks at the class itself.
      if (!Object.hasOwn(receiver, 'inner')) return Reflect.get(target, key, receiver) as unknown
      const { inner } = receiver
      const value = inner[key]
      return typeof value === 'function' ? value.bind(inner) : value
    },
  }),
)
