import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { folderSize } from '../src/folder-size.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sennit-size-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('folderSize', () => {
  const { signal } = new AbortController()

  it('adds up the files of a folder and of those in it', async () => {
    mkdirSync(join(folder, 'a/b'), { recursive: true })
    writeFileSync(join(folder, 'one'), 'x'.repeat(10))
    writeFileSync(join(folder, 'a/b/two'), 'x'.repeat(32))
    expect(await folderSize(folder, signal)).toBe(42)
  })

  it('rejects when there is no such folder', async () => {
    await expect(folderSize(join(folder, 'none'), signal)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('ends when nobody wants the sum any more', async () => {
    writeFileSync(join(folder, 'one'), '')
    await expect(folderSize(folder, AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  })
})
