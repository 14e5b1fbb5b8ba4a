import { describe, expect, it } from 'vitest'
import { nameOf } from '../src/name-of.ts'

class Broker {}

const broken = (): string => {
  throw new Error('broken')
}

describe('nameOf', () => {
  it.each([
    ['its text', { toString: () => 'tcp:a:1' }, 'tcp:a:1'],
    ['its class, when the text says nothing', new Broker(), 'Broker'],
    ['a word, when it has no text', Object.create(null) as object, 'an object'],
    ['a word, when the text throws', { toString: broken }, 'an object'],
  ])('is %s', (_what, thing, name) => {
    expect(nameOf(thing)).toBe(name)
  })
})
