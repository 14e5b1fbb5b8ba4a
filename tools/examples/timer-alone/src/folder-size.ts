/**
 * How many bytes the files of a folder have.
 *
 * @module
 */
import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Adds up the files of a folder and of the folders in it. A file that goes away meanwhile counts as nothing.
 *
 * @param signal - ends it: nobody wants the sum any more
 * @returns bytes
 */
export async function folderSize(folder: string, signal: AbortSignal): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    signal.throwIfAborted()
    const path = join(folder, entry.name)
    try {
      bytes += entry.isDirectory() ? await folderSize(path, signal) : (await lstat(path)).size
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    }
  }
  return bytes
}
