import { authority, MemoryLog } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { readTrustFolder, readTrustRoots } from '../src/trust-roots.ts'
import { FileDouble, PEMS } from './doubles.ts'

const [one, two] = [authority('one').cert, authority('two').cert].map((cert) => cert.trim())
const forbidden = Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' })

describe('readTrustFolder', () => {
  it('EP-73 takes every certificate of the files with the extension pem, once', async () => {
    const log = new MemoryLog()
    const files = new FileDouble({
      '/roots/a.pem': one!,
      '/roots/b.PEM': `first\n${two}\nsecond\n${one}\n`,
      '/roots/c.crt': 'no PEM',
    })
    expect(await readTrustFolder(files, 'caCertsDir', '/roots', log)).toEqual([one, two])
    expect(log.events).toEqual([])
  })

  it('EP-73 skips files that cannot be read, and what is no certificate, and logs it', async () => {
    const log = new MemoryLog()
    const files = new FileDouble({
      '/roots/a.pem': forbidden,
      '/roots/b.pem': 'nothing',
      '/roots/c.pem': PEMS.cert,
      '/roots/d.pem': two!,
      '/roots/e.pem': two!.slice(0, 200),
    })
    expect(await readTrustFolder(files, 'caCertsDir', '/roots', log)).toEqual([two])
    expect(log.events.map(({ level, fields }) => [level, fields['path']])).toEqual([
      ['warn', '/roots/a.pem'],
      ['warn', '/roots/b.pem'],
      ['warn', '/roots/c.pem'],
      ['warn', '/roots/e.pem'],
    ])
  })

  it.each([
    ['has no certificate', { '/roots/a.pem': 'nothing' }, 'one without'],
    ['is not there', {}, 'ENOENT'],
  ])('refuses a folder that %s', async (_what, contents, got) => {
    const reading = readTrustFolder(new FileDouble(contents), 'caCertsDir', '/roots', new MemoryLog())
    await expect(reading).rejects.toMatchObject({ code: 'ERR_SENNIT_ENDPOINT_FILE', option: 'caCertsDir' })
    await expect(reading).rejects.toThrow(got)
  })
})

describe('readTrustRoots', () => {
  it('EP-75 takes a folder', async () => {
    const files = new FileDouble({ '/roots/a.pem': one! })
    expect(await readTrustRoots(files, 'trustRoots', '/roots', new MemoryLog())).toEqual([one])
  })

  it('EP-75 takes a file', async () => {
    const files = new FileDouble({ '/roots.pem': `${one}\n${two}\n` })
    expect(await readTrustRoots(files, 'trustRoots', '/roots.pem', new MemoryLog())).toEqual([one, two])
  })

  it.each([
    ['has no certificate', 'nothing', 'something else'],
    ['is damaged', PEMS.cert, 'one that is damaged'],
    ['cannot be read', forbidden, 'EACCES'],
  ])('refuses a file that %s', async (_what, content, got) => {
    const reading = readTrustRoots(
      new FileDouble({ '/roots.pem': content }),
      'trustRoots',
      '/roots.pem',
      new MemoryLog(),
    )
    await expect(reading).rejects.toMatchObject({ code: 'ERR_SENNIT_ENDPOINT_FILE', path: '/roots.pem' })
    await expect(reading).rejects.toThrow(got)
  })

  it('refuses what is not there', async () => {
    const reading = readTrustRoots(new FileDouble(), 'trustRoots', '/none', new MemoryLog())
    await expect(reading).rejects.toMatchObject({ code: 'ERR_SENNIT_ENDPOINT_FILE', path: '/none' })
  })
})
