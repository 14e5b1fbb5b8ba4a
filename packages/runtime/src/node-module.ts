/**
 * Modules of Node at their first use. An `import` reads all that they export, for which Node loads streams, workers and more, at the start
 * of each process; and most processes never need these.
 *
 * @module
 */
import type * as fs from 'node:fs'
import type * as util from 'node:util'

interface Modules {
  readonly fs: typeof fs
  readonly util: typeof util
}

/** A module of Node. */
export function nodeModule<N extends keyof Modules>(name: N): Modules[N] {
  return process.getBuiltinModule(name) as Modules[N]
}
