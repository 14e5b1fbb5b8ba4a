import { utimesSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Clock } from '@sennit/runtime'
import { readDirectory, readFile, watchFile } from '../src/files.ts'
import { NodeReactor } from '../src/index.ts'
import { FolderTree } from './file-tree.ts'
import { TestLog, turns, until } from './kit.ts'

let files: FolderTree
let path: string
let clock: Clock
let log: TestLog

beforeEach(() => {
  files = new FolderTree()
  path = `${files.folder}/file`
  clock = new Clock()
  log = new TestLog()
})
afterEach(() => files.dispose())

describe('readFile, readDirectory', () => {
  it('reads bytes, whatever they are', async () => {
    writeFileSync(path, new Uint8Array([0xff, 0, 0xfe]))
    expect(Array.from(await readFile(path))).toEqual([0xff, 0, 0xfe])
  })

  it('says what the system says', async () => {
    await expect(readFile(`${path}/x`)).rejects.toMatchObject({ code: 'ENOENT', syscall: 'open' })
    await expect(readDirectory(path)).rejects.toMatchObject({ code: 'ENOENT', path })
  })
})

describe('watchFile', () => {
  const surroundings = () => ({ clock, log })

  it('looks every 5 s, on the given clock', async () => {
    const changed = vi.fn()
    const end = watchFile(path, changed, {}, surroundings())
    files.write(path, 'new')
    clock.advance(4.9)
    await turns()
    expect(changed).not.toHaveBeenCalled()
    clock.advance(0.1)
    await until(() => changed.mock.calls.length > 0)
    expect(changed).toHaveBeenCalledTimes(1)
    end()
  })

  it('looks again only when the last look is over', async () => {
    const end = watchFile(path, () => {}, { interval: '1s' }, surroundings())
    clock.advance(10)
    expect(clock.getDelayedCalls()).toEqual([])
    await until(() => clock.getDelayedCalls().length === 1)
    end()
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('tells nothing that is seen after its end', async () => {
    const changed = vi.fn()
    const end = watchFile(path, changed, { interval: '1s' }, surroundings())
    files.write(path, 'new')
    clock.advance(1)
    end()
    await turns(100)
    expect(changed).not.toHaveBeenCalled()
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('tells of a content that was put there with the time of the old one', async () => {
    files.write(path, 'old')
    utimesSync(path, 1_000, 1_000)
    const changed = vi.fn()
    const end = watchFile(path, changed, { interval: '1s' }, surroundings())
    files.write(path, 'new')
    utimesSync(path, 1_000, 1_000)
    clock.advance(1)
    await until(() => changed.mock.calls.length > 0)
    expect(changed).toHaveBeenCalledTimes(1)
    end()
  })

  it('tells that what could be reached no longer can', async () => {
    files.makeFolder(`${files.folder}/folder`)
    files.write(`${files.folder}/folder/file`, 'x')
    const changed = vi.fn()
    const end = watchFile(`${files.folder}/folder/file`, changed, { interval: '1s' }, surroundings())
    files.rename(`${files.folder}/folder`, `${files.folder}/away`)
    files.write(`${files.folder}/folder`, 'a file now')
    clock.advance(1)
    await until(() => changed.mock.calls.length > 0)
    expect(changed).toHaveBeenCalledTimes(1)
    end()
  })

  it('logs what the one who is told throws, and goes on', async () => {
    const changed = vi.fn(() => {
      throw new Error('broken')
    })
    const end = watchFile(path, changed, { interval: '1s' }, surroundings())
    files.write(path, 'x')
    clock.advance(1)
    await until(() => clock.getDelayedCalls().length === 1)
    expect(log.take()).toEqual(['error: What was told of a changed file threw'])
    end()
  })

  it.each([
    [0, 'ERR_SENNIT_REACTOR_OPTION'],
    ['0s', 'ERR_SENNIT_REACTOR_OPTION'],
    [-1, 'ERR_SENNIT_DURATION'],
    ['soon', 'ERR_SENNIT_DURATION'],
  ])('refuses the interval %j', (interval, code) => {
    expect(() => watchFile(path, () => {}, { interval: interval as number }, surroundings())).toThrow(
      expect.objectContaining({ code }),
    )
  })

  it('lets the process end', () => {
    const reactor = new NodeReactor()
    const before = process.getActiveResourcesInfo().length
    const end = reactor.watchFile(path, () => {}, { interval: '1h' })
    expect(process.getActiveResourcesInfo().length).toBe(before)
    end()
  })
})
