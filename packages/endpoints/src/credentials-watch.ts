/**
 * Reads the credentials of a server again when their files change.
 *
 * All files are read for each change, and their content is put in use as a whole, or not at all: while a key has been replaced
 * and its certificate has not, the old pair stays.
 *
 * | state   | a file changes      | reading ends                      | stop    |
 * |---------|---------------------|-----------------------------------|---------|
 * | idle    | reading             | -                                 | stopped |
 * | reading | stale               | in use, or logged; idle           | stopped |
 * | stale   | -                   | forgotten; reading                | stopped |
 * | stopped | -                   | forgotten                         | -       |
 *
 * @module
 */
import type { Duration, ILog, IReactorFiles, TLSServerOptions } from '@sennit/interfaces'
import { asError } from '@sennit/runtime/internal'
import type { ReadCredentials, TLSServerFiles } from './tls-server-files.ts'

/** What a watch is made of. */
export interface CredentialsWatchOptions {
  readonly source: TLSServerFiles
  readonly files: IReactorFiles
  /** How often the files are looked at. */
  readonly interval: Duration | undefined
  readonly log: ILog
}

/** The credentials of one port. */
export class CredentialsWatch {
  /** How often new credentials were put in use. */
  reloads = 0
  /** Why the newest cannot be used. */
  error: Error | undefined
  readonly #options: CredentialsWatchOptions
  readonly #watched = new Map<string, () => void>()
  #use: ((tls: TLSServerOptions) => void) | undefined
  #state: 'idle' | 'reading' | 'stale' | 'stopped' = 'idle'

  constructor(options: CredentialsWatchOptions) {
    this.#options = options
  }

  /** Reads for the first time, and watches from then on. */
  async first(): Promise<TLSServerOptions> {
    this.#state = 'reading'
    const { source, files } = this.#options
    this.#watch(source.paths)
    const { options, paths } = await source.read(files)
    this.#watch(paths)
    return options
  }

  /** From now on what is read is given to `use`, which throws when it does not fit together. */
  begin(use: (tls: TLSServerOptions) => void): void {
    this.#use = use
    if (this.#isStale()) this.#read()
    else this.#state = 'idle'
  }

  stop(): void {
    this.#state = 'stopped'
    for (const end of this.#watched.values()) end()
    this.#watched.clear()
  }

  // Asked for by a call, since the state may have changed behind the compiler's back.
  #isStale(): boolean {
    return this.#state === 'stale'
  }

  #watch(paths: readonly string[]): void {
    const { files, interval } = this.#options
    for (const [path, end] of this.#watched) {
      if (paths.includes(path)) continue
      end()
      this.#watched.delete(path)
    }
    for (const path of paths) {
      if (!this.#watched.has(path)) {
        this.#watched.set(
          path,
          files.watchFile(path, () => this.#changed(), { interval }),
        )
      }
    }
  }

  #changed(): void {
    if (this.#state === 'idle') this.#read()
    else if (this.#state === 'reading') this.#state = 'stale'
  }

  #read(): void {
    this.#state = 'reading'
    const { source, files } = this.#options
    source.read(files).then(
      (read) => this.#ended(() => this.#take(read)),
      (error: unknown) => this.#ended(() => this.#refuse(error)),
    )
  }

  #ended(then: () => void): void {
    if (this.#state === 'stopped') return
    if (this.#isStale()) return this.#read()
    this.#state = 'idle'
    then()
  }

  #take({ options, paths }: ReadCredentials): void {
    this.#watch(paths)
    try {
      this.#use!(options)
    } catch (error) {
      this.#refuse(error)
      return
    }
    this.reloads++
    this.error = undefined
    this.#options.log.info({ files: paths }, 'TLS credentials have changed, and are in use')
  }

  #refuse(thrown: unknown): void {
    this.error = asError(thrown)
    this.#options.log.error({ err: this.error }, 'New TLS credentials cannot be used; the old ones stay')
  }
}
