/**
 * The role of files that a program reads, such as certificates.
 *
 * @module
 */
import type { Duration } from './time.ts'

/** Options of `watchFile`. */
export interface WatchFileOptions {
  /** How often it is looked at. @defaultValue '5s' */
  readonly interval?: Duration | undefined
}

/** Reads files, and tells when they change. */
export interface IReactorFiles {
  /** The whole of a file. */
  readFile(path: string): Promise<Uint8Array>
  /** The names in a folder, sorted. */
  readDirectory(path: string): Promise<readonly string[]>
  /**
   * Calls `changed` when the file, or what its symbolic links lead to, has another content, was replaced, has come or gone. It does not keep the
   * process alive.
   *
   * @returns ends it
   */
  watchFile(path: string, changed: () => void, options?: WatchFileOptions): () => void
}
