import { describe, expect, it } from 'vitest'
import {
  CERTIFICATE,
  DH_PARAMETERS,
  fileIn,
  joinPEM,
  PRIVATE_KEY,
  readPEM,
  readPEMNames,
} from '../src/pem-files.ts'
import { FileDouble, PEMS } from './doubles.ts'

describe('readPEM', () => {
  it.each([
    ['PRIVATE KEY', PRIVATE_KEY],
    ['RSA PRIVATE KEY', PRIVATE_KEY],
    ['EC PRIVATE KEY', PRIVATE_KEY],
    ['ENCRYPTED PRIVATE KEY', PRIVATE_KEY],
    ['CERTIFICATE', CERTIFICATE],
    ['TRUSTED CERTIFICATE', CERTIFICATE],
    ['DH PARAMETERS', DH_PARAMETERS],
  ])('takes a file that holds a %s', async (label, content) => {
    const text = `before\n-----BEGIN ${label}-----\nx\n-----END ${label}-----`
    expect(await readPEM(new FileDouble({ '/f': text }), 'option', '/f', content)).toBe(text)
  })

  it.each([
    [
      'CERTIFICATE',
      PRIVATE_KEY,
      /'option' must be a file with a private key in PEM form, got something else/,
    ],
    ['PUBLIC KEY', PRIVATE_KEY, /a private key/],
    [
      'PRIVATE KEY',
      CERTIFICATE,
      /'option' must be a file with a certificate in PEM form, got something else/,
    ],
    ['CERTIFICATE REQUEST', CERTIFICATE, /a certificate/],
    ['CERTIFICATE', DH_PARAMETERS, /'option' must be a file with DH parameters in PEM form/],
  ])(
    'refuses a file that holds a %s instead, with its path and what names it',
    async (label, content, message) => {
      const files = new FileDouble({ '/f': `-----BEGIN ${label}-----\nx\n-----END ${label}-----\n` })
      const reading = readPEM(files, 'option', '/f', content)
      await expect(reading).rejects.toMatchObject({
        name: 'EndpointFileError',
        code: 'ERR_SENNIT_ENDPOINT_FILE',
        option: 'option',
        path: '/f',
      })
      await expect(reading).rejects.toThrow(message)
    },
  )

  it('refuses a file that cannot be read, with the reason', async () => {
    const cause = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })
    const reading = readPEM(new FileDouble({ '/f': cause }), 'privateKey', '/f', PRIVATE_KEY)
    await expect(reading).rejects.toMatchObject({ code: 'ERR_SENNIT_ENDPOINT_FILE', cause })
    await expect(reading).rejects.toThrow(
      `Cannot use "/f": 'privateKey' must be a file with a private key in PEM form, got EACCES: permission denied`,
    )
  })
})

describe('readPEMNames', () => {
  it('EP-73 finds the files with the extension pem, in any case', async () => {
    const files = new FileDouble({
      '/d/b.pem': '',
      '/d/a.PEM': '',
      '/d/c.crt': '',
      '/d/pem': '',
      '/d/d.pem.bak': '',
    })
    expect(await readPEMNames(files, 'option', '/d')).toEqual(['a.PEM', 'b.pem'])
  })

  it('refuses a folder that cannot be read', async () => {
    const reading = readPEMNames(new FileDouble(), 'trustRoots', '/d')
    await expect(reading).rejects.toMatchObject({
      code: 'ERR_SENNIT_ENDPOINT_FILE',
      option: 'trustRoots',
      path: '/d',
      cause: { code: 'ENOENT' },
    })
  })
})

describe('joinPEM', () => {
  it('EP-56 adds the end of a line where it is missing', () => {
    expect(joinPEM('a', 'b\n', 'c')).toBe('a\nb\nc\n')
    expect(joinPEM(PEMS.cert.trimEnd(), PEMS.chain)).toBe(PEMS.cert + PEMS.chain)
  })
})

describe('fileIn', () => {
  it('joins a folder and a name', () => {
    expect(fileIn('/d', 'a')).toBe('/d/a')
    expect(fileIn('/d/', 'a')).toBe('/d/a')
  })
})
