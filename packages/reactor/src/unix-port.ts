/**
 * Ports at a path.
 *
 * Node gives the file of a socket the mode that the umask leaves, and removes whatever lies at the path when the socket is
 * closed. So the socket is bound in a folder of its own that nobody else can look into, gets its mode there, and is put in
 * its place when it listens, unless somebody else has taken that.
 *
 * Source: Twisted, `twisted/internet/unix.py`, `Port`.
 * Differs: the file is private to user and group unless told otherwise, from its first moment on; a stale one is found out by
 * connecting to it; only our own is removed; names without a file are refused.
 *
 * @module
 */
import type { Server } from 'node:net'
import type { ConnectionHandler, UNIXListenOptions } from '@sennit/interfaces'
import { CannotListenError, UNIXAddress } from '@sennit/protocol'
import { listening, openStreamPort } from './open-stream-port.ts'
import type { PortSurroundings } from './port-surroundings.ts'
import { serveConnections } from './serve-connections.ts'
import type { StreamPort } from './stream-port.ts'
import { lockOf, takeLock } from './unix-lock.ts'
import {
  checkedMode,
  checkedPath,
  LONGEST_PATH,
  privateFolder,
  removeOwn,
  removePrivateFolder,
  removeStale,
  shortest,
  type SocketFile,
  socketFile,
} from './unix-path.ts'
import { UNIXConnections } from './unix-transport.ts'

/** Binds, and listens. */
export async function openUNIXPort(
  path: string,
  handler: ConnectionHandler,
  options: UNIXListenOptions,
  surroundings: PortSurroundings,
): Promise<StreamPort<UNIXAddress>> {
  const { mode = 0o660, wantPID = false } = options
  const host = new UNIXAddress(checkedPath('listen', path))
  checkedMode('listen', mode)
  const connections = new UNIXConnections(host)
  return openStreamPort(
    {
      kind: 'UNIXPort',
      async listen(server, { backlog }) {
        try {
          const unlock = wantPID ? takeLock(lockOf(path)) : undefined
          try {
            const file = await bound(server, path, mode, backlog)
            return { host, leave: () => leave(file, unlock) }
          } catch (error) {
            unlock?.()
            throw error
          }
        } catch (error) {
          throw new CannotListenError('', path, error)
        }
      },
      serving: (serving) => serveConnections(handler, connections, serving),
    },
    handler,
    options,
    surroundings,
  )
}

function leave(file: SocketFile, unlock: (() => void) | undefined): void {
  removeOwn(file)
  unlock?.()
}

/** Makes a server listen at a path. */
async function bound(server: Server, path: string, mode: number, backlog: number): Promise<SocketFile> {
  const { chmodSync } = process.getBuiltinModule('node:fs')
  const { basename, resolve } = process.getBuiltinModule('node:path')
  // The process may go to another folder meanwhile, or later.
  const place = resolve(path)
  const folder = privateFolder(place)
  try {
    const own = `${folder}/${basename(place)}`
    await listeningAt(server, folder, own, backlog)
    chmodSync(own, mode)
    await putInPlace(own, place)
    return socketFile(place)
  } catch (error) {
    server.close()
    throw error
  } finally {
    removePrivateFolder(folder)
  }
}

/** What is too long for the system is reached through the folder's descriptor, where there is such a way. */
async function listeningAt(server: Server, folder: string, own: string, backlog: number): Promise<void> {
  const { closeSync, openSync, renameSync } = process.getBuiltinModule('node:fs')
  const { basename } = process.getBuiltinModule('node:path')
  const short = shortest(own)
  if (Buffer.byteLength(short) <= LONGEST_PATH) {
    return listening(server, { path: short, backlog, exclusive: true })
  }
  const fd = openSync(folder, 'r')
  try {
    // A name that is found nowhere else: what the descriptor leads to later is none of our business.
    const name = basename(folder)
    await listening(server, { path: `/proc/self/fd/${fd}/${name}`, backlog, exclusive: true })
    renameSync(`${folder}/${name}`, own)
  } finally {
    closeSync(fd)
  }
}

/** Puts a file at a path where there is none. */
async function putInPlace(own: string, path: string): Promise<void> {
  const { linkSync } = process.getBuiltinModule('node:fs')
  for (;;) {
    try {
      linkSync(own, path)
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (!(await removeStale(path))) throw inUse(path)
    }
  }
}

/** What the system says of an address that is taken. */
function inUse(path: string): Error {
  const { EADDRINUSE } = process.getBuiltinModule('node:os').constants.errno
  return Object.assign(new Error(`listen EADDRINUSE: address already in use ${path}`), {
    code: 'EADDRINUSE',
    errno: -EADDRINUSE,
    syscall: 'listen',
    address: path,
  })
}
