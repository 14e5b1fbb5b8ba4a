import type { IHostnameResolver, IResolutionReceiver } from '@sennit/interfaces'
import { describe, expect, it } from 'vitest'
import { ReactorOptionError } from '../src/errors.ts'
import { IPv4Address, IPv6Address } from '../src/addresses.ts'
import { beginResolution, firstAddress, type LookUp } from '../src/resolution.ts'
import { FakeLog } from './fake-log.ts'

const NAMES: Readonly<Record<string, readonly string[]>> = {
  'two.example': ['::1', '10.0.0.1', '10.0.0.2'],
  'six.example': ['::1'],
}

const lookUp: LookUp = (name, _family, answer) => {
  const found = NAMES[name]
  if (found === undefined) answer([], new Error('no such name'))
  else answer(found)
}

const resolver: IHostnameResolver = {
  resolveHostName(receiver, name, options = {}) {
    if (name.includes('\0')) throw new ReactorOptionError('resolve', 'host', 'a name', name)
    return beginResolution(receiver, name, options, lookUp, new FakeLog())
  },
}

/** Keeps what it is told, each as a word. */
function receiving(told: string[], more: Partial<IResolutionReceiver> = {}): IResolutionReceiver {
  return {
    resolutionBegan: ({ name }) => told.push(`began ${name}`),
    addressResolved: (address) => told.push(String(address)),
    resolutionComplete: (error) => told.push(error?.message ?? 'complete'),
    ...more,
  }
}

describe('beginResolution', () => {
  it('RX-25 tells the beginning, each address with the port, and the end', () => {
    const told: string[] = []
    beginResolution(receiving(told), 'two.example', { port: 80 }, lookUp, new FakeLog())
    expect(told).toEqual([
      'began two.example',
      'tcp:[::1]:80',
      'tcp:10.0.0.1:80',
      'tcp:10.0.0.2:80',
      'complete',
    ])
  })

  it('RX-25 tells why there are none', () => {
    const told: string[] = []
    beginResolution(receiving(told), 'no.example', {}, lookUp, new FakeLog())
    expect(told).toEqual(['began no.example', 'no such name'])
  })

  it.each([
    ['10.0.0.9', undefined, ['tcp:10.0.0.9:0']],
    ['10.0.0.9', 4, ['tcp:10.0.0.9:0']],
    ['10.0.0.9', 6, []],
  ] as const)('RX-25 asks nobody about the literal %s, of family %s', (literal, family, addresses) => {
    const told: string[] = []
    const never: LookUp = () => {
      throw new Error('asked')
    }
    beginResolution(receiving(told), literal, { family }, never, new FakeLog())
    expect(told).toEqual([`began ${literal}`, ...addresses, 'complete'])
  })

  it('RX-25 asks nobody, and tells nothing more, once it is cancelled', () => {
    const told: string[] = []
    let asked = 0
    const receiver = receiving(told, { resolutionBegan: (resolution) => resolution.cancel() })
    beginResolution(receiver, 'two.example', {}, () => asked++, new FakeLog())
    const second = receiving(told)
    const resolution = beginResolution(
      { ...second, addressResolved: () => resolution?.cancel() },
      'two.example',
      {},
      (_name, _family, answer) => queueMicrotask(() => answer(['10.0.0.1'])),
      new FakeLog(),
    )
    resolution.cancel()
    expect([told, asked]).toEqual([['began two.example'], 0])
  })

  it('logs what a receiver throws, and goes on', () => {
    const told: string[] = []
    const log = new FakeLog()
    const error = new Error('broken')
    const receiver = receiving(told, {
      addressResolved() {
        throw error
      },
    })
    beginResolution(receiver, 'six.example', {}, lookUp, log)
    expect(told).toEqual(['began six.example', 'complete'])
    expect(log.entries.map(({ err }) => err)).toEqual([error])
  })
})

describe('firstAddress', () => {
  it.each([
    ['', '0.0.0.0'],
    ['10.0.0.3', '10.0.0.3'],
    ['::1', '::1'],
    ['two.example', '10.0.0.1'],
  ])('RX-24 of %j is %s', async (name, address) => {
    await expect(firstAddress(resolver, name)).resolves.toBe(address)
  })

  it.each(['no.example', 'six.example'])('RX-24 there is none of %s', async (hostname) => {
    await expect(firstAddress(resolver, hostname)).rejects.toMatchObject({ name: 'DNSLookupError', hostname })
  })

  it('rejects what is no name', async () => {
    await expect(firstAddress(resolver, 'a\0b')).rejects.toMatchObject({ code: 'ERR_SENNIT_REACTOR_OPTION' })
  })

  it('RX-24 what a resolver throws is why there is none', async () => {
    const cause = new Error('out of order')
    const broken: IHostnameResolver = {
      resolveHostName() {
        throw cause
      },
    }
    await expect(firstAddress(broken, 'a.example')).rejects.toMatchObject({
      name: 'DNSLookupError',
      hostname: 'a.example',
      cause,
    })
  })

  it('ignores what is no IPv4 address', async () => {
    const address = firstAddress(
      {
        resolveHostName(receiver, name) {
          const resolution = { name, cancel() {} }
          receiver.addressResolved(new IPv6Address('TCP', '::1', 0))
          receiver.addressResolved(new IPv4Address('TCP', '10.0.0.1', 0))
          receiver.resolutionComplete()
          return resolution
        },
      },
      'a.example',
    )
    await expect(address).resolves.toBe('10.0.0.1')
  })
})
