/**
 * The standard streams of the process, as the command writes to them.
 *
 * @module
 */
import { isatty } from 'node:tty'
import type { Seconds } from '@sennit/interfaces'
import { systemClock } from '@sennit/runtime'
import { descriptor, Output } from './output.ts'
import { visibleLines } from './visible.ts'

/** Where the command writes. */
export interface Terminal {
  readonly out: Output
  readonly err: Output
  readonly outIsTerminal: boolean
  readonly errIsTerminal: boolean
  /** Whether what is written to `out` may have colours. */
  readonly colors: boolean
  /** How wide lines of `out` may be; `undefined` where nobody looks. */
  readonly columns: () => number | undefined
  /** How many lines are seen at once; `undefined` where nobody looks. */
  readonly rows: () => number | undefined
  /** All that has to be out before the process ends, log files included. */
  readonly outputs: Output[]
}

/** A reader that takes nothing for so long at the end is given up; and for so long when the process ends at once. */
const PATIENCE: Seconds = 5
const LAST_PATIENCE: Seconds = 1

let standard: Terminal | undefined

/** The streams of this process. What they were given is out when the process ends, however it ends. */
export function standardTerminal(): Terminal {
  if (standard !== undefined) return standard
  const { stdout, stderr, env } = process
  // Who read them may be gone.
  for (const stream of [stdout, stderr]) stream.on('error', () => {})
  const out = new Output(descriptor(1, stdout), { clock: systemClock })
  const err = new Output(descriptor(2, stderr), { clock: systemClock })
  const outIsTerminal = isatty(1)
  const terminal: Terminal = {
    out,
    err,
    outIsTerminal,
    errIsTerminal: isatty(2),
    colors: outIsTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb',
    columns: () => (outIsTerminal ? stdout.columns : undefined),
    rows: () => (outIsTerminal ? stdout.rows : undefined),
    outputs: [out, err],
  }
  process.on('exit', () => {
    for (const output of terminal.outputs) output.flushSync(LAST_PATIENCE)
  })
  standard = terminal
  return terminal
}

/** Waits until all is out. */
export async function flush({ outputs }: Terminal): Promise<void> {
  await Promise.all(outputs.map((output) => output.flush(PATIENCE)))
}

/** Says something on stderr. */
export function complain({ err }: Terminal, message: string): void {
  err.write(`sennit: ${visibleLines(message)}\n`)
}
