import { authority } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { CurrentCredentials } from '../src/current-credentials.ts'

const root = authority('root')
const [one, two] = [root.issue('one'), root.issue('two')]
const der = (pem: string) => Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64')

async function begun(tls: Parameters<CurrentCredentials['begin']>[0]): Promise<CurrentCredentials> {
  const current = new CurrentCredentials()
  await current.begin(tls)
  return current
}

describe('CurrentCredentials', () => {
  it('has what was put in use last, as something that nobody can change', async () => {
    const current = await begun({ ...one, ALPNProtocols: ['h2'], serverNames: { two } })
    const { options } = current
    expect(options).toEqual({ ...one, ALPNProtocols: ['h2'], serverNames: { two } })
    expect(current.options).toBe(options)
    for (const part of [options, options.ALPNProtocols, options.serverNames, options.serverNames!['two']]) {
      expect(Object.isFrozen(part)).toBe(true)
    }
    current.use(two)
    expect(current.options).toEqual(two)
  })

  it.each([
    ['a key of another certificate', { key: one.key, cert: two.cert }, /key values mismatch/],
    ['what is no key', { key: 'KEY', cert: one.cert }, /PEM|DECODER|start line/],
    [
      'the same for one of the server names',
      { ...one, serverNames: { two: { key: one.key, cert: two.cert } } },
      /key values mismatch/,
    ],
  ])('refuses %s, and keeps those before', async (_what, tls, message) => {
    await expect(begun(tls)).rejects.toThrow(message)
    const current = await begun(one)
    expect(() => current.use(tls)).toThrow(message)
    expect(current.options).toEqual(one)
  })

  it('takes bytes: of PEM, and of DER, which it leaves to the reactor', async () => {
    const pem = { key: Buffer.from(one.key), cert: Buffer.from(one.cert) }
    expect((await begun(pem)).options).toEqual(pem)
    const bytes = { key: der(one.key), cert: der(one.cert) }
    expect((await begun(bytes)).options.key).toBe(bytes.key)
  })

  it('opens a key by its passphrase', async () => {
    await expect(begun({ ...one, passphrase: 'not needed' })).resolves.toBeDefined()
  })
})
