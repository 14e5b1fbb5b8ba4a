import { describe, expect, it } from 'vitest'
import type { IReactorTCP } from '@sennit/interfaces'
import { Clock, hasRole, requireRole } from '../src/index.ts'

const methods = ['listenTCP', 'connectTCP'] as const

describe('roles', () => {
  it.each<[unknown, boolean]>([
    [{ listenTCP() {}, connectTCP() {} }, true],
    [Object.assign(() => {}, { listenTCP() {}, connectTCP() {} }), true],
    [{ listenTCP() {} }, false],
    [{ listenTCP() {}, connectTCP: true }, false],
    [new Clock(), false],
    [null, false],
    [undefined, false],
    ['listenTCP', false],
  ])('hasRole tells by the methods, case %#', (object, expected) => {
    expect(hasRole<IReactorTCP>(object, methods)).toBe(expected)
  })

  it('requireRole yields the object itself', () => {
    const reactor = { listenTCP() {}, connectTCP() {} }
    expect(requireRole<IReactorTCP>(reactor, 'IReactorTCP', methods)).toBe(reactor)
  })

  it('requireRole names the role that is missing', () => {
    expect(() => requireRole<IReactorTCP>(new Clock(), 'IReactorTCP', methods)).toThrow(
      expect.objectContaining({
        name: 'MissingRoleError',
        code: 'ERR_SENNIT_MISSING_ROLE',
        role: 'IReactorTCP',
        message:
          'Cannot use the reactor: it must have the role IReactorTCP, got one without listenTCP, connectTCP',
      }),
    )
  })
})
