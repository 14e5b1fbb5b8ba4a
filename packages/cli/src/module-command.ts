/**
 * What the commands share that take a module: its file, its options, its help.
 *
 * @module
 */
import { basename, extname } from 'node:path'
import type { ILog, IService } from '@sennit/interfaces'
import { type Command, Option } from 'commander'
import { type ApplicationModule, importApplication } from './application-module.ts'
import { asApplication } from './as-application.ts'
import type { Call } from './call.ts'
import { UsageError } from './errors.ts'
import { OK } from './exit-codes.ts'
import { type ModuleOptions, parseModuleArguments } from './module-options.ts'
import { flagsOf } from './run-options.ts'
import { whileLoading } from './while-loading.ts'

/** Lets a command leave the options that it does not know to a module or a plugin, and ask that what `--help` shall say. */
export function takeForeignOptions(command: Command): Command {
  return command
    .helpOption(false)
    .option('-h, --help', 'show all options')
    .allowUnknownOption()
    .allowExcessArguments()
    .argument('[args...]')
}

/** A module on the command line. */
export interface ModuleCall {
  readonly file: string
  /** Those arguments that the command does not know. */
  readonly args: readonly string[]
  /** Imports the module. */
  module(): Promise<ApplicationModule>
  /** Imports it, and makes its application out of the arguments. */
  application(log: ILog): Promise<IService>
}

/**
 * Reads what the command line says about a module.
 *
 * @param given - the arguments that the command does not know
 * @throws UsageError (`ERR_SENNIT_USAGE`) when MODULE is missing, or something unknown stands before it
 */
export function moduleCall(given: readonly string[], command: Command, { rest }: Call): ModuleCall {
  const [file, ...args] = given
  const wanted = 'expected MODULE, a .js, .mjs, .cjs or .ts file'
  if (file === undefined || file === '') throw new UsageError(`missing MODULE; ${wanted}`)
  if (file.startsWith('-')) {
    const known = command.options.map(({ long }) => long).join(', ')
    throw new UsageError(
      `unknown option '${file}'; ${wanted}, or one of ${known}; the options of a module stand behind it`,
    )
  }
  const module = (): Promise<ApplicationModule> => importApplication(file, flagsOf(command))
  return {
    file,
    args,
    module,
    application: async (log) => {
      const imported = await module()
      const read = parseModuleArguments(args, rest, { ...imported, what: file })
      return asApplication(await imported.application(read), basename(file, extname(file)), log)
    },
  }
}

/** Writes the help of a command, with the options of the module if there is one. */
export async function showHelp(given: readonly string[], command: Command, call: Call): Promise<number> {
  if (given.length === 0) call.terminal.out.write(command.helpInformation())
  else {
    const { file, module } = moduleCall(given, command, call)
    const { options } = await whileLoading(call.terminal, `Cannot run ${file}`, module)
    call.terminal.out.write(helpWith(command, options, file))
  }
  return OK
}

/** The help of a command, with the options of a module or plugin. */
export function helpWith(command: Command, options: ModuleOptions, what: string): string {
  command.optionsGroup(`Options of ${what}:`)
  for (const [name, { type, short, description = '', multiple, default: value }] of Object.entries(options)) {
    const flags = `${short === undefined ? '' : `-${short}, `}--${name}`
    const argument = type === 'boolean' ? '' : multiple === true ? ' <value...>' : ' <value>'
    command.addOption(new Option(`${flags}${argument}`, description).default(value))
  }
  return command.helpInformation()
}
