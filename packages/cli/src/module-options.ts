/**
 * Options that a module or a plugin declares, in the form of `parseArgs` of `node:util`, each with a description.
 *
 * @module
 */
import { parseArgs, type ParseArgsConfig } from 'node:util'
import { asError } from '@sennit/runtime/internal'
import { UsageError } from './errors.ts'

type ParseArgsOptions = NonNullable<ParseArgsConfig['options']>

/** One option. */
export interface ModuleOption {
  readonly type: 'string' | 'boolean'
  /** One line for `--help`. */
  readonly description?: string | undefined
  /** What it is when it is not given. @defaultValue it is left out */
  readonly default?: string | boolean | readonly string[] | readonly boolean[] | undefined
  /** One character, for `-x`. */
  readonly short?: string | undefined
  /** Whether it may be given several times; its value is an array then. @defaultValue false */
  readonly multiple?: boolean | undefined
}

/**
 * The options of a module, by name.
 *
 * @example
 * ```ts
 * export const options = {
 *   port: { type: 'string', default: '8080', description: 'where to listen' },
 * } as const satisfies ModuleOptions
 * export default ({ port }: ModuleValues<typeof options>) => new Application('web', {}, [service(`tcp:${port}`, web)])
 * ```
 */
export type ModuleOptions = Readonly<Record<string, ModuleOption>>

type OneValue<O extends ModuleOption> = O['type'] extends 'boolean' ? boolean : string
type ValueOf<O extends ModuleOption> = O extends { readonly multiple: true } ? OneValue<O>[] : OneValue<O>
type Given<O extends ModuleOptions> = {
  [K in keyof O]: O[K] extends { readonly default: {} } ? K : never
}[keyof O]

/** The values that the function of a module is given for its options. */
export type ModuleValues<O extends ModuleOptions> = {
  readonly [K in Given<O>]: ValueOf<O[K]>
} & { readonly [K in Exclude<keyof O, Given<O>>]?: ValueOf<O[K]> }

/** Options and positional arguments, read. */
export interface ModuleArguments {
  readonly values: Readonly<Record<string, unknown>>
  readonly positionals: readonly string[]
}

/**
 * Checks what a module declares.
 *
 * @param taken - the options of the command itself, with their dashes
 * @returns what is wrong with it; `undefined` when nothing is
 */
export function faultOf(options: unknown, taken: ReadonlySet<string>): string | undefined {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    return "its 'options' must be an object, in the form of parseArgs"
  }
  for (const [name, option] of Object.entries(options)) {
    const fault = faultOfOne(name, option, taken)
    if (fault !== undefined) return fault
  }
  try {
    parseArgs({ args: [], options: options as ParseArgsOptions })
    return undefined
  } catch (error) {
    return `its 'options' are not in the form of parseArgs: ${asError(error).message}`
  }
}

function faultOfOne(name: string, option: unknown, taken: ReadonlySet<string>): string | undefined {
  if (!/^[a-z\d][\w-]*$/i.test(name))
    return `its option '${name}' must be named with letters, digits and dashes`
  const { type, short, description } = Object(option) as Partial<ModuleOption>
  if (type !== 'string' && type !== 'boolean')
    return `the type of its option '${name}' must be 'string' or 'boolean', got ${String(type)}`
  if (short !== undefined && !/^[a-z\d]$/i.test(short))
    return `the short form of its option '${name}' must be one letter or digit, got ${String(short)}`
  if (description !== undefined && typeof description !== 'string')
    return `the description of its option '${name}' must be text`
  const flags = [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]
  const clash = flags.find((flag) => taken.has(flag))
  return clash && `its option ${clash} is one of sennit's own, it must be named otherwise`
}

/**
 * Reads the arguments of a module.
 *
 * @param args - those that the command did not take itself
 * @param rest - what stood behind `--`
 * @param what - the module or plugin, as errors name it
 * @throws UsageError (`ERR_SENNIT_USAGE`) when there is one that the module does not declare, or whose value is missing
 */
export function parseModuleArguments(
  args: readonly string[],
  rest: readonly string[],
  {
    options = {},
    positionals = false,
    what,
  }: { options?: ModuleOptions; positionals?: boolean; what: string },
): ModuleArguments {
  try {
    // What it does not know, such as the description, is of no concern to it.
    const config = options as ParseArgsOptions
    const parsed = parseArgs({
      args: [...args, ...(rest.length > 0 ? ['--', ...rest] : [])],
      options: config,
      allowPositionals: positionals,
    })
    return { values: { ...parsed.values }, positionals: parsed.positionals }
  } catch (error) {
    const { message, code } = asError(error) as NodeJS.ErrnoException
    if (!code?.startsWith('ERR_PARSE_ARGS')) throw error
    throw new UsageError(`${shortened(message)}; ${expected(options, positionals, what)}`, { cause: error })
  }
}

/** Its first sentence: the others tell how to get around it, or know nothing of what may be expected. */
function shortened(message: string): string {
  const [first = message] = message.split(/\.(?:\s|$)/)
  return first.charAt(0).toLowerCase() + first.slice(1)
}

function expected(options: ModuleOptions, positionals: boolean, what: string): string {
  const flags = Object.keys(options).map((name) => `--${name}`)
  const takes = [...flags, ...(positionals ? ['arguments'] : [])]
  return takes.length > 0 ? `${what} takes ${takes.join(', ')}` : `${what} takes no options of its own`
}
