import fs from 'node:fs'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { PlainDatagrams } from './addon.ts'
import { FolderTree } from './file-tree.ts'
import { Cleanup, until } from './kit.ts'
import {
  bindWithMode,
  checkedMode,
  checkedPath,
  LONGEST_PATH,
  probe,
  removeOwn,
  removeStale,
  socketFile,
} from '../src/unix-path.ts'

let cleanup: Cleanup
let files: FolderTree
let path: string

beforeEach(() => {
  cleanup = new Cleanup()
  files = new FolderTree()
  path = `${files.folder}/socket`
})
afterEach(async () => {
  vi.restoreAllMocks()
  await cleanup.run()
  files.dispose()
})

/** A socket for datagrams that is open. */
function living(at = path): PlainDatagrams {
  const socket = new PlainDatagrams(at)
  cleanup.add(() => socket.close())
  return socket
}

/** The file of a socket that nobody listens at. */
function stale(): void {
  new PlainDatagrams(path).close()
}

async function stream(): Promise<void> {
  const server = createServer().listen(path)
  await once(server, 'listening')
  cleanup.add(() => server.close())
}

describe('checkedPath', () => {
  it('takes what the system takes', () => {
    for (const good of ['x', '/run/x.sock', 'x'.repeat(LONGEST_PATH)]) {
      expect(checkedPath('listen', good)).toBe(good)
    }
  })

  it.each(['', 'x'.repeat(LONGEST_PATH + 1), 'ü'.repeat(LONGEST_PATH / 2 + 1), '\0x', 'x\0y', undefined, 5])(
    'PR-28 refuses %j',
    (path_) => {
      expect(() => checkedPath('listen', path_, 'bindAddress')).toThrow(
        expect.objectContaining({
          code: 'ERR_SENNIT_REACTOR_OPTION',
          option: 'bindAddress',
          message: expect.stringContaining(`a path of 1 to ${LONGEST_PATH} bytes without a NUL byte`),
        }),
      )
    },
  )
})

describe('checkedMode', () => {
  it.each([0, 0o600, 0o777])('takes %d', (mode) => {
    expect(checkedMode('listen', mode)).toBe(mode)
  })

  it.each([-1, 0o1000, 6.5, '660', undefined])('refuses %j', (mode) => {
    expect(() => checkedMode('listen', mode)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION', option: 'mode' }),
    )
  })
})

describe('probe', () => {
  it('tells who listens, without sending anything', async () => {
    expect(await probe(path)).toBe('ENOENT')
    stale()
    expect(await probe(path)).toBe('ECONNREFUSED')
    fs.rmSync(path)
    const socket = living()
    expect(await probe(path)).toBe('EPROTOTYPE')
    expect(socket.got).toEqual([])
    fs.rmSync(path)
    await stream()
    expect(await probe(path)).toBeUndefined()
  })
})

describe('removeStale', () => {
  it('removes the file of a socket at which nobody listens, and leaves nothing else behind', async () => {
    stale()
    expect(await removeStale(path)).toBe(true)
    expect(fs.readdirSync(files.folder)).toEqual([])
  })

  it('has nothing to do when there is no file', async () => {
    expect(await removeStale(path)).toBe(true)
  })

  it.each<[what: string, make: () => void | Promise<void>]>([
    ['a socket for datagrams that is open', () => void living()],
    ['a socket for streams that is open', stream],
    ['a file', () => fs.writeFileSync(path, '')],
    ['a folder', () => fs.mkdirSync(path)],
    [
      'a link to a stale socket',
      () => {
        new PlainDatagrams(`${path}.real`).close()
        fs.symlinkSync(`${path}.real`, path)
      },
    ],
  ])('leaves %s alone', async (_what, make) => {
    await make()
    const before = fs.readdirSync(files.folder)
    expect(await removeStale(path)).toBe(false)
    expect(fs.readdirSync(files.folder)).toEqual(before)
  })

  it('fault 17: of two that find the same file stale, the slower one does not remove what the faster one has bound', async () => {
    stale()
    const slower = removeStale(path)
    expect(await removeStale(path)).toBe(true)
    const winner = living()
    await slower
    expect(await probe(path)).toBe('EPROTOTYPE')
    const sender = new PlainDatagrams()
    cleanup.add(() => sender.close())
    await sender.send('still there', path)
    await until(() => winner.got.length > 0)
  })

  it('is content when it may not be removed: the bind will say so', async () => {
    stale()
    vi.spyOn(fs, 'mkdtempSync').mockImplementation(() => {
      throw Object.assign(new Error('no'), { code: 'EROFS' })
    })
    expect(await removeStale(path)).toBe(false)
  })
})

describe('bindWithMode', () => {
  it('gives the file its mode, and the umask back, also when the bind fails', () => {
    const before = process.umask(0o002)
    cleanup.add(() => process.umask(before))
    const file = bindWithMode(path, 0o606, () => void living())
    expect(fs.statSync(path).mode & 0o777).toBe(0o606)
    expect(file).toEqual(socketFile(path))
    const broken = (): void => {
      throw new Error('no')
    }
    expect(() => bindWithMode(path, 0o600, broken)).toThrow('no')
    expect(process.umask()).toBe(0o002)
  })
})

describe('removeOwn', () => {
  it('removes the file, once', () => {
    living()
    const file = socketFile(path)
    removeOwn(file)
    expect(fs.existsSync(path)).toBe(false)
    removeOwn(file)
  })

  it('fault 17: leaves another one in its place alone', () => {
    living()
    const file = socketFile(path)
    fs.renameSync(path, `${path}.aside`)
    fs.writeFileSync(path, 'another')
    removeOwn(file)
    expect(fs.readFileSync(path, 'utf8')).toBe('another')
  })

  it('is content when it may not be removed', () => {
    living()
    vi.spyOn(fs, 'unlinkSync').mockImplementation(() => {
      throw Object.assign(new Error('no'), { code: 'EROFS' })
    })
    expect(() => removeOwn(socketFile(path))).not.toThrow()
  })
})
