/**
 * Whether `"sideEffects": false` is true: a process in which the package was loaded is the same as before.
 *
 * @module
 */
import { execFile } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'

/** Prints what is different after a module was loaded. Node's own modules, which it may load, are loaded before. */
const PROGRAM = `
import { builtinModules } from 'node:module'
import * as events from 'node:events'
for (const name of builtinModules) if (!/^_|^(node:)?(sea|sqlite|test|wasi|inspector|repl|trace_events|punycode|sys|domain)\\b/.test(name)) await import(name).catch(() => {})
const channel = await import('node:diagnostics_channel')
const known = [Object, Function, Array, Map, Set, Promise, Error, String, Number, RegExp, Symbol, Date, AbortController, AbortSignal, EventTarget, events.EventEmitter]
const face = (value) => Reflect.ownKeys(value).map((key) => {
  const { value: held, get } = Reflect.getOwnPropertyDescriptor(value, key)
  return [key, held ?? get]
})
const look = () => new Map([
  ['globals', face(globalThis).filter(([key]) => key !== 'navigator')],
  ...known.flatMap((each) => [[each.name, face(each)], [each.name + '.prototype', face(each.prototype)]]),
  ['process', face(process).filter(([key]) => typeof key !== 'symbol' && !key.startsWith('_'))],
  ['listeners', process.eventNames().map((name) => [name, process.listenerCount(name)])],
  ['environment', Object.entries(process.env)],
  ['resources', process.getActiveResourcesInfo().map((name) => [name, 1])],
  ['directory', [[process.cwd(), process.umask()]]],
])
const difference = (before, after) => {
  const same = ([key, value], at) => before.some(([other, held]) => other === key && Object.is(held, value))
  return after.filter((each) => !same(each)).map(([key]) => String(key)).concat(before.length > after.length ? ['something less'] : [])
}
await new Promise(setImmediate)
const before = look()
let output = 0
for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream)
  Object.defineProperty(stream, 'write', { value: (...args) => (output++, true), configurable: true })
  stream.say = write
}
const after = await import(process.argv[1]).then(look)
const changes = []
for (const [what, now] of after) {
  const changed = difference(before.get(what), now)
  if (changed.length > 0) changes.push(what + ': ' + changed.join(', '))
}
if (output > 0) changes.push('output')
process.stdout.say(JSON.stringify(changes))
process.exit()
`

/**
 * Loads a module in a process of its own.
 *
 * @param module - its file
 * @returns what it has changed there
 */
export async function sideEffectsOf(module: string): Promise<string[]> {
  const args = ['--input-type=module', '--no-warnings', '-e', PROGRAM, pathToFileURL(module).href]
  const { stdout } = await promisify(execFile)(process.execPath, args, { timeout: 30_000 })
  return JSON.parse(stdout) as string[]
}
