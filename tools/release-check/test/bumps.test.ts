import { describe, expect, it } from 'vitest'
import { type Before, versionsAfter } from '../src/bumps.ts'

const PACKAGES: readonly Before[] = [
  { name: 'interfaces', version: '1.0.0', uses: [] },
  { name: 'backoff', version: '0.1.0', uses: ['interfaces'] },
  { name: 'client', version: '0.1.0', uses: ['backoff', 'interfaces'] },
  { name: 'internet', version: '0.1.0', uses: ['client'] },
]

const after = (...changes: Parameters<typeof versionsAfter>[1]): Record<string, string> =>
  Object.fromEntries(versionsAfter(PACKAGES, changes))

describe('versionsAfter', () => {
  it('releases nothing else after a patch', () => {
    expect(after({ name: 'backoff', bump: 'patch', note: '' })).toEqual({
      interfaces: '1.0.0',
      backoff: '0.1.1',
      client: '0.1.0',
      internet: '0.1.0',
    })
  })

  it('releases nothing else after a new role, since roles are past 1.0', () => {
    expect(after({ name: 'interfaces', bump: 'minor', note: '' })).toMatchObject({
      interfaces: '1.1.0',
      backoff: '0.1.0',
    })
  })

  it('releases those whose range a minor of 0.x leaves, and none above them', () => {
    expect(after({ name: 'backoff', bump: 'minor', note: '' })).toEqual({
      interfaces: '1.0.0',
      backoff: '0.2.0',
      client: '0.1.1',
      internet: '0.1.0',
    })
  })
})
