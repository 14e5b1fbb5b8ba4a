import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { linkSync, lstatSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'

/** A fresh folder for sockets. */
export class SocketFolder {
  readonly folder: string = mkdtempSync(`${tmpdir()}/sennit-`)
  #count = 0

  /** Another path for each call. */
  readonly path = (): string => `${this.folder}/${++this.#count}`

  /** The mode of what is at a path. */
  readonly modeOf = (path: string): number | undefined => {
    const stats = lstatSync(path, { throwIfNoEntry: false })
    return stats && stats.mode & 0o777
  }

  /** Puts something at a path. */
  readonly put = async (
    path: string,
    what: 'file' | 'stale socket' | { readonly lockOf: 'nobody' | 'somebody' },
  ): Promise<void> => {
    if (what === 'file') writeFileSync(path, '')
    else if (what === 'stale socket') await putStaleSocket(path)
    else symlinkSync(String(what.lockOf === 'nobody' ? spawnSync('true').pid : process.ppid), path)
  }

  readonly remove = (path: string): void => unlinkSync(path)

  readonly dispose = (): void => rmSync(this.folder, { recursive: true })
}

/** The file of a socket that was closed: Node removes only the name under which it was bound. */
async function putStaleSocket(path: string): Promise<void> {
  const server = createServer().listen(`${path}.bound`)
  await once(server, 'listening')
  linkSync(`${path}.bound`, path)
  server.close()
  await once(server, 'close')
}
