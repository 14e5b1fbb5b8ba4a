/**
 * Until what a module makes is run, nothing has started: a signal ends the process at once, and so does the end of all that it waits for.
 *
 * Between two such times the signals are still listened to, until somebody else does: one that comes in a moment without a listener is
 * lost.
 *
 * @module
 */
import { constants } from 'node:os'
import { FAILURE } from './exit-codes.ts'
import { complain, type Terminal } from './terminal.ts'

const SIGNALS = ['SIGINT', 'SIGTERM'] as const

let listening = false

/** Whether the process ends because it was told to. */
let ending = false

/**
 * Does something that runs the code of a module; from now on signals end the process.
 *
 * @param stuck - what is said when it waits for something that can never come
 */
export async function whileLoading<T>(terminal: Terminal, stuck: string, load: () => Promise<T>): Promise<T> {
  endAtSignals()
  const unsettled = (): void => {
    if (ending) return
    complain(terminal, `${stuck}: it waits for something that never comes`)
    process.exitCode = FAILURE
  }
  // Before those listeners that write out what is left.
  process.prependListener('exit', unsettled)
  try {
    return await load()
  } finally {
    process.off('exit', unsettled)
  }
}

/** Signals are somebody else's from now on; to be called when that one listens already. */
export function leaveSignals(): void {
  if (!listening) return
  listening = false
  for (const signal of SIGNALS) process.off(signal, end)
}

function endAtSignals(): void {
  if (listening) return
  listening = true
  for (const signal of SIGNALS) process.on(signal, end)
}

function end(signal: NodeJS.Signals): void {
  ending = true
  process.exit(128 + constants.signals[signal])
}
