import { MemoryLog } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { TLSClientFiles } from '../src/tls-client-files.ts'
import { FileDouble, PEMS } from './doubles.ts'

const { key, cert } = PEMS
const log = new MemoryLog()

describe('TLSClientFiles', () => {
  it.each([
    [
      { certificate: 'c.pem', privateKey: 'k.pem' },
      { cert, key },
    ],
    [{ certificate: 'both.pem' }, { cert: key + cert, key: key + cert }],
    [{ privateKey: 'both.pem' }, { cert: key + cert, key: key + cert }],
    [{ servername: 'feed.example' }, { servername: 'feed.example' }],
    [{}, {}],
  ])('EP-75 reads %j', async (options, expected) => {
    const files = new FileDouble({ 'k.pem': key, 'c.pem': cert, 'both.pem': key + cert })
    expect(await new TLSClientFiles(options).read(files, log)).toEqual(expected)
  })

  it.each([
    ['certificate', { certificate: 'k.pem' }, 'k.pem'],
    ['privateKey', { certificate: 'c.pem' }, 'c.pem'],
    ['privateKey', { certificate: 'c.pem', privateKey: 'none.pem' }, 'none.pem'],
    ['trustRoots', { trustRoots: '/none' }, '/none'],
    ['trustRoots', { trustRoots: 'k.pem' }, 'k.pem'],
    ['caCertsDir', { caCertsDir: 'k.pem' }, 'k.pem'],
  ])('EP-80 rejects when it reads, naming %s and the file', async (option, options, path) => {
    const files = new FileDouble({ 'k.pem': key, 'c.pem': cert })
    await expect(new TLSClientFiles(options).read(files, log)).rejects.toMatchObject({
      code: 'ERR_SENNIT_ENDPOINT_FILE',
      option,
      path,
    })
  })
})
