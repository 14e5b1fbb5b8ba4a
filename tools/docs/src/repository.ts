/**
 * The files of this repository, as git knows them: what is only made by a build is not there.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path/posix'
import { workspaceFiles } from '@sennit/checks/workspace'
import type { Repository } from './links.ts'

/** The repository whose root is a folder. */
export class GitRepository implements Repository {
  readonly #root: string
  readonly #files: Set<string>
  readonly #folders = new Set<string>()

  constructor(root: string) {
    this.#root = root
    this.#files = new Set(workspaceFiles(root))
    for (const file of this.#files) {
      for (let folder = dirname(file); folder !== '.'; folder = dirname(folder)) this.#folders.add(folder)
    }
  }

  /** All Markdown files. */
  documents(): string[] {
    return [...this.#files].filter((file) => file.endsWith('.md')).toSorted()
  }

  read(path: string): string | undefined {
    return this.#files.has(path) ? readFileSync(join(this.#root, path), 'utf8') : undefined
  }

  hasFolder(path: string): boolean {
    return this.#folders.has(path)
  }
}
