/**
 * The tarballs that would be published.
 *
 * @module
 */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { packageManager } from '@sennit/checks/workspace'

/** The workspace whose package manager packs. */
const ROOT = join(import.meta.dirname, '../../..')

/**
 * Packs a package as it is.
 *
 * @param folder - of the package
 * @param destination - where the tarball is made
 */
export async function packed(folder: string, destination: string): Promise<Uint8Array<ArrayBuffer>> {
  const args = ['-y', packageManager(ROOT), 'pack', '--json', '--pack-destination', destination]
  const { stdout } = await promisify(execFile)('npx', args, { cwd: folder })
  const { filename } = JSON.parse(stdout) as { filename: string }
  return new Uint8Array(readFileSync(join(destination, filename.split('/').at(-1)!)))
}
