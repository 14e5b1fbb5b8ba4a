/**
 * The paths of UNIX sockets: what they must be, and whose the file at one is.
 *
 * A socket's file stays when its process ends without closing it. Whether somebody still listens there is found out by
 * connecting, which also tells of sockets for datagrams: they are of the wrong type, but there.
 *
 * Source: Twisted, `twisted/internet/unix.py`, `Port`.
 * Differs: a stale file needs no lock to be found out; only our own file is removed; names without a file are refused.
 *
 * @module
 */
import type { BigIntStats } from 'node:fs'
import { connect } from 'node:net'
import type { Seconds } from '@sennit/interfaces'
import { ReactorOptionError } from '@sennit/protocol'
import { deferLater, systemClock } from '@sennit/runtime'

/** The most bytes that the system takes. */
export const LONGEST_PATH: number = process.platform === 'linux' ? 107 : 103

/** How long a path is looked at before it counts as given up. */
const MOMENT: Seconds = 0.05

/** How long a private folder is in use at most, in milliseconds; mostly it is a moment. */
const LONGEST_USE = 60_000

/** The file of a socket, as the one that it is: the path may lead to another one later. */
export interface SocketFile {
  readonly path: string
  readonly dev: bigint
  readonly ino: bigint
}

/**
 * Longer paths would be cut, and names that begin with a NUL byte have no file that could be protected.
 *
 * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`)
 */
export function checkedPath(action: string, path: unknown, option = 'path'): string {
  if (
    typeof path === 'string' &&
    path !== '' &&
    !path.includes('\0') &&
    Buffer.byteLength(path) <= LONGEST_PATH
  ) {
    return path
  }
  throw new ReactorOptionError(
    action,
    option,
    `a path of 1 to ${LONGEST_PATH} bytes without a NUL byte`,
    path,
  )
}

/** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) unless it is one, as in `0o660` */
export function checkedMode(action: string, mode: unknown): number {
  if (typeof mode === 'number' && Number.isInteger(mode) && mode >= 0 && mode <= 0o777) return mode
  throw new ReactorOptionError(action, 'mode', 'an integer from 0 to 0o777', mode)
}

/**
 * What the system says to who connects to a path as a stream.
 *
 * @returns nothing when a stream listens there, `'EPROTOTYPE'` when another kind of socket does, `'ECONNREFUSED'` when nobody does
 */
export function probe(path: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ path: shortest(path) })
    socket.once('connect', () => {
      socket.destroy()
      resolve(undefined)
    })
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'UNKNOWN'))
  })
}

/** Whether a socket's file is all that is left: it lies there, and nobody has listened at it for a moment. */
async function isStale(path: string): Promise<boolean> {
  if ((await probe(path)) !== 'ECONNREFUSED') return false
  // Who has bound already may be about to listen.
  await deferLater(systemClock, MOMENT)
  return (await probe(path)) === 'ECONNREFUSED'
}

/**
 * Removes the file of a socket at which nobody listens any more. Anything else is left alone: the bind will say that the
 * address is in use.
 *
 * Of several who remove the same file and bind, none removes what another has bound: the file is moved aside, looked at, and
 * put back when it is another one.
 *
 * @returns whether there is no file left
 */
export async function removeStale(path: string): Promise<boolean> {
  const before = stats(path)
  if (before === undefined) return true
  if (!before.isSocket()) return false
  if (!(await isStale(path))) return stats(path) === undefined
  const { linkSync, renameSync } = process.getBuiltinModule('node:fs')
  let folder: string | undefined
  try {
    folder = privateFolder(path)
    const aside = `${folder}/socket`
    renameSync(path, aside)
    const found = stats(aside)!
    // A number can be given again, so the file's age counts as well.
    if (isSame(before, found) && before.mtimeNs === found.mtimeNs) return true
    linkSync(aside, path)
    return false
  } catch {
    // Somebody else was faster, or it may not be removed: the bind says which.
    return stats(path) === undefined
  } finally {
    if (folder !== undefined) removePrivateFolder(folder)
  }
}

