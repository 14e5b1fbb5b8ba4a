/**
 * Loads a package in every way that Node has: each of its exports, by `import` and by `require`, in a process of its own.
 *
 * @module
 */
import { command } from './command.ts'
import type { Consumer } from './consumer.ts'

/** Says for each of its arguments what is wrong with it. */
const PROGRAM = `
const wrong = []
const names = (value) => Object.keys(value).filter((name) => name !== 'module.exports' && name !== '__esModule').sort().join()
for (const specifier of process.argv.slice(1)) {
  try {
    const required = require(specifier)
    const imported = await import(specifier)
    if (names(required) !== names(imported)) wrong.push(specifier + ': require gives other names than import')
  } catch (error) {
    wrong.push(specifier + ': ' + error.message)
  }
}
const active = process.getActiveResourcesInfo().filter((name) => !/^(PipeWrap|TTYWrap|FSReqCallback|FSReqPromise)$/.test(name))
if (active.length > 0) wrong.push('loading alone keeps the process alive: ' + active)
process.stdout.write(JSON.stringify(wrong))
`

/**
 * The names by which a package can be imported.
 *
 * @param modules - the names of the modules that a pattern among the exports stands for
 */
export function specifiersOf(
  name: string,
  exports: Readonly<Record<string, unknown>>,
  modules: readonly string[],
): string[] {
  return Object.keys(exports)
    .filter((path) => !path.endsWith('.json'))
    .flatMap((path) => (path.includes('*') ? modules.map((module) => path.replace('*', module)) : [path]))
    .map((path) => name + path.slice(1))
}

/** The specifiers of an installed package. */
export function installedSpecifiers(consumer: Consumer, name: string): string[] {
  const modules = consumer
    .list(`node_modules/${name}/dist`)
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -3))
  return specifiersOf(name, consumer.manifest(name).exports, modules)
}

/**
 * Loads a package.
 *
 * @param node - the program
 * @returns what is wrong
 */
export async function loadingFaults(consumer: Consumer, name: string, node: string): Promise<string[]> {
  const specifiers = installedSpecifiers(consumer, name)
  // A module in which there is both.
  const program = `const { createRequire } = await import('node:module'); const require = createRequire(process.cwd() + '/x.js');${PROGRAM}`
  const printed = await command(node, ['--input-type=module', '-e', program, '--', ...specifiers], {
    cwd: consumer.folder,
    timeout: 30,
  })
  return JSON.parse(printed) as string[]
}

/**
 * Starts each command of a package.
 *
 * @returns what is wrong
 */
export async function commandFaults(consumer: Consumer, name: string, node: string): Promise<string[]> {
  const { bin = {}, version } = consumer.manifest(name)
  const faults: string[] = []
  for (const each of Object.keys(bin)) {
    const printed = await command(node, [`node_modules/.bin/${each}`, '--version'], {
      cwd: consumer.folder,
      timeout: 30,
    })
    if (printed.trim() !== version) faults.push(`${each} --version prints ${printed.trim()}, not ${version}`)
  }
  return faults
}
