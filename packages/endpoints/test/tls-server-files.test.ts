import { describe, expect, it } from 'vitest'
import { TLSServerFiles } from '../src/tls-server-files.ts'
import { FileDouble, PEMS } from './doubles.ts'

const { key, cert, chain, dh } = PEMS

describe('TLSServerFiles', () => {
  it('reads the key and the certificate, and passes on what is in no file', async () => {
    const files = new FileDouble({ 'k.pem': key, 'c.pem': cert })
    const source = new TLSServerFiles({ privateKey: 'k.pem', certificate: 'c.pem', minVersion: 'TLSv1.3' })
    expect(await source.read(files)).toEqual({
      options: { key, cert, minVersion: 'TLSv1.3' },
      paths: ['k.pem', 'c.pem'],
    })
  })

  it('EP-55 takes the certificate from the file of the key when there is no other', async () => {
    const files = new FileDouble({ 'both.pem': key + cert })
    const { options, paths } = await new TLSServerFiles({ privateKey: 'both.pem' }).read(files)
    expect(options).toEqual({ key: key + cert, cert: key + cert })
    expect(paths).toEqual(['both.pem'])
  })

  it('EP-55 EP-56 adds the certificates in between, and the parameters', async () => {
    const files = new FileDouble({ 'k.pem': key, 'c.pem': cert.trimEnd(), 'chain.pem': chain, 'dh.pem': dh })
    const source = new TLSServerFiles({
      privateKey: 'k.pem',
      certificate: 'c.pem',
      extraCertChain: 'chain.pem',
      dhParameters: 'dh.pem',
    })
    const { options, paths } = await source.read(files)
    expect(options).toEqual({ key, cert: cert + chain, dhparam: dh })
    expect(paths).toEqual(['k.pem', 'c.pem', 'chain.pem', 'dh.pem'])
    expect(source.paths).toEqual(paths)
  })

  it.each([
    ['privateKey', { privateKey: 'c.pem' }, 'c.pem'],
    ['privateKey', { privateKey: 'none.pem' }, 'none.pem'],
    ['certificate', { privateKey: 'k.pem' }, 'k.pem'],
    ['certificate', { privateKey: 'k.pem', certificate: 'dh.pem' }, 'dh.pem'],
    ['dhParameters', { privateKey: 'k.pem', certificate: 'c.pem', dhParameters: 'c.pem' }, 'c.pem'],
    ['serverNames', { serverNames: '/none' }, '/none'],
    ['serverNames', { serverNames: '/bad' }, '/bad/a.example.pem'],
  ])('EP-80 rejects when it reads, naming %s and the file', async (option, options, path) => {
    const files = new FileDouble({ 'k.pem': key, 'c.pem': cert, 'dh.pem': dh, '/bad/a.example.pem': cert })
    await expect(new TLSServerFiles(options).read(files)).rejects.toMatchObject({
      code: 'ERR_SENNIT_ENDPOINT_FILE',
      option,
      path,
    })
  })

  it('EP-57 refuses a chain without a certificate, and names its file', async () => {
    const files = new FileDouble({ 'k.pem': key, 'c.pem': cert, 'chain.pem': key })
    const options = { privateKey: 'k.pem', certificate: 'c.pem', extraCertChain: 'chain.pem' }
    const reading = new TLSServerFiles(options).read(files)
    await expect(reading).rejects.toMatchObject({ option: 'extraCertChain', path: 'chain.pem' })
    await expect(reading).rejects.toThrow(/"chain.pem": 'extraCertChain' must be a file with a certificate/)
  })

  it('reads a folder of credentials by the names of servers', async () => {
    const files = new FileDouble({
      '/certs/b.example.pem': `${key}${cert}B`,
      '/certs/_.A.example.PEM': `${key}${cert}A`,
      '/certs/__proto__.pem': `${key}${cert}P`,
      '/certs/readme.txt': 'no PEM',
    })
    const { options, paths } = await new TLSServerFiles({ serverNames: '/certs' }).read(files)
    const names = Object.keys(options.serverNames!)
    expect(names.toSorted()).toEqual(['*.a.example', '__proto__', 'b.example'])
    expect(options.serverNames!['b.example']!.key).toBe(`${key}${cert}B`)
    // The first serves those who ask for none of the names.
    expect(options.key).toBe(`${key}${cert}A`)
    expect(paths).toEqual([
      '/certs',
      '/certs/_.A.example.PEM',
      '/certs/__proto__.pem',
      '/certs/b.example.pem',
    ])
  })

  it('has its own credentials for those who ask for none of the names of the folder', async () => {
    const files = new FileDouble({ 'own.pem': key + cert, '/certs/b.example.pem': `${key}${cert}B` })
    const { options } = await new TLSServerFiles({ privateKey: 'own.pem', serverNames: '/certs' }).read(files)
    expect(options.key).toBe(key + cert)
    expect(Object.keys(options.serverNames!)).toEqual(['b.example'])
  })

  it('refuses to be without a key and without a folder', () => {
    expect(() => new TLSServerFiles({})).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_OPTION', option: 'privateKey' }),
    )
  })
})
