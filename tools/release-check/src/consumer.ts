/**
 * Somebody who installs one package in an empty folder.
 *
 * @module
 */
import { lstatSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { command } from './command.ts'

/** A package that was installed. */
export interface Installed {
  readonly name: string
  readonly version: string
  /** Whether it wants to run something when it is installed. */
  readonly hasScript: boolean
}

/** The parts of a published `package.json` that are looked at. */
export interface PublishedManifest {
  readonly version: string
  readonly bin?: Readonly<Record<string, string>>
  readonly exports: Readonly<Record<string, unknown>>
  readonly peerDependencies?: Readonly<Record<string, string>>
}

/** The folder of one who installs. */
export class Consumer {
  readonly folder: string
  readonly #cache: string

  /**
   * @param folder - does not exist yet
   * @param registry - where `@sennit/` comes from; all else comes from where it always does
   * @param cache - of npm; not the one of this machine, which may know another package of the same name and version
   */
  constructor(folder: string, registry: string, cache: string) {
    this.folder = folder
    this.#cache = cache
    mkdirSync(folder, { recursive: true })
    writeFileSync(
      join(folder, 'package.json'),
      JSON.stringify({ name: 'consumer', private: true, type: 'module' }),
    )
    writeFileSync(join(folder, '.npmrc'), `@sennit:registry=${registry}\n`)
  }

  /** @param packages - as on the command line of npm */
  async install(...packages: readonly string[]): Promise<void> {
    const args = [
      'install',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
      '--cache',
      this.#cache,
      ...packages,
    ]
    await command('npm', args, { cwd: this.folder })
  }

  /** All that is installed, by name. */
  installed(): Installed[] {
    const lock = JSON.parse(readFileSync(join(this.folder, 'package-lock.json'), 'utf8')) as {
      packages: Readonly<Record<string, { version: string; hasInstallScript?: boolean }>>
    }
    return Object.entries(lock.packages)
      .filter(([path]) => path !== '')
      .map(([path, { version, hasInstallScript = false }]) => {
        return {
          name: path.slice(path.lastIndexOf('node_modules/') + 13),
          version,
          hasScript: hasInstallScript,
        }
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** How many bytes of files are installed. */
  bytes(): number {
    return sizeOf(join(this.folder, 'node_modules'))
  }

  /** What a package says of itself. */
  manifest(name: string): PublishedManifest {
    return JSON.parse(this.read(`node_modules/${name}/package.json`)) as PublishedManifest
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8')
  }

  /** The names of the files and folders in a folder. */
  list(path: string): string[] {
    return readdirSync(join(this.folder, path))
  }

  write(path: string, text: string): string {
    const file = join(this.folder, path)
    writeFileSync(file, text)
    return file
  }
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => lstatSync(join(folder, path)))
    .reduce((sum, entry) => sum + (entry.isFile() ? entry.size : 0), 0)
}
