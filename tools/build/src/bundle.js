/**
 * The modules of a package as they are published: one for each that others can load, since Node needs about a millisecond for each that
 * it loads, however small. What several of them use stands in one of its own, so that each class exists once.
 *
 * Where there is a `./internal`, that is the one: it has everything, `.` names what is public of it, and siblings load it in place of `.`.
 * An `internal-….ts` beside it is a part of it that a sibling may load alone.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { entriesOf } from './entries.js'
import { renew } from './renew.js'

/** @import { Plugin } from 'rolldown' */
/** @import { Manifest } from './entries.js' */

/** The module that stands for everything in a package. */
const ALL = '\0all'

/**
 * Writes the modules of a package into its `dist`.
 *
 * @param {string} folder - of the package
 * @returns {Promise<void>}
 */
export async function bundle(folder) {
  const { index, internal, ...others } = entriesOf(folder, manifestAt(join(folder, 'package.json')))
  if (index === undefined)
    throw new Error(`Cannot bundle ${folder}: its package.json has no '.' among the exports`)
  const dist = join(folder, 'dist')
  if (internal === undefined) return renew(dist, await modules(folder, { index, ...others }))
  const isPart = (/** @type {string} */ name) => name.startsWith('internal-')
  const parts = Object.entries(others).filter(([name]) => isPart(name))
  const rest = Object.fromEntries(Object.entries(others).filter(([name]) => !isPart(name)))
  const whole = everything([index, internal], new Map(parts))
  const files = await modules(folder, { internal: ALL, ...rest }, whole)
  renew(dist, files.set('index.js', `export { ${whole.names().join(', ')} } from './internal.js'\n`))
}

/**
 * Makes the modules.
 *
 * @param {string} folder
 * @param {Record<string, string>} input - the sources by their names in `dist`
 * @param {Whole} [whole]
 * @returns {Promise<Map<string, string>>} the texts by the names of the files
 */
async function modules(folder, input, whole) {
  const outcome = await rolldown({
    input,
    platform: 'neutral',
    tsconfig: join(folder, 'tsconfig.json'),
    transform: { target: 'es2023' },
    // Comments with paths that depend on where the build was started.
    experimental: { attachDebugInfo: 'none' },
    plugins: [siblings(folder), whole?.plugin],
  })
  try {
    const { output } = await outcome.generate({
      dir: join(folder, 'dist'),
      chunkFileNames: ({ name }) =>
        (whole?.groups.some((each) => each.name === name) ? '' : 'shared-') + '[name].js',
      ...(whole && { codeSplitting: { groups: whole.groups } }),
      // What bundlers of users need to know, and licences.
      comments: { annotation: true, legal: true, jsdoc: false },
      minifyInternalExports: false,
      sourcemap: true,
      sourcemapExcludeSources: true,
    })
    return new Map(
      output.map((each) => [each.fileName, each.type === 'chunk' ? each.code : String(each.source)]),
    )
  } finally {
    await outcome.close()
  }
}

/**
 * A package in one module, and in parts of it.
 *
 * @typedef {{
 *   readonly plugin: Plugin
 *   readonly groups: { name: string, test(id: string): boolean }[]
 *   names(): readonly string[]
 * }} Whole
 */

/**
 * @param {readonly [index: string, internal: string]} sources
 * @param {ReadonlyMap<string, string>} parts - their sources by name
 * @returns {Whole} `names` are those that `index` exports, after it was read
 */
function everything([index, internal], parts) {
  /** @type {readonly string[]} */
  let names = []
  /** @type {Map<string, Set<string>>} */
  const needed = new Map()
  return {
    names: () => names.toSorted(),
    groups: [...parts.keys()].map((name) => ({ name, test: (id) => needed.get(name)?.has(id) === true })),
    plugin: {
      name: 'everything',
      resolveId: (id) => (id === ALL ? id : undefined),
      load(id) {
        if (id !== ALL) return undefined
        const sources = [index, internal, ...parts.values()]
        return sources.map((source) => `export * from ${JSON.stringify(source)}\n`).join('')
      },
      buildEnd() {
        names = this.getModuleInfo(index)?.exports ?? []
        for (const [name, source] of parts) {
          const ids = new Set([source])
          for (const id of ids) for (const each of this.getModuleInfo(id)?.importedIds ?? []) ids.add(each)
          needed.set(name, ids)
        }
      },
    },
  }
}

/**
 * Leaves everything outside the package where it is, and leads to the whole of a sibling.
 *
 * @param {string} folder
 * @returns {Plugin}
 */
function siblings(folder) {
  const { resolve } = createRequire(join(folder, 'package.json'))
  return {
    name: 'siblings',
    resolveId(id, importer) {
      if (importer === undefined || /^[./\0]/.test(id)) return undefined
      const isSibling =
        /^@sennit\/[^/]+$/.test(id) && './internal' in manifestAt(resolve(`${id}/package.json`)).exports
      return { id: isSibling ? `${id}/internal` : id, external: true }
    },
  }
}

/**
 * @param {string} file
 * @returns {Manifest}
 */
function manifestAt(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}
