/**
 * The command `sennit`: reads the arguments, and does what they ask for.
 *
 * Source: Twisted, `twisted/application/twist/_options.py`, `twisted/scripts/twistd.py`.
 * Differs: one command for modules and plugins, and two that look.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { Command, CommanderError, type Option } from 'commander'
import { Call } from './call.ts'
import { addCheckCommand } from './check-command.ts'
import { OK, USAGE } from './exit-codes.ts'
import { addPluginCommand } from './plugin-command.ts'
import { findPlugins } from './plugins.ts'
import { addRunCommand } from './run-command.ts'
import { joinStatus } from './run-options.ts'
import { addStatusCommand } from './status-command.ts'
import { complain, type Terminal } from './terminal.ts'
import { leaveSignals, whileLoading } from './while-loading.ts'

/** The commands that are always there. */
const COMMANDS: ReadonlySet<string> = new Set(['run', 'check', 'status', 'help'])

/** How they stand in the help. */
const TERMS: Readonly<Record<string, string>> = {
  run: 'run MODULE',
  check: 'check MODULE',
  status: 'status [ADDRESS]',
}

/** How wide help is where nobody says. */
const WIDTH = 100

const EXIT_CODES = `
Exit codes: 0 done, or stopped by a signal; 1 something failed; 64 the arguments make no sense; 74 the log cannot be
written; 128 + n ended at once by signal n.`

/**
 * Does what the arguments ask for.
 *
 * @param given - without the names of the program
 * @param folder - where the plugins are looked for, and above it
 * @returns the exit code
 */
export async function answer(
  given: readonly string[],
  terminal: Terminal,
  folder: string = process.cwd(),
): Promise<number> {
  const at = given.indexOf('--')
  const call = new Call(terminal, at < 0 ? [] : given.slice(at + 1))
  const program = programFor(call)
  const args = commandFirst(joinStatus(at < 0 ? given : given.slice(0, at)), program.commands[0]!.options)
  try {
    const name = args.find((arg) => !arg.startsWith('-'))
    // Who asks for the version, or for what there is not, need not wait for them.
    const asksAll = args.length === 0 || args.includes('-h') || args.includes('--help')
    if (name === undefined ? asksAll : !COMMANDS.has(name)) await addPlugins(program, name, call, folder)
    for (const command of program.commands)
      command.showHelpAfterError(`See 'sennit ${command.name()} --help'.`)
    if (args.length === 0) complain(terminal, `missing command; ${expected(program)}`)
    await program.parseAsync(args, { from: 'user' })
    return call.code
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? OK : USAGE
  } finally {
    leaveSignals()
  }
}

function programFor(call: Call): Command {
  const { terminal } = call
  const program = new Command('sennit')
    .description('Runs applications made of Sennit services, and looks into them.')
    .usage('COMMAND [options]')
    .version(version())
    .helpCommand(false)
    .addHelpText('after', EXIT_CODES)
    .exitOverride()
    .configureHelp({ subcommandTerm: (command) => TERMS[command.name()] ?? command.name() })
    .configureOutput({
      writeOut: (text) => terminal.out.write(text),
      writeErr: (text) => terminal.err.write(text),
      outputError: (text) => complain(terminal, text.replace(/^error: /, '').trimEnd()),
      getOutHelpWidth: () => terminal.columns() ?? WIDTH,
      getErrHelpWidth: () => WIDTH,
    })
  addRunCommand(program, call)
  addCheckCommand(program, call)
  addStatusCommand(program, call)
  return program.showHelpAfterError("See 'sennit --help'.")
}

/**
 * Adds the plugins of the project.
 *
 * @param name - the command that is asked for, if there is one
 * @throws CommanderError when there is no such command; it has been said then
 */
async function addPlugins(
  program: Command,
  name: string | undefined,
  call: Call,
  folder: string,
): Promise<void> {
  const { terminal } = call
  const { found, broken } = await whileLoading(terminal, 'Cannot load the plugins', () =>
    findPlugins(folder, COMMANDS),
  )
  for (const plugin of found) addPluginCommand(program, plugin, call)
  if (found.some(({ maker }) => maker.tapname === name)) return
  for (const { message } of broken) complain(terminal, message)
  if (name !== undefined) program.error(`unknown command '${name}'; ${expected(program)}`)
}

function expected({ commands }: Command): string {
  return `expected one of ${commands.map((command) => command.name()).join(', ')}`
}

/** Options may stand before the command: `sennit --log-level debug run app.js`. Help is an option, too. */
function commandFirst(args: readonly string[], options: readonly Option[]): string[] {
  if (args[0] === 'help') return [...args.slice(1), '--help']
  let i = 0
  for (; args[i]?.startsWith('-') === true; i++) {
    if (options.some(({ long, required }) => required && long === args[i])) i++
  }
  const name = args[i]
  if (i === 0 || name === undefined || args[0] === '--version' || args[0] === '-V') return [...args]
  return [name, ...args.slice(0, i), ...args.slice(i + 1)]
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
