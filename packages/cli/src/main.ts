/**
 * The command `sennit`: reads the arguments, and runs what they ask for.
 *
 * Source: Twisted, `twisted/application/twist/_twist.py`.
 * Differs: the log is there before the module is loaded; what goes wrong at the start is one message and exit code 1.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { constants } from 'node:os'
import type { Duration, ILog, IService } from '@sennit/interfaces'
import { run } from '@sennit/run'
import { defaultLog, toSeconds } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { loadApplication } from './load-application.ts'
import { LEVELS, type LogFormat, makeLog } from './log.ts'

/** Exit codes; `USAGE` is that of BSD's `sysexits`. */
const OK = 0
const FAILURE = 1
const USAGE = 64

interface RunArguments {
  readonly startTimeout?: Duration
  readonly stopTimeout?: Duration
  readonly for?: Duration
  readonly logLevel: string
  readonly logFormat?: LogFormat
}

/**
 * Does what the arguments ask for.
 *
 * @param args - without the names of the program
 * @returns the exit code: 0, 1 when something failed, 64 when the arguments make no sense
 */
export async function main(args: readonly string[]): Promise<number> {
  let code = OK
  const program = new Command('sennit')
    .description('Runs applications made of Sennit services.')
    .version(version())
    .exitOverride()
  program
    .command('run')
    .description('run the application that a module exports')
    .argument(
      '<module>',
      "a .js file (or .ts, on Node 22.18 or newer) that exports 'application' or a default",
    )
    .option('--start-timeout <duration>', 'how long the start may take (default: 30s)', duration)
    .option('--stop-timeout <duration>', 'how long the stop may take (default: 8s)', duration)
    .option('--for <duration>', 'stop after so long', duration)
    .addOption(
      new Option('--log-level <level>', 'the least important events to log')
        .choices([...LEVELS])
        .default('info'),
    )
    .addOption(
      new Option(
        '--log-format <format>',
        'how log lines look (default: text on a terminal, else json)',
      ).choices(['text', 'json']),
    )
    .action(async (file: string, options: RunArguments) => {
      code = await runModule(file, options)
    })
  try {
    await program.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    return error.exitCode === 0 ? OK : USAGE
  }
  return code
}

async function runModule(file: string, options: RunArguments): Promise<number> {
  const {
    logLevel: level,
    logFormat: format = process.stdout.isTTY ? 'text' : 'json',
    ...runOptions
  } = options
  const log: ILog = makeLog({ level, format })
  let application: IService & { log?: ILog }
  const loaded = whileLoading(file)
  try {
    application = await loadApplication(file)
  } catch (error) {
    const { message, cause } = asError(error)
    complain(message)
    log.debug({ err: cause }, 'What the module threw')
    return FAILURE
  } finally {
    loaded()
  }
  if (application.log === defaultLog) application.log = log
  return run(application, {
    ...runOptions,
    log,
    onReady: () => log.info({ application: application.name }, 'The application has started'),
    onError: (error, during) => {
      log.debug({ err: error }, 'What went wrong')
      if (during === 'start') complain(`Cannot start ${file}: ${error.message}`)
      else if (during === 'stop') complain(`Cannot stop ${file} well: ${error.message}`)
      else complain(`${file} failed: ${error.stack ?? error.message}`)
    },
  })
}

/** Until the module is loaded nothing has started: a signal ends the process at once, and so does the end of all that it waits for. */
function whileLoading(file: string): () => void {
  const end = (signal: NodeJS.Signals): void => {
    loaded()
    process.exit(128 + constants.signals[signal])
  }
  const unsettled = (): void => {
    complain(`Cannot run ${file}: it waits for something that never comes`)
    process.exitCode = FAILURE
  }
  const loaded = (): void => {
    process.off('SIGINT', end).off('SIGTERM', end).off('exit', unsettled)
  }
  process.on('SIGINT', end).on('SIGTERM', end).on('exit', unsettled)
  return loaded
}

function complain(message: string): void {
  process.stderr.write(`sennit: ${message}\n`)
}

function duration(text: string): Duration {
  try {
    return toSeconds(/^[\d.]+$/.test(text) ? Number(text) : (text as Duration))
  } catch (error) {
    throw new InvalidArgumentError(asError(error).message)
  }
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
