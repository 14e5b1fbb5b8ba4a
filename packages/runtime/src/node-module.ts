/**
 * Modules of Node at their first use. An `import` reads all that they export, for which Node loads streams, workers and more, at the start
 * of each process; and most processes never need these.
 *
 * @module
 */
interface Modules {
  readonly fs: typeof import('node:fs')
  readonly util: typeof import('node:util')
}

/** A module of Node. */
export function nodeModule<N extends keyof Modules>(name: N): Modules[N] {
  return process.getBuiltinModule(name) as Modules[N]
}
