/**
 * Until a module is loaded nothing has started: a signal ends the process at once, and so does the end of all that it waits for.
 *
 * @module
 */
import { constants } from 'node:os'
import { FAILURE } from './exit-codes.ts'
import { complain, type Terminal } from './terminal.ts'

/**
 * Does something that runs the code of a module.
 *
 * @param stuck - what is said when it waits for something that can never come
 */
export async function whileLoading<T>(terminal: Terminal, stuck: string, load: () => Promise<T>): Promise<T> {
  const end = (signal: NodeJS.Signals): void => {
    loaded()
    process.exit(128 + constants.signals[signal])
  }
  const unsettled = (): void => {
    complain(terminal, `${stuck}: it waits for something that never comes`)
    process.exitCode = FAILURE
  }
  const loaded = (): void => {
    process.off('SIGINT', end).off('SIGTERM', end).off('exit', unsettled)
  }
  // Before those listeners that write out what is left.
  process.on('SIGINT', end).on('SIGTERM', end).prependListener('exit', unsettled)
  try {
    return await load()
  } finally {
    loaded()
  }
}
