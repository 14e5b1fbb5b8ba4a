/**
 * Runs an application as the options say: the log first, then what makes the application, then the application.
 *
 * @module
 */
import type { ILog, IService } from '@sennit/interfaces'
import { run } from '@sennit/run'
import { asError } from '@sennit/runtime/internal'
import { isUsageError, UsageError } from './errors.ts'
import { FAILURE } from './exit-codes.ts'
import { explain } from './explain.ts'
import { openLog } from './log.ts'
import type { RunArguments } from './run-options.ts'
import { complain, type Terminal } from './terminal.ts'
import { leaveSignals, whileLoading } from './while-loading.ts'

/** Where an application comes from. */
export interface ApplicationSource {
  /** What messages call it: the file, or the plugin. */
  readonly label: string
  load(log: ILog): Promise<IService>
}

/**
 * Runs an application.
 *
 * @returns the exit code
 * @throws UsageError (`ERR_SENNIT_USAGE`), as a rejection
 * @throws LogFileError (`ERR_SENNIT_LOG_FILE`), as a rejection, when the log cannot be opened
 */
export async function runApplication(
  { label, load }: ApplicationSource,
  options: RunArguments,
  terminal: Terminal,
): Promise<number> {
  const { status, logLevel: _level, logFormat: _format, logFile: _file, help: _help, ...runOptions } = options
  const opened = openLog(options, terminal)
  const { log } = opened
  if (status !== undefined) await checkEndpoint(status)
  const say = (message: string, error: Error): void => {
    complain(terminal, message)
    // What is on the screen need not be there twice; but a log that somebody reads elsewhere must have it.
    log[opened.watched ? 'debug' : 'error']({ err: error }, message)
  }
  let application: IService
  try {
    application = await whileLoading(terminal, `Cannot run ${label}`, () => load(log))
  } catch (error) {
    if (isUsageError(error)) throw error
    const { message, cause = error } = asError(error)
    say(message, asError(cause))
    return FAILURE
  }
  const companions = status === undefined ? [] : [await statusPage(status, application, log)]
  const code = run(application, {
    ...runOptions,
    signals: stopSignals(),
    companions,
    log,
    onReady: () => log.info({ application: application.name }, 'The application has started'),
    onError: (error, during) => {
      if (during === 'start') say(`Cannot start ${label}: ${explain(error)}`, error)
      else if (during === 'stop') say(`Cannot stop ${label} well: ${explain(error)}`, error)
      else say(`${label} failed: ${error.stack ?? explain(error)}`, error)
    },
  })
  // Only now, when the run listens.
  leaveSignals()
  return code
}

/** A lost terminal stops the application in order, unless the module has its own use for SIGHUP, such as to read its settings again. */
function stopSignals(): NodeJS.Signals[] {
  const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM']
  return process.listenerCount('SIGHUP') > 0 ? signals : [...signals, 'SIGHUP']
}

/** Loaded only when there is one. */
async function statusPage(endpoint: string, root: IService, log: ILog): Promise<IService> {
  const { StatusService } = await import('@sennit/status')
  return new StatusService(endpoint, { name: 'status', root, log })
}

async function checkEndpoint(endpoint: string): Promise<void> {
  const { serverFromString } = await import('@sennit/endpoints')
  try {
    serverFromString(endpoint)
  } catch (error) {
    throw new UsageError(`option '--status [endpoint]': ${explain(error)}`, { cause: error })
  }
}
