/**
 * The modules of a package as they are published: one for each that others can load, since Node needs about a millisecond for each that
 * it loads, however small. What several of them use stands in one of its own, so that each class exists once.
 *
 * Where there is a `./internal`, that is the one: it has everything, `.` names what is public of it, and siblings load it in place of `.`.
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
  const { index, internal, ...rest } = entriesOf(folder, manifestAt(join(folder, 'package.json')))
  if (index === undefined)
    throw new Error(`Cannot bundle ${folder}: its package.json has no '.' among the exports`)
  /** @type {string[]} */
  let names = []
  const outcome = await rolldown({
    input: internal === undefined ? { index, ...rest } : { internal: ALL, ...rest },
    platform: 'neutral',
    tsconfig: join(folder, 'tsconfig.json'),
    transform: { target: 'es2023' },
    experimental: { attachDebugInfo: 'none' },
    plugins: [
      siblings(folder),
      {
        name: 'all',
        resolveId: (id) => (id === ALL ? id : undefined),
        load: (id) =>
          id === ALL
            ? `export * from ${JSON.stringify(index)}\nexport * from ${JSON.stringify(internal)}`
            : undefined,
        buildEnd() {
          names = this.getModuleInfo(index)?.exports ?? []
        },
      },
    ],
  })
  try {
    const { output } = await outcome.generate({
      dir: join(folder, 'dist'),
      chunkFileNames: 'shared-[name].js',
      // What bundlers of users need to know, and licences.
      comments: { annotation: true, legal: true, jsdoc: false },
      minifyInternalExports: false,
      sourcemap: true,
      sourcemapExcludeSources: true,
    })
    /** @type {Map<string, string>} */
    const files = new Map(
      output.map((each) => [each.fileName, each.type === 'chunk' ? each.code : String(each.source)]),
    )
    if (internal !== undefined)
      files.set('index.js', `export { ${names.toSorted().join(', ')} } from './internal.js'\n`)
    renew(join(folder, 'dist'), files)
  } finally {
    await outcome.close()
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
