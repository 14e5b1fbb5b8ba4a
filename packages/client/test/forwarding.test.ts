import { hasRole } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { Forwarding } from '../src/forwarding.ts'

class Inner {
  #secret = 'secret'
  label = 'inner'
  get upper(): string {
    return this.label.toUpperCase()
  }
  tell(suffix: string): string {
    return this.#secret + suffix
  }
}

class Outer extends Forwarding<Inner> {
  field: string | undefined = undefined
  own(): string {
    return 'own'
  }
}

/** With the type of what it stands in for. */
const make = (inner: Inner = new Inner()) => new Outer(inner) as Outer & Inner

describe('Forwarding', () => {
  it('CS-72 has what the inner object has: properties, accessors, methods', () => {
    const outer = make()
    expect(outer.label).toBe('inner')
    expect(outer.upper).toBe('INNER')
    expect(outer.tell('!')).toBe('secret!')
  })

  it('reads what the inner object has at that time', () => {
    const inner = new Inner()
    const outer = make(inner)
    inner.label = 'changed'
    expect(outer.label).toBe('changed')
  })

  it('keeps its own members and its own class', () => {
    const outer = make()
    expect(outer.own()).toBe('own')
    expect(outer.inner).toBeInstanceOf(Inner)
    expect(outer).toBeInstanceOf(Outer)
    expect(outer.constructor).toBe(Outer)
  })

  it('keeps what is assigned to it', () => {
    const inner = new Inner()
    const outer = make(inner)
    outer.label = 'outer'
    outer.field = 'set'
    expect([outer.label, outer.field, inner.label]).toEqual(['outer', 'set', 'inner'])
  })

  it('CS-74 has exactly the roles of the inner object', () => {
    const outer = make()
    expect(hasRole(outer, ['tell'] as never[])).toBe(true)
    expect(hasRole(outer, ['untell'] as never[])).toBe(false)
  })

  it('does not take part in the inheritance of others', () => {
    expect(({} as Partial<Inner>).label).toBeUndefined()
    expect((Outer.prototype as Partial<Inner>).label).toBeUndefined()
  })
})
