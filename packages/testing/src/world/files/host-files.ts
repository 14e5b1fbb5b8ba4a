/**
 * The files of a simulated machine, in the hands of a test.
 *
 * @module
 */
import type { Disk } from './disk.ts'

/**
 * Changes what `readFile`, `readDirectory` and `watchFile` of a host see. Folders are made as they are needed.
 *
 * @example
 * ```ts
 * world.files.write('/etc/relay/key.pem.new', key)
 * world.files.rename('/etc/relay/key.pem.new', '/etc/relay/key.pem')
 * ```
 */
export class HostFiles {
  readonly #disk: Disk

  /** @internal */
  constructor(disk: Disk) {
    this.#disk = disk
  }

  /** Writes the whole of a file; text goes as UTF-8. */
  write(path: string, data: string | Uint8Array): void {
    this.#disk.write(path, Buffer.from(data as string))
  }

  /** A file, as text. */
  text(path: string): string {
    return this.#disk.read(path).toString()
  }

  makeFolder(path: string): void {
    this.#disk.makeFolder(path)
  }

  /** Moves a file, or a folder with all that is in it; what was there is replaced. */
  rename(from: string, to: string): void {
    this.#disk.rename(from, to)
  }

  /** Removes a file, or a folder with all that is in it. */
  remove(path: string): void {
    this.#disk.remove(path)
  }

  /** Makes a symbolic link at `path`, in the place of what was there. */
  link(target: string, path: string): void {
    this.#disk.link(target, path)
  }

  /** Leaves the file of a UNIX socket that nobody is behind any more, as a program does that was killed. */
  leaveSocket(path: string): void {
    this.#disk.put(path, { kind: 'socket', mode: 0o777 })
  }

  /** The mode of what is at a path, such as `0o660`; `undefined` when nothing is there. */
  modeOf(path: string): number | undefined {
    return this.#disk.at(path)?.mode
  }
}
