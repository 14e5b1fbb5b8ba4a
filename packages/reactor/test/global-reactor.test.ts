import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { IReactorTCP } from '@sennit/interfaces'
import { Clock, getGlobalReactor, maybeGlobalReactor, setGlobalReactor, systemClock } from '@sennit/runtime'
import { getReactor, installReactor, NodeReactor, reactorWith, registerReactor } from '../src/index.ts'

describe('the reactor of the process', () => {
  let before: ReturnType<typeof getGlobalReactor>
  beforeEach(() => {
    before = getGlobalReactor()
    setGlobalReactor(undefined)
  })
  afterEach(() => setGlobalReactor(before))

  const methods = ['listenTCP', 'connectTCP'] as const

  it('RX-34 is made on first use, and is then the one that all share', () => {
    const reactor = getReactor()
    expect(reactor).toBeInstanceOf(NodeReactor)
    expect(getReactor()).toBe(reactor)
    expect(maybeGlobalReactor()).toBe(reactor)
  })

  it('RX-34 is installed once', () => {
    const reactor = new NodeReactor()
    installReactor(reactor)
    expect(getReactor()).toBe(reactor)
    const refused = expect.objectContaining({
      name: 'ReactorAlreadyInstalledError',
      code: 'ERR_SENNIT_REACTOR_INSTALLED',
    }) as Error
    expect(() => installReactor(new NodeReactor())).toThrow(refused)
    expect(() => installReactor('node')).toThrow(refused)
    expect(getReactor()).toBe(reactor)
  })

  it('RX-34 cannot be installed after its first use', () => {
    getReactor()
    expect(() => installReactor(new NodeReactor())).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_INSTALLED' }),
    )
  })

  it('RX-34 is installed by the name of its kind; an unknown name is a NoSuchReactorError', () => {
    expect(() => installReactor('epoll')).toThrow(
      expect.objectContaining({
        name: 'NoSuchReactorError',
        code: 'ERR_SENNIT_NO_SUCH_REACTOR',
        reactor: 'epoll',
      }),
    )
    expect(getGlobalReactor()).toBeUndefined()
    const mine = new NodeReactor()
    registerReactor('mine', () => mine)
    installReactor('mine')
    expect(getReactor()).toBe(mine)
  })

  it('RX-34 the kind node is there', () => {
    installReactor('node')
    expect(getReactor()).toBeInstanceOf(NodeReactor)
  })

  it('an installed one without TCP is refused by getReactor', () => {
    installReactor(new Clock())
    expect(() => getReactor()).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_MISSING_ROLE', role: 'IReactorTCP' }),
    )
  })

  it.each([
    ['IReactorUDP', 'listenUDP'],
    ['IReactorSSL', 'connectSSL'],
    ['IReactorUNIX', 'listenUNIX'],
    ['IReactorUNIXDatagram', 'listenUNIXDatagram'],
    ['IReactorMulticast', 'listenMulticast'],
    ['IReactorSocket', 'adoptStreamPort'],
    ['IInheritedSockets', 'inheritedSockets'],
    ['IReactorPluggableNameResolver', 'installNameResolver'],
    ['IReactorResolve', 'resolve'],
    ['IReactorCore', 'run'],
    ['ISystemEvents', 'fireSystemEvent'],
    ['IReactorFiles', 'watchFile'],
  ])('an installed one without %s is refused by getReactor, which names it', (role, method) => {
    const reactor = new NodeReactor()
    const partial = new Proxy(reactor, {
      get: (target, key) => (key === method ? undefined : Reflect.get(target, key)),
      getPrototypeOf: () => Object.prototype,
    })
    installReactor(partial)
    expect(() => getReactor()).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_MISSING_ROLE', role }))
  })

  it('an installed one that can do all is taken, whoever made it', () => {
    const other = new Proxy(new NodeReactor(), { getPrototypeOf: () => Object.prototype })
    installReactor(other)
    expect(getReactor()).toBe(other)
  })

  it('reactorWith asks an installed one for one role only', () => {
    const partial = Object.assign(new Clock(), { listenTCP() {}, connectTCP() {} })
    installReactor(partial)
    expect(reactorWith<IReactorTCP>(undefined, 'IReactorTCP', methods)).toBe(partial)
  })

  it('reactorWith yields the given reactor', () => {
    const given = new NodeReactor()
    expect(reactorWith<IReactorTCP>(given, 'IReactorTCP', methods)).toBe(given)
    expect(getGlobalReactor()).toBeUndefined()
  })

  it.each([undefined, systemClock])('reactorWith yields that of the process for %s', (given) => {
    expect(reactorWith<IReactorTCP>(given, 'IReactorTCP', methods)).toBe(getReactor())
  })

  it('reactorWith names the role that the given reactor lacks', () => {
    expect(() => reactorWith<IReactorTCP>(new Clock(), 'IReactorTCP', methods)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_MISSING_ROLE', role: 'IReactorTCP' }),
    )
  })
})
