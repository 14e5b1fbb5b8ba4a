/**
 * The examples in the README of an installed package: compiled against the types that were published, by several compilers, and run.
 *
 * @module
 */
import { examplesIn } from '@sennit/docs/examples'
import { command } from './command.ts'
import type { Consumer } from './consumer.ts'
import { installedSpecifiers } from './loading.ts'

/** A compiler. */
export interface Compiler {
  readonly version: string
  /** The file that Node runs. */
  readonly program: string
}

/** What compiles and runs. */
export interface Toolchain {
  readonly compilers: readonly Compiler[]
  /** Runs the compilers. */
  readonly compilerNode: string
  /** Run what was compiled. */
  readonly nodes: readonly string[]
  /** The version of a package from outside that the workspace uses itself; undefined when it uses none. */
  versionOf(name: string): string | undefined
}

/** The packages that a module imports, without those of Node and without itself. */
export function importsOf(code: string): string[] {
  const specifiers = [...code.matchAll(/(?:from|import)\s+'([^'.][^']*)'/g)].map(
    ([, specifier]) => specifier!,
  )
  const names = specifiers
    .filter((specifier) => !specifier.startsWith('node:'))
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    )
  return [...new Set(names)].sort()
}

/** What became of the examples. */
export interface ExampleResult {
  /** How many were compiled and run. */
  readonly tried: number
  /** How many there are; one that needs a server of the workspace's own tests cannot be tried elsewhere. */
  readonly all: number
  readonly faults: readonly string[]
}

/**
 * Compiles and runs the examples of a package's README.
 *
 * @param name - with its scope; is installed
 */
export async function tryExamples(
  consumer: Consumer,
  name: string,
  tools: Toolchain,
): Promise<ExampleResult> {
  const examples = examplesIn('README.md', consumer.read(`node_modules/${name}/README.md`))
  const tried = examples.filter(({ code }) => !code.includes("from '@sennit/peers/"))
  const result = (faults: readonly string[]): ExampleResult => {
    return { tried: tried.length, all: examples.length, faults }
  }
  if (tried.length === 0) return result(['its README has no example'])
  const codes = tried.map(({ code }) => code)
  await consumer.install(...neededBy(codes, name, consumer, tools))
  const files = tried.map(({ line, code }) => {
    const base = `example-${line}`
    consumer.write(`${base}.ts`, code)
    return base
  })
  // What others publish may need a newer compiler than ours does.
  const options = { skipLibCheck: true, outDir: 'out' }
  const faults = await compileFaults(consumer, files, options, tools)
  if (faults.length > 0) return result(faults)
  for (const node of tools.nodes) {
    for (const file of files) {
      // Beside the packages, where Node looks for them.
      const module = consumer.write(`${file}.mjs`, consumer.read(`out/${file}.js`))
      await command(node, [module], { cwd: consumer.folder, timeout: 30 }).catch((error: Error) => {
        faults.push(`an example does not run: ${error.message}`)
      })
    }
  }
  return result(faults)
}

/** Compiles all that a package exports, with everything that its types refer to; what is wrong. */
export async function typeFaults(consumer: Consumer, name: string, tools: Toolchain): Promise<string[]> {
  await consumer.install(`@types/node@${tools.versionOf('@types/node')}`)
  const lines = installedSpecifiers(consumer, name).map((each, at) => `export * as e${at} from '${each}'`)
  consumer.write('everything.ts', `${lines.join('\n')}\n`)
  return compileFaults(consumer, ['everything'], { skipLibCheck: false, noEmit: true }, tools)
}

/** What a user has who is strict, and knows nothing of this workspace. */
const OPTIONS = {
  strict: true,
  exactOptionalPropertyTypes: true,
  target: 'es2022',
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  types: ['node'],
}

async function compileFaults(
  consumer: Consumer,
  files: readonly string[],
  options: Readonly<Record<string, unknown>>,
  { compilers, compilerNode }: Toolchain,
): Promise<string[]> {
  const faults: string[] = []
  const settings = { compilerOptions: { ...OPTIONS, ...options }, files: files.map((file) => `${file}.ts`) }
  consumer.write('tsconfig.json', JSON.stringify(settings))
  for (const { version, program } of compilers) {
    await command(compilerNode, [program, '-p', '.'], { cwd: consumer.folder }).catch((error: Error) => {
      faults.push(`TypeScript ${version}: ${error.message}`)
    })
  }
  return faults
}

/** What the examples need besides the package, for npm: what they import, and its optional peers. */
function neededBy(
  codes: readonly string[],
  name: string,
  consumer: Consumer,
  { versionOf }: Toolchain,
): string[] {
  const others = new Set(codes.flatMap(importsOf).filter((each) => each !== name))
  const { peerDependencies = {} } = consumer.manifest(name)
  return ['@types/node', ...others, ...Object.keys(peerDependencies)].flatMap((each) => {
    if (each.startsWith('@sennit/')) return [each]
    return [each, `@types/${each}`].flatMap((one) => {
      const version = versionOf(one)
      return version === undefined ? [] : [`${one}@${version}`]
    })
  })
}
