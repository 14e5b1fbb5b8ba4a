import type { TLSServerOptions } from '@sennit/interfaces'
import { MemoryLog } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { CredentialsWatch } from '../src/credentials-watch.ts'
import { TLSServerFiles, type TLSServerFilesOptions } from '../src/tls-server-files.ts'
import { FileDouble, PEMS } from './doubles.ts'

const { key, cert } = PEMS
const turn = () => new Promise((resolve) => setImmediate(resolve))

async function watching(options: TLSServerFilesOptions, contents: Readonly<Record<string, string>>) {
  const files = new FileDouble(contents)
  const log = new MemoryLog()
  const used: TLSServerOptions[] = []
  const watch = new CredentialsWatch({ source: new TLSServerFiles(options), files, interval: undefined, log })
  const first = await watch.first()
  const use = (tls: TLSServerOptions): void => {
    if (String(tls.key).includes('BAD')) throw new Error('they do not fit')
    used.push(tls)
  }
  return { files, log, used, watch, first, use }
}

const pair: TLSServerFilesOptions = { privateKey: 'k.pem', certificate: 'c.pem' }
const contents = { 'k.pem': key, 'c.pem': cert }

describe('CredentialsWatch', () => {
  it('reads, and watches every file', async () => {
    const { files, first } = await watching(pair, contents)
    expect(first).toEqual({ key, cert })
    expect(files.watched).toEqual(['c.pem', 'k.pem'])
  })

  it('idle, a file changes: reads everything again, and puts it in use', async () => {
    const { files, log, used, watch, use } = await watching(pair, contents)
    watch.begin(use)
    files.write('c.pem', `${cert}2`)
    await turn()
    expect(used).toEqual([{ key, cert: `${cert}2` }])
    expect(watch.reloads).toBe(1)
    expect(log.events).toMatchObject([{ level: 'info', fields: { files: ['k.pem', 'c.pem'] } }])
  })

  it('reading, a file changes: forgets what was read, and reads again', async () => {
    const { files, used, watch, use } = await watching(pair, contents)
    watch.begin(use)
    let open!: () => void
    files.gate = new Promise((resolve) => (open = resolve))
    files.write('k.pem', `${key}1`)
    files.write('k.pem', `${key}2`)
    files.write('c.pem', `${cert}2`)
    files.gate = undefined
    open()
    await turn()
    await turn()
    expect(used).toEqual([{ key: `${key}2`, cert: `${cert}2` }])
  })

  it('a file changes before there is a port: reads again when there is one', async () => {
    const { files, used, watch, use } = await watching(pair, contents)
    files.write('k.pem', `${key}2`)
    await turn()
    expect(used).toEqual([])
    watch.begin(use)
    await turn()
    expect(used).toEqual([{ key: `${key}2`, cert }])
  })

  it.each([
    ['do not fit together', 'k.pem', `${key}BAD`, /they do not fit/],
    [
      'cannot be read',
      'c.pem',
      new Error('EIO'),
      /'certificate' must be a file with a certificate in PEM form, got EIO/,
    ],
    ['are none', 'k.pem', 'nothing', /'privateKey' must be/],
  ])(
    'keeps the old ones when the new ones %s, says so, and takes the next',
    async (_what, path, content, message) => {
      const { files, log, used, watch, use } = await watching(pair, contents)
      watch.begin(use)
      files.write(path, content)
      await turn()
      expect(used).toEqual([])
      expect(watch.error?.message).toMatch(message)
      expect(log.events).toMatchObject([
        {
          level: 'error',
          message: 'New TLS credentials cannot be used; the old ones stay',
          fields: { err: watch.error },
        },
      ])
      files.write(path, path === 'k.pem' ? `${key}3` : `${cert}3`)
      await turn()
      expect(used).toHaveLength(1)
      expect(watch.error).toBeUndefined()
    },
  )

  it('watches what comes into the folder, and not what has left it', async () => {
    const { files, used, watch, use } = await watching(
      { serverNames: '/certs' },
      { '/certs/a.pem': key + cert },
    )
    watch.begin(use)
    expect(files.watched).toEqual(['/certs', '/certs/a.pem'])
    files.contents.delete('/certs/a.pem')
    files.write('/certs/b.pem', key + cert)
    await turn()
    expect(Object.keys(used[0]!.serverNames!)).toEqual(['b'])
    expect(files.watched).toEqual(['/certs', '/certs/b.pem'])
  })

  it('stopped: watches nothing, and forgets what is being read', async () => {
    const { files, log, used, watch, use } = await watching(pair, contents)
    watch.begin(use)
    files.write('k.pem', `${key}2`)
    watch.stop()
    expect(files.watched).toEqual([])
    await turn()
    expect([used, log.events]).toEqual([[], []])
  })
})
