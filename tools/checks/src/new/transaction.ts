/**
 * Writes files and runs tools, all or nothing.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { packageManager } from '../workspace.ts'

const LOCK = 'pnpm-lock.yaml'

/** What is written in `run` is undone when it throws, also by Ctrl-C. */
export class Transaction {
  readonly #root: string
  /** What each file was before; undefined where there was none. */
  readonly #before = new Map<string, Buffer | undefined>()
  /** The folders that were not there before, outermost first. */
  readonly #folders: string[] = []

  constructor(root: string) {
    this.#root = root
  }

  /** @throws what `body` throws, after everything is as it was */
  run(body: () => void): void {
    // A tool that is interrupted fails, and then there is something to undo: so the signal must not end this process.
    const ignore = (): void => {}
    process.on('SIGINT', ignore)
    process.on('SIGTERM', ignore)
    try {
      body()
    } catch (error) {
      this.#undo()
      throw error
    } finally {
      process.off('SIGINT', ignore)
      process.off('SIGTERM', ignore)
    }
  }

  /** Writes a file, by its path from the root. */
  write(file: string, text: string): void {
    this.#remember(file)
    this.#makeFolder(dirname(join(this.#root, file)))
    writeFileSync(join(this.#root, file), text)
  }

  /** Formats what was written. */
  format(): void {
    this.#tool(join(this.#root, 'node_modules/.bin/oxfmt'), [...this.#before.keys()])
  }

  /** Brings the lock file and `node_modules` up to date. */
  install(): void {
    this.#remember(LOCK)
    this.#tool('npx', ['-y', packageManager(this.#root), 'install', '--no-frozen-lockfile'])
  }

  #tool(command: string, args: readonly string[]): void {
    const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: this.#root, encoding: 'utf8' })
    if (status === 0) return
    const output = error?.message ?? stdout + stderr
    throw new Error(`Cannot make a package: ${command} failed; everything is as it was\n${output.trimEnd()}`)
  }

  #remember(file: string): void {
    if (this.#before.has(file)) return
    const path = join(this.#root, file)
    this.#before.set(file, existsSync(path) ? readFileSync(path) : undefined)
  }

  #makeFolder(folder: string): void {
    const first = mkdirSync(folder, { recursive: true })
    if (first) this.#folders.push(first)
  }

  #undo(): void {
    for (const [file, before] of this.#before) {
      if (before) writeFileSync(join(this.#root, file), before)
      else rmSync(join(this.#root, file), { force: true })
    }
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true })
  }
}
