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
const OURS = join(import.meta.dirname, '../../..')

/**
 * Packs all packages of a workspace as they are.
 *
 * @param destination - where the tarballs are made
 */
export async function packAll(root: string, destination: string): Promise<void> {
  const args = ['-r', '--filter', './packages/*', 'pack', '--pack-destination', destination]
  await promisify(execFile)('npx', ['-y', packageManager(OURS), ...args], { cwd: root })
}

/** One of them. */
export function tarballIn(
  destination: string,
  { name, version }: { readonly name: string; readonly version: string },
): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(join(destination, `${name.slice(1).replace('/', '-')}-${version}.tgz`)))
}
