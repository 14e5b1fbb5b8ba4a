import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { IHostPort, IHostResolution, IResolutionReceiver } from '@sennit/interfaces'
import { IPv4Address, IPv6Address } from '@sennit/protocol'
import { NameResolver } from '../src/name-resolver.ts'
import { assertNothingLogged, TestLog, turns, until } from './kit.ts'
import { KnownNames } from './known-names.ts'

/** Keeps what it is told. */
class Receiver implements IResolutionReceiver {
  readonly told: unknown[] = []
  onBegan: ((resolution: IHostResolution) => void) | undefined
  onAddress: (() => void) | undefined
  resolutionBegan(resolution: IHostResolution): void {
    this.told.push(resolution)
    this.onBegan?.(resolution)
  }
  addressResolved(address: IHostPort): void {
    this.told.push(address)
    this.onAddress?.()
  }
  resolutionComplete(error?: Error): void {
    this.told.push(error ?? 'complete')
  }
}

describe('NameResolver', () => {
  let names: KnownNames
  let log: TestLog
  let resolver: NameResolver
  let receiver: Receiver

  beforeEach(() => {
    names = new KnownNames({ 'two.example': ['::1', '10.0.0.1'], 'none.example': [] })
    log = new TestLog()
    resolver = new NameResolver(log)
    receiver = new Receiver()
  })
  afterEach(() => {
    names.dispose()
    assertNothingLogged(log)
  })

  it('RX-25 tells of the beginning, of each address with its port, and of the end', async () => {
    const resolution = resolver.resolveHostName(receiver, 'two.example', { port: 80 })
    expect(receiver.told).toEqual([resolution])
    expect(resolution.name).toBe('two.example')
    await until(() => receiver.told.length > 1)
    expect(receiver.told.slice(1)).toEqual([
      new IPv6Address('TCP', '::1', 80),
      new IPv4Address('TCP', '10.0.0.1', 80),
      'complete',
    ])
  })

  it('RX-25 asks the system once, for the family that is wanted', async () => {
    resolver.resolveHostName(receiver, 'two.example', { family: 4 })
    await until(() => receiver.told.includes('complete'))
    expect(names.calls).toEqual([['two.example', { all: true, family: 4 }]])
  })

  it('RX-25 EP-41 says what the system said of a name that it does not know', async () => {
    resolver.resolveHostName(receiver, 'no.example')
    await until(() => receiver.told.length > 1)
    expect(receiver.told[1]).toMatchObject({ code: 'ENOTFOUND' })
  })

  it.each([
    ['10.0.0.1', undefined, 1],
    ['10.0.0.1', 4, 1],
    ['10.0.0.1', 6, 0],
    ['::1', 6, 1],
    ['::1', 4, 0],
  ] as const)('RX-25 takes %s with the family %s for its own address', (literal, family, count) => {
    resolver.resolveHostName(receiver, literal, { family })
    expect(receiver.told).toHaveLength(2 + count)
    expect(receiver.told.at(-1)).toBe('complete')
    expect(names.calls).toEqual([])
  })

  it('tells nothing any more once it is cancelled: at once, later, and between two addresses', async () => {
    const [early, late, between] = [new Receiver(), new Receiver(), new Receiver()]
    early.onBegan = (resolution) => resolution.cancel()
    resolver.resolveHostName(early, 'two.example')
    resolver.resolveHostName(early, '10.0.0.1')
    expect(names.calls).toEqual([])
    resolver.resolveHostName(late, 'two.example').cancel()
    const resolution = resolver.resolveHostName(between, 'two.example')
    between.onAddress = () => resolution.cancel()
    await until(() => between.told.length > 1)
    await turns()
    expect([early.told.length, late.told.length, between.told.length]).toEqual([2, 1, 2])
  })

  it('logs what a receiver throws, and goes on', async () => {
    receiver.onAddress = () => {
      throw new Error('broken')
    }
    resolver.resolveHostName(receiver, 'two.example')
    await until(() => receiver.told.includes('complete'))
    expect(receiver.told).toHaveLength(4)
    expect(log.take()).toEqual(Array(2).fill('error: A receiver of addresses threw'))
  })

  it.each(['', 'a\0b', 7])('fault 17: refuses the name %j', (name) => {
    expect(() => resolver.resolveHostName(receiver, name as string)).toThrowError(
      expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION' }),
    )
  })

  it('refuses what is no port', () => {
    expect(() => resolver.resolveHostName(receiver, 'two.example', { port: 70_000 })).toThrowError(
      expect.objectContaining({ option: 'port' }),
    )
  })
})
