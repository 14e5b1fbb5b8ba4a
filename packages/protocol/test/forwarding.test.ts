import { describe, expect, it } from 'vitest'
import { hasRole } from '@sennit/runtime'
import { forwardMissing } from '../src/forwarding.ts'

class Stand {
  readonly inner: object | undefined
  own = 'own'
  constructor(inner?: object) {
    this.inner = inner
  }
  method() {
    return 'of the class'
  }
}
forwardMissing(Stand.prototype, ({ inner }, key) => (key === 'secret' ? undefined : inner))

class Inner {
  #value = 7
  own = 'inner'
  secret = 'secret'
  method() {
    return 'of the inner one'
  }
  get value() {
    return this.#value
  }
  increase() {
    return ++this.#value
  }
}

describe('forwardMissing', () => {
  it('reads from elsewhere what an object lacks, methods bound to where they are from', () => {
    const stand = new Stand(new Inner()) as Stand & Inner
    expect([stand.value, stand.increase(), stand.value]).toEqual([7, 8, 8])
    expect([stand.own, stand.method()]).toEqual(['own', 'of the class'])
  })

  it('makes roles of the other object roles of this one, and no others', () => {
    expect(hasRole<Inner>(new Stand(new Inner()), ['increase'])).toBe(true)
    expect(hasRole<Inner>(new Stand({}), ['increase'])).toBe(false)
    expect(hasRole<Inner>(new Stand(), ['increase'])).toBe(false)
  })

  it('reads nothing where it is told so, nor for those who look at an object from outside', () => {
    const stand = new Stand({ [Symbol.toStringTag]: 'Inner', secret: 1, inspected: 2 }) as unknown as Record<
      PropertyKey,
      unknown
    >
    expect([stand['secret'], stand[Symbol.toStringTag], stand['inspected']]).toEqual([
      undefined,
      undefined,
      2,
    ])
    expect((Stand.prototype as unknown as Record<string, unknown>)['value']).toBeUndefined()
    expect(Object.prototype.toString.call(new Stand())).toBe('[object Object]')
  })

  it('leaves what is set, and what every object has', () => {
    const stand = new Stand({ value: 1 }) as Stand & { value: number }
    stand.value = 2
    expect(stand.value).toBe(2)
    expect(Object.hasOwn(stand, 'value')).toBe(true)
    expect(stand.hasOwnProperty('inner')).toBe(true)
    expect(new Stand() instanceof Stand).toBe(true)
  })

  it('holds for subclasses', () => {
    class Sub extends Stand {
      override method() {
        return `${super.method()}, overridden`
      }
    }
    const stand = new Sub(new Inner()) as Sub & Inner
    expect([stand.method(), stand.value]).toEqual(['of the class, overridden', 7])
  })
})
