/**
 * The files of one machine of the simulated world: files, folders, symbolic links, and the files of UNIX sockets.
 *
 * The usual folders are there; others are made with the first file that is written into them.
 *
 * @module
 */
import { posix } from 'node:path'
import { fileError } from '../system-error.ts'

/** The folders that every machine has. */
const FOLDERS = ['/', '/etc', '/run', '/srv', '/tmp', '/var', '/var/lib', '/var/run']

/** How many links a path may lead over. */
const MOST_LINKS = 40

/** What a path leads to. */
export type DiskNode =
  | { readonly kind: 'file'; readonly bytes: Buffer; readonly mode: number }
  | { readonly kind: 'folder'; readonly mode: number }
  | { readonly kind: 'link'; readonly target: string; readonly mode: number }
  | { readonly kind: 'socket'; readonly mode: number }

/** The files of one machine. */
export class Disk {
  readonly #nodes = new Map<string, DiskNode>(FOLDERS.map((path) => [path, { kind: 'folder', mode: 0o755 }]))
  readonly #listeners = new Set<() => void>()

  /** What is at a path, at the end of all links. */
  find(path: string): DiskNode | undefined {
    return this.#nodes.get(this.#real(path))
  }

  /** What is at a path; a link there is not followed. */
  at(path: string): DiskNode | undefined {
    return this.#nodes.get(this.#place(path))
  }

  /** Everything that lies on the way to a path, and what it is now: as long as that is the same, nothing has changed. */
  trace(path: string): readonly (DiskNode | undefined)[] {
    const seen: (DiskNode | undefined)[] = []
    this.#real(path, (node) => seen.push(node))
    return seen
  }

  /** The whole of a file. */
  read(path: string): Buffer {
    const node = this.find(path)
    if (node === undefined) throw fileError('ENOENT', 'open', path)
    if (node.kind === 'folder') throw fileError('EISDIR', 'read', path)
    if (node.kind !== 'file') throw fileError('ENXIO', 'open', path)
    return Buffer.from(node.bytes)
  }

  /** The names in a folder, sorted. */
  list(path: string): string[] {
    const real = this.#real(path)
    const node = this.#nodes.get(real)
    if (node === undefined) throw fileError('ENOENT', 'scandir', path)
    if (node.kind !== 'folder') throw fileError('ENOTDIR', 'scandir', path)
    const names = [...this.#nodes.keys()].filter((each) => each !== '/' && posix.dirname(each) === real)
    return names.map((each) => posix.basename(each)).sort()
  }

  /** Writes a file; a link there is followed. */
  write(path: string, bytes: Buffer, mode = 0o644): void {
    const real = this.#real(path)
    if (this.#nodes.get(real)?.kind === 'folder') throw fileError('EISDIR', 'open', path)
    this.#put(real, { kind: 'file', bytes, mode })
  }

  makeFolder(path: string): void {
    const real = this.#real(path)
    if (this.#nodes.get(real)?.kind !== 'folder') this.#put(real, { kind: 'folder', mode: 0o755 })
  }

  /** Makes a link, in the place of what was there. */
  link(target: string, path: string): void {
    this.put(path, { kind: 'link', target, mode: 0o777 })
  }

  /** Puts something at a path, in the place of what was there. */
  put(path: string, node: DiskNode): void {
    this.#put(this.#place(path), node)
  }

  /** Moves what is at a path, with all that is in it, to another one. */
  rename(from: string, to: string): void {
    const [source, target] = [this.#place(from), this.#place(to)]
    if (!this.#nodes.has(source)) throw fileError('ENOENT', 'rename', from)
    for (const [path, node] of Array.from(this.#nodes)) {
      if (path !== source && !path.startsWith(`${source}/`)) continue
      this.#nodes.delete(path)
      this.#put(target + path.slice(source.length), node)
    }
  }

  /** Removes what is at a path, with all that is in it; only a certain thing, if that is given. */
  remove(path: string, only?: DiskNode): void {
    const place = this.#place(path)
    if (only !== undefined && this.#nodes.get(place) !== only) return
    if (!this.#nodes.has(place)) throw fileError('ENOENT', 'unlink', path)
    for (const each of Array.from(this.#nodes.keys())) {
      if (each === place || each.startsWith(`${place}/`)) this.#nodes.delete(each)
    }
    this.#tell()
  }

  /** @returns ends it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #put(place: string, node: DiskNode): void {
    for (let up = posix.dirname(place); !this.#nodes.has(up); up = posix.dirname(up)) {
      this.#nodes.set(up, { kind: 'folder', mode: 0o755 })
    }
    this.#nodes.set(place, node)
    this.#tell()
  }

  #tell(): void {
    for (const listener of Array.from(this.#listeners)) listener()
  }

  /** A path without links but the last. */
  #place(path: string): string {
    const whole = posix.resolve('/', path)
    return whole === '/' ? whole : posix.join(this.#real(posix.dirname(whole)), posix.basename(whole))
  }

  /** A path without links. */
  #real(path: string, pass: (node: DiskNode | undefined) => void = () => {}): string {
    let rest = posix.resolve('/', path).split('/').filter(Boolean)
    let real = '/'
    for (let links = 0; rest.length > 0;) {
      const next = posix.join(real, rest.shift()!)
      const node = this.#nodes.get(next)
      if (node?.kind !== 'folder') pass(node)
      if (node?.kind !== 'link') real = next
      else {
        if (++links > MOST_LINKS) throw fileError('ELOOP', 'open', path)
        rest = [...posix.resolve(real, node.target).split('/').filter(Boolean), ...rest]
        real = '/'
      }
    }
    return real
  }
}
