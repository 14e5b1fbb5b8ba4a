/**
 * A copy of the whole workspace in a temporary folder, with an install of its own, in which a test may do as it likes.
 *
 * @module
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join, resolve } from 'node:path'
import { copyWorkspace, packageManager } from '../src/workspace.ts'
import type { Outcome } from './fixture.ts'

const ROOT = resolve(import.meta.dirname, '../../..')

/** A workspace to be removed when the tests are done. */
export class Copy {
  readonly root = mkdtempSync(join(tmpdir(), 'sennit-copy-'))

  constructor() {
    copyWorkspace(ROOT, this.root)
  }

  /** Installs from what the machine has already. */
  install(): this {
    const { ok, output } = this.run(
      'npx',
      ['-y', packageManager(ROOT), 'install', '--frozen-lockfile', '--prefer-offline'],
      '.',
    )
    if (!ok) throw new Error(output)
    return this
  }

  /** Makes everything one commit, which is also what `origin/main` is. */
  commit(): this {
    const identity = ['-c', 'user.name=A test', '-c', 'user.email=test@localhost']
    for (const args of [
      ['init', '-q', '-b', 'main'],
      ['add', '-A'],
      [...identity, 'commit', '-q', '-m', 'all', '--no-gpg-sign'],
      ['update-ref', 'refs/remotes/origin/main', 'HEAD'],
    ]) {
      const { ok, output } = this.run('git', args)
      if (!ok) throw new Error(output)
    }
    return this
  }

  /** Takes back what happened since the commit. */
  reset(): void {
    for (const args of [
      ['reset', '-q', '--hard', 'refs/remotes/origin/main'],
      ['clean', '-fdq'],
    ]) {
      const { ok, output } = this.run('git', args)
      if (!ok) throw new Error(output)
    }
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true })
  }

  /** Runs a program in a folder of the copy, with the tools of the copy on the path. */
  run(command: string, args: readonly string[], folder = '.', env: NodeJS.ProcessEnv = {}): Outcome {
    const { status, stdout, stderr, error } = spawnSync(command, args, {
      cwd: join(this.root, folder),
      encoding: 'utf8',
      env: {
        ...process.env,
        NO_COLOR: '1',
        SENNIT_REPORTS: '',
        PATH: [join(this.root, 'node_modules/.bin'), process.env['PATH']].join(delimiter),
        ...env,
      },
    })
    return { ok: status === 0, output: `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}` }
  }

  /** Runs a script of the root manifest with arguments. */
  script(name: string, ...args: string[]): Outcome {
    return this.run(process.execPath, ['--run', name, '--', ...args])
  }

  read(file: string): string {
    return readFileSync(join(this.root, file), 'utf8')
  }

  /** Writes a file, by its path from the root. */
  write(file: string, text: string): void {
    mkdirSync(dirname(join(this.root, file)), { recursive: true })
    writeFileSync(join(this.root, file), text)
  }

  /** Replaces a part of a file, which has to be there. */
  replace(file: string, part: string | RegExp, by: string): void {
    const text = this.read(file)
    const changed = text.replace(part, by)
    if (changed === text) throw new Error(`Cannot find '${part}' in ${file}`)
    this.write(file, changed)
  }
}
