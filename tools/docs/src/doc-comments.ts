/**
 * The examples in doc comments: every `ts` fence under an `@example` of the sources, as a module of its own.
 *
 * Such an example shows a use in a few lines, without the imports and the things around it. Those are added here: a name that it uses and
 * does not declare comes from the context of its package (`context/`), else from what the packages export.
 *
 * @module
 */
import type { Example } from './examples.ts'

/** What can be imported from one module. */
export interface Source {
  readonly specifier: string
  readonly values: ReadonlySet<string>
  readonly types: ReadonlySet<string>
}

const COMMENT = /\/\*\*[^]*?\*\//g
const FENCE = /^```ts\n([^]*?)^```$/gm

/** The examples in the doc comments of a source file. */
export function docExamplesIn(file: string, text: string): Example[] {
  return [...text.matchAll(COMMENT)].flatMap((comment) => {
    const [, examples] = comment[0].split('@example')
    if (examples === undefined) return []
    const plain = comment[0].replaceAll(/^ *\* ?/gm, '')
    const from = plain.indexOf('@example')
    return [...plain.matchAll(FENCE)]
      .filter((fence) => fence.index > from)
      .map((fence) => {
        const line = linesBefore(text, comment.index) + linesBefore(plain, fence.index)
        return { file, line: line + 1, code: fence[1]! }
      })
  })
}

/** An example with the imports that it does not show. */
export function withImports({ code }: Example, sources: readonly Source[]): string {
  const bare = code.replaceAll(/\/\/.*$/gm, '')
  const unquoted = bare.replaceAll(/'(?:\\.|[^'\\\n])*'/g, "''")
  const declared = new Set(
    [...unquoted.matchAll(/(?:const|let|class|function|interface|type)\s+(\{[^}]*\}|\w+)/g)].flatMap(
      ([, names]) => names!.match(/\w+/g) ?? [],
    ),
  )
  for (const [, names] of unquoted.matchAll(/import\s+(?:type\s+)?(\{[^}]*\}|\w+)\s+from/g)) {
    for (const name of names!.match(/\w+/g) ?? []) declared.add(name)
  }
  const used = new Set([...unquoted.matchAll(/(?<![.\w#])[A-Za-z_]\w*/g)].map(([name]) => name))
  const imports = new Map<string, string[]>()
  for (const name of used) {
    if (declared.has(name)) continue
    const source = sources.find(({ values, types }) => values.has(name) || types.has(name))
    if (source === undefined) continue
    const named = source.values.has(name) ? name : `type ${name}`
    imports.set(source.specifier, [...(imports.get(source.specifier) ?? []), named])
  }
  const lines = [...imports].map(([specifier, names]) => `import { ${names.join(', ')} } from '${specifier}'`)
  const own = code.match(/^import .*\n/gm) ?? []
  const rest = own.reduce((text, line) => text.replace(line, ''), code)
  // What exports something is a module as it stands; all else is a function, so that the world can begin before it does.
  const body = /^export /m.test(rest) ? rest : `export default async () => {\n${rest}}\n`
  return [...lines, ...own.map((line) => line.trimEnd()), body].join('\n')
}

/** The names of the types in the report of a package's face. */
export function typesIn(report: string): Set<string> {
  return new Set([...report.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => name!))
}

function linesBefore(text: string, index: number): number {
  return text.slice(0, index).split('\n').length - 1
}
