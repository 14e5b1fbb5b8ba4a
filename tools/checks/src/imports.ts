/**
 * What the source files import, and whether their manifest declares it.
 *
 * @module
 */
import { globSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import type { Fault } from './fault.ts'
import { runtimeNames, type Member } from './workspace.ts'

/** A whole `import … from 'x'`, `import 'x'` or `export … from 'x'` at the start of a line; so no example in a comment. */
const STATIC = /^[ \t]*(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*['"]([^'"\n]+)['"]/gm
const DYNAMIC = /\bimport\(\s*['"]([^'"\n]+)['"]/g
const COMMENT_LINE = /^[ \t]*(?:\*|\/\/|\/\*).*$/gm

/** @returns each specifier once, in the order of appearance. */
export function specifiers(source: string): string[] {
  const code = source.replace(COMMENT_LINE, '')
  const found = [...code.matchAll(STATIC), ...code.matchAll(DYNAMIC)].map((match) => match[1] ?? '')
  return [...new Set(found)]
}

/** @returns the package that a bare specifier belongs to: `@sennit/runtime/internal` is of `@sennit/runtime`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

/** Finds imports of what is not declared, and imports that reach into another package's folder. */
export function importFaults(root: string, { folder, name, manifest }: Member): Fault[] {
  const needed = new Set([name, ...runtimeNames(manifest)])
  const tested = new Set([...needed, ...Object.keys(manifest.devDependencies ?? {})])
  // A tool is not published: all of it may use what only its development needs.
  const inSource = folder.startsWith('packages/') ? needed : tested
  const scan = (part: string, allowed: ReadonlySet<string>, field: string): Fault[] =>
    globSync(`${folder}/${part}/**/*.ts`, { cwd: root }).flatMap((file) =>
      specifiers(readFileSync(join(root, file), 'utf8')).flatMap((specifier) => {
        const fault = importFault(folder, file, specifier, allowed, field)
        return fault ? [{ file, ...fault }] : []
      }),
    )
  return [...scan('src', inSource, 'dependencies'), ...scan('test', tested, 'devDependencies')]
}

function importFault(
  folder: string,
  file: string,
  specifier: string,
  allowed: ReadonlySet<string>,
  field: string,
): Omit<Fault, 'file'> | undefined {
  if (specifier.startsWith('node:')) return undefined
  if (specifier.startsWith('.')) {
    if (posix.join(posix.dirname(file), specifier).startsWith(`${folder}/`)) return undefined
    const mend = `import by the name of the package, from what it exports.`
    return { wrong: `the import of '${specifier}' leaves the package`, mend }
  }
  const dependency = packageOf(specifier)
  if (allowed.has(dependency)) return undefined
  const mend = `add it to '${field}' in ${folder}/package.json, if the layers allow it.`
  return { wrong: `imports '${specifier}', but '${dependency}' is not declared`, mend }
}
