/**
 * Writes what is built.
 *
 * @module
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Makes some files all the modules in a folder. What is as it should be stays untouched and the rest is put in place as a whole, so that
 * processes can run from the folder meanwhile, and other builds be under way.
 *
 * @param {string} folder
 * @param {ReadonlyMap<string, string>} files - by their paths there
 */
export function renew(folder, files) {
  for (const [path, text] of files) {
    const file = join(folder, path)
    if (existsSync(file) && readFileSync(file, 'utf8') === text) continue
    mkdirSync(dirname(file), { recursive: true })
    const part = `${file}.${process.pid}`
    writeFileSync(part, text)
    renameSync(part, file)
  }
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (/\.js(\.map)?$/.test(path) && !files.has(path)) rmSync(join(folder, path), { force: true })
  }
}
