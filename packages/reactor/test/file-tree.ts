/** Files that tests change, in a folder of their own. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FileTree } from '@sennit/testing/conformance'

/** A fresh folder, and what can be done in it. */
export class FolderTree implements FileTree {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'sennit-'))

  write(path: string, text: string): void {
    writeFileSync(path, text)
  }

  makeFolder(path: string): void {
    mkdirSync(path)
  }

  rename(from: string, to: string): void {
    renameSync(from, to)
  }

  remove(path: string): void {
    rmSync(path)
  }

  link(target: string, path: string): void {
    symlinkSync(target, `${path}.new`)
    renameSync(`${path}.new`, path)
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
