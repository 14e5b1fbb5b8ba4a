/**
 * What every reactor does with files.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { IReactorFiles, IReactorTime } from '@sennit/interfaces'
import type { MemoryLog } from '../memory-log.ts'
import { type ConformanceKit, type Maker, type Surroundings, caseWith } from './kit.ts'

/** Changes the files that the reactor sees. */
export interface FileTree {
  /** A folder that is empty and absolute. */
  readonly folder: string
  write(path: string, text: string): void | Promise<void>
  makeFolder(path: string): void | Promise<void>
  rename(from: string, to: string): void | Promise<void>
  remove(path: string): void | Promise<void>
  /** Makes a symbolic link at `path`, in the place of what was there. */
  link(target: string, path: string): void | Promise<void>
}

/** What the suite for `IReactorFiles` is given. */
export interface FilesSurroundings extends Surroundings {
  /** What it logs itself goes to `log`. */
  readonly reactor: IReactorTime & IReactorFiles
  readonly log: MemoryLog
  readonly files: FileTree
}

/** How often a file is looked at, in seconds. */
const INTERVAL = 0.02

/** The suite for the role `IReactorFiles`. */
export function filesConformance(kit: ConformanceKit, make: Maker<FilesSurroundings>): void {
  const it = caseWith(kit, make)

  kit.describe('IReactorFiles: reading', () => {
    it('reads the whole of a file', async ({ reactor, files, run }) => {
      const path = `${files.folder}/file`
      await files.write(path, 'whole')
      const bytes = await run(reactor.readFile(path))
      assert.equal(Buffer.from(bytes).toString(), 'whole')
      await files.write(path, '')
      assert.equal((await run(reactor.readFile(path))).byteLength, 0)
    })

    it('says that a file is not there, or is none', async ({ reactor, files, run }) => {
      await assert.rejects(run(reactor.readFile(`${files.folder}/nothing`)), { code: 'ENOENT' })
      await assert.rejects(run(reactor.readFile(files.folder)), { code: 'EISDIR' })
    })

    it('reads the names in a folder, sorted', async ({ reactor, files, run }) => {
      assert.deepEqual(await run(reactor.readDirectory(files.folder)), [])
      for (const name of ['b', 'a10', 'a2', 'C']) await files.write(`${files.folder}/${name}`, '')
      await files.makeFolder(`${files.folder}/a folder`)
      const names = await run(reactor.readDirectory(files.folder))
      assert.deepEqual(names, ['C', 'a folder', 'a10', 'a2', 'b'])
    })

    it('says that a folder is not there, or is none', async ({ reactor, files, run }) => {
      await files.write(`${files.folder}/file`, '')
      await assert.rejects(run(reactor.readDirectory(`${files.folder}/nothing`)), { code: 'ENOENT' })
      await assert.rejects(run(reactor.readDirectory(`${files.folder}/file`)), { code: 'ENOTDIR' })
    })
  })

  kit.describe('IReactorFiles: watching', () => {
    const changes: readonly {
      readonly what: string
      readonly before: (files: FileTree, path: string) => Promise<void>
      readonly change: (files: FileTree, path: string) => Promise<void>
    }[] = [
      {
        what: 'has another content',
        before: async (files, path) => files.write(path, 'one'),
        change: async (files, path) => files.write(path, 'other'),
      },
      {
        what: 'was replaced by one of the same length',
        before: async (files, path) => files.write(path, 'one'),
        change: async (files, path) => {
          await files.write(`${path}.new`, 'two')
          await files.rename(`${path}.new`, path)
        },
      },
      {
        what: 'has come',
        before: async () => {},
        change: async (files, path) => files.write(path, 'here'),
      },
      {
        what: 'has gone',
        before: async (files, path) => files.write(path, 'here'),
        change: async (files, path) => files.remove(path),
      },
      {
        what: 'is a link that leads elsewhere now',
        before: async (files, path) => {
          await files.write(`${files.folder}/v1`, 'same')
          await files.write(`${files.folder}/v2`, 'same')
          await files.link(`${files.folder}/v1`, path)
        },
        change: async (files, path) => files.link(`${files.folder}/v2`, path),
      },
      {
        what: 'is reached over a folder that is a link, and leads elsewhere now',
        before: async (files, path) => {
          for (const version of ['v1', 'v2']) {
            await files.makeFolder(`${files.folder}/${version}`)
            await files.write(`${files.folder}/${version}/file`, 'same')
          }
          await files.link(`${files.folder}/v1`, `${files.folder}/data`)
          await files.link(`${files.folder}/data/file`, path)
        },
        change: async (files) => files.link(`${files.folder}/v2`, `${files.folder}/data`),
      },
    ]
    for (const { what, before, change } of changes) {
      it(`tells once that a file ${what}`, async ({ reactor, files, until, pass }) => {
        const path = `${files.folder}/watched`
        await before(files, path)
        let told = 0
        const end = reactor.watchFile(path, () => told++, { interval: INTERVAL })
        await pass(3 * INTERVAL)
        assert.equal(told, 0)
        await change(files, path)
        await until(() => told > 0)
        const first = told
        await pass(3 * INTERVAL)
        end()
        // A look between the two steps of a change sees two changes.
        assert.ok(told === first && first <= 2)
      })
    }

    it('tells of every change, until it is ended', async ({ reactor, files, until, pass }) => {
      const path = `${files.folder}/watched`
      let told = 0
      const end = reactor.watchFile(path, () => told++, { interval: INTERVAL })
      for (const text of ['a', 'bb', 'ccc']) {
        const before = told
        await files.write(path, text)
        await until(() => told > before)
      }
      const before = told
      end()
      end()
      await files.write(path, 'dddd')
      await pass(3 * INTERVAL)
      assert.equal(told, before)
    })

    it('can be ended by the one who is told', async ({ reactor, files, until, pass }) => {
      const path = `${files.folder}/watched`
      let told = 0
      const end = reactor.watchFile(
        path,
        () => {
          told++
          end()
        },
        { interval: INTERVAL },
      )
      await files.write(path, 'a')
      await until(() => told > 0)
      await files.write(path, 'bb')
      await pass(3 * INTERVAL)
      assert.equal(told, 1)
    })

    it('logs what the one who is told throws, and goes on', async ({ reactor, files, log, until }) => {
      const path = `${files.folder}/watched`
      const error = new Error('boom')
      let told = 0
      const end = reactor.watchFile(
        path,
        () => {
          told++
          throw error
        },
        { interval: INTERVAL },
      )
      await files.write(path, 'a')
      await until(() => told === 1)
      await files.remove(path)
      await until(() => told >= 2)
      end()
      assert.equal(log.errors()[0], error)
    })

    it('refuses an interval that is none', ({ reactor, files }) => {
      const watch = (interval: number) => () => reactor.watchFile(files.folder, () => {}, { interval })
      assert.throws(watch(0), { code: 'ERR_SENNIT_REACTOR_OPTION' })
      assert.throws(watch(-1), { code: 'ERR_SENNIT_DURATION' })
      return Promise.resolve()
    })
  })
}
