/**
 * A copy of the workspace in which versions can be made and published without a trace in the workspace itself.
 *
 * @module
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { copyWorkspace, packageManager } from '@sennit/checks/workspace'
import { command } from './command.ts'
import type { Registry } from './registry.ts'

/** A package as it was published. */
export interface Published {
  readonly name: string
  readonly version: string
}

/** A change, as somebody who contributes writes it down. */
export interface Change {
  /** Without its scope. */
  readonly name: string
  readonly bump: 'patch' | 'minor' | 'major'
  /** The release note. */
  readonly note: string
}

/** The copy. */
export class WorkspaceCopy {
  readonly folder: string
  readonly #registry: Registry

  private constructor(folder: string, registry: Registry) {
    this.folder = folder
    this.#registry = registry
  }

  /** Copies what is tracked, or would be, installs it and builds the packages. */
  static async make(root: string, folder: string, registry: Registry): Promise<WorkspaceCopy> {
    copyWorkspace(root, folder)
    const copy = new WorkspaceCopy(folder, registry)
    copy.#publishHere()
    await copy.#commit('as it is')
    await copy.#pnpm('install', '--frozen-lockfile', '--prefer-offline')
    await copy.#pnpm('run', 'build')
    return copy
  }

  /** Writes a change down, as `pnpm changeset` does. */
  async add({ name, bump, note }: Change): Promise<void> {
    writeFileSync(
      join(this.folder, `.changeset/${name}-${bump}.md`),
      `---\n'@sennit/${name}': ${bump}\n---\n\n${note}\n`,
    )
    await this.#commit(note)
  }

  /** Makes versions of the changes that are written down, builds, and publishes what the registry does not have. */
  async release(): Promise<void> {
    await this.#pnpm('exec', 'changeset', 'version')
    await this.#commit('versions')
    await this.#pnpm('run', 'build')
    await this.#pnpm('exec', 'changeset', 'publish', '--no-git-tag')
  }

  /** The packages with the versions that they have now, by name. */
  packages(): Published[] {
    return readdirSync(join(this.folder, 'packages'))
      .map((name) => this.manifest(name) as unknown as Published)
      .map(({ name, version }) => ({ name, version }))
  }

  /** @param name - without its scope */
  manifest(name: string): Readonly<Record<string, unknown>> {
    const text = readFileSync(join(this.folder, 'packages', name, 'package.json'), 'utf8')
    return JSON.parse(text) as Record<string, unknown>
  }

  /** @param name - without its scope */
  changelog(name: string): string {
    return readFileSync(join(this.folder, 'packages', name, 'CHANGELOG.md'), 'utf8')
  }

  /** Whatever the settings of the machine say, nothing of the copy is published anywhere else. */
  #publishHere(): void {
    for (const name of readdirSync(join(this.folder, 'packages'))) {
      const publishConfig = { access: 'public', registry: this.#registry.url }
      const text = JSON.stringify({ ...this.manifest(name), publishConfig }, undefined, 2)
      writeFileSync(join(this.folder, 'packages', name, 'package.json'), `${text}\n`)
    }
  }

  #pnpm(...args: readonly string[]): Promise<string> {
    const { userConfig } = this.#registry
    const env = {
      NPM_CONFIG_USERCONFIG: userConfig,
      // npx gives its own settings on in small letters.
      npm_config_userconfig: userConfig,
      // It proves to npmjs which workflow has published; here there is neither.
      NPM_CONFIG_PROVENANCE: 'false',
      npm_config_provenance: 'false',
    }
    return command('npx', ['-y', packageManager(this.folder), ...args], {
      cwd: this.folder,
      env,
      timeout: 300,
    })
  }

  async #commit(message: string): Promise<void> {
    const git = (...args: readonly string[]): Promise<string> =>
      command('git', ['-c', 'user.name=check', '-c', 'user.email=check@localhost', ...args], {
        cwd: this.folder,
      })
    if (message === 'as it is') await git('init', '-q', '-b', 'main')
    await git('add', '-A')
    await git('commit', '-q', '--allow-empty', '-m', message)
  }
}
