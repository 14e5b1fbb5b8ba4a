/**
 * The modules of a package that others can load.
 *
 * @module
 */
import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * The parts of a `package.json` that tell them.
 *
 * @typedef {{
 *   readonly exports: Readonly<Record<string, string | { readonly '@sennit/source': string, readonly default: string }>>
 *   readonly bin?: Readonly<Record<string, string>>
 * }} Manifest
 */

/**
 * By the name that each has in `dist`, without its ending: the path of its source.
 *
 * @param {string} folder - of the package
 * @param {Manifest} manifest
 * @returns {Record<string, string>}
 */
export function entriesOf(folder, { exports, bin = {} }) {
  /** @type {Record<string, string>} */
  const entries = {}
  /** @param {string} source @param {string} target */
  const add = (source, target) => {
    entries[target.replace(/^\.\/dist\/|\.js$/g, '')] = join(folder, source)
  }
  for (const entry of Object.values(exports)) {
    if (typeof entry === 'string') continue
    const { '@sennit/source': source, default: target } = entry
    for (const name of namesFor(folder, source)) add(source.replace('*', name), target.replace('*', name))
  }
  for (const target of Object.values(bin)) add(target.replace(/^\.\/dist\/(.*)\.js$/, 'src/$1.ts'), target)
  return entries
}

/**
 * What the `*` of a path stands for; one empty name where there is none.
 *
 * @param {string} folder
 * @param {string} pattern - such as `./src/*.ts`
 */
function namesFor(folder, pattern) {
  if (!pattern.includes('*')) return ['']
  const sources = readdirSync(join(folder, pattern, '..')).filter((file) => file.endsWith('.ts'))
  return sources.map((file) => basename(file, '.ts'))
}