/** Makes a folder that only this user can look into, in the folder of a path. What killed processes have left there is removed. */
export function privateFolder(path: string): string {
  const { mkdtempSync } = process.getBuiltinModule('node:fs')
  const parent = process.getBuiltinModule('node:path').dirname(path)
  const folder = mkdtempSync(`${parent}/.sennit-`)
  removeLeftovers(parent, folder)
  return folder
}

/** Removes private folders that nobody can need any more. */
function removeLeftovers(parent: string, newest: string): void {
  const { lstatSync, readdirSync } = process.getBuiltinModule('node:fs')
  // By the clock of the file system, which is the same for both.
  const { uid, mtimeMs: now } = lstatSync(newest)
  quietly(() => {
    for (const name of readdirSync(parent)) {
      if (!/^\.sennit-\w{6}$/.test(name)) continue
      const folder = `${parent}/${name}`
      const stats = lstatSync(folder, { throwIfNoEntry: false })
      if (!stats?.isDirectory() || stats.uid !== uid || now - stats.mtimeMs < LONGEST_USE) continue
      quietly(() => removeFolderOfSockets(folder))
    }
  })
}

/**
 * Removes a private folder of this process, and the socket that may be in it.
 *
 * Nothing is asked about the socket on the way: as long as a socket is the last file that Node 20 was told about, it follows no links to
 * modules whose folders it knows (its `realpathSync` takes that file's type for theirs).
 */
export function removePrivateFolder(folder: string): void {
  quietly(() => removeFolderOfSockets(folder))
}

/** One that holds anything else is none of ours, and stays. */
function removeFolderOfSockets(folder: string): void {
  const { readdirSync, rmdirSync, unlinkSync } = process.getBuiltinModule('node:fs')
  for (const file of readdirSync(folder, { withFileTypes: true })) {
    if (file.isSocket()) unlinkSync(`${folder}/${file.name}`)
  }
  rmdirSync(folder)
}

/** What cannot be removed, or not even looked for, takes up little room. */
function quietly(remove: () => void): void {
  try {
    remove()
  } catch {
    // Somebody else removes it, or it is none of ours.
  }
}

/** The way to a file, from where the process is when it is too long for the system from the root. */
export function shortest(path: string): string {
  return Buffer.byteLength(path) <= LONGEST_PATH
    ? path
    : process.getBuiltinModule('node:path').relative('', path)
}

/**
 * Calls what binds, so that the file never lets in more than `mode` allows, also when the process's umask would.
 *
 * @param bind - binds before it returns
 * @returns the file, which has that mode
 */
export function bindWithMode(path: string, mode: number, bind: () => void): SocketFile {
  const { chmodSync } = process.getBuiltinModule('node:fs')
  const before = process.umask()
  const needed = before | (0o777 & ~mode)
  // A worker thread cannot set it; there, the file has what the umask leaves until the next line.
  const isSet = needed !== before && process.getBuiltinModule('node:worker_threads').isMainThread
  if (isSet) process.umask(needed)
  try {
    bind()
  } finally {
    if (isSet) process.umask(before)
  }
  chmodSync(path, mode)
  return socketFile(path)
}

/** The file at a path, to be removed later; asked for while its socket is open. */
export function socketFile(path: string): SocketFile {
  const { lstatSync } = process.getBuiltinModule('node:fs')
  const { dev, ino } = lstatSync(path, { bigint: true })
  return { path, dev, ino }
}

/** Removes a file of our own, unless another one is in its place. Called before its socket is closed, since its number is then its own. */
export function removeOwn(file: SocketFile): void {
  const now = stats(file.path)
  if (now === undefined || !isSame(file, now)) return
  const { unlinkSync } = process.getBuiltinModule('node:fs')
  try {
    unlinkSync(file.path)
  } catch {
    // The folder may have become read-only: the next one to listen finds the file stale.
  }
}

function stats(path: string): BigIntStats | undefined {
  const { lstatSync } = process.getBuiltinModule('node:fs')
  try {
    return lstatSync(path, { bigint: true })
  } catch {
    return undefined
  }
}

function isSame(one: Pick<SocketFile, 'dev' | 'ino'>, other: Pick<SocketFile, 'dev' | 'ino'>): boolean {
  return one.dev === other.dev && one.ino === other.ino
}
