/**
 * Which packages a build is about.
 *
 * @module
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The packages that are published among some folders and all that they refer to.
 *
 * @param {readonly string[]} folders - absolute, each with a `tsconfig.json`
 * @returns {string[]} their folders
 */
export function published(folders) {
  const seen = new Set(folders)
  for (const folder of seen) {
    for (const { path } of read(join(folder, 'tsconfig.json')).references ?? []) seen.add(join(folder, path))
  }
  return [...seen].filter((folder) => {
    const manifest = join(folder, 'package.json')
    return existsSync(manifest) && read(manifest).private !== true
  })
}

/**
 * @param {string} file - of JSON
 * @returns {any}
 */
function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}
