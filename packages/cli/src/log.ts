/**
 * The log of the command: JSON for machines, text for people.
 *
 * Source: Twisted, `twisted/application/twist/_options.py`, `twisted/application/app.py`, `AppLogger`.
 * Differs: the format is chosen by where the log really goes; a reader that is slow or gone holds nobody up.
 *
 * @module
 */
import { constants, openSync } from 'node:fs'
import { isatty } from 'node:tty'
import { inspect } from 'node:util'
import { systemClock } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import pino from 'pino'
import { LogFileError } from './errors.ts'
import type { LogArguments } from './log-arguments.ts'
import { descriptor, Output } from './output.ts'
import type { Terminal } from './terminal.ts'
import { textLine } from './text-line.ts'

/** A log, and where it goes. */
export interface OpenLog {
  readonly log: pino.Logger
  readonly output: Output
  /** Whether somebody reads it where messages are read too, so that nothing has to be said twice. */
  readonly watched: boolean
}

/**
 * Opens the log.
 *
 * @throws LogFileError (`ERR_SENNIT_LOG_FILE`) when the file cannot be written
 */
export function openLog({ logLevel, logFormat, logFile }: LogArguments, terminal: Terminal): OpenLog {
  const { output, isTerminal } = destination(logFile, terminal)
  const text = (logFormat ?? (isTerminal ? 'text' : 'json')) === 'text'
  const err = text ? (error: unknown) => inspect(error) : pino.stdSerializers.errWithCause
  const write = text ? (line: string) => output.write(textLine(line)) : (line: string) => output.write(line)
  const log = pino({ level: logLevel, base: null, serializers: { err } }, { write })
  output.lost = (lines) => {
    const entry = {
      level: pino.levels.values['warn'],
      time: Date.now(),
      lines,
      msg: 'Log lines were lost: their reader is too slow',
    }
    const line = `${JSON.stringify(entry)}\n`
    return text ? textLine(line) : line
  }
  return { log, output, watched: text && isTerminal }
}

function destination(file: string, terminal: Terminal): { output: Output; isTerminal: boolean } {
  if (file === '-') return { output: checked(terminal.out, 'stdout'), isTerminal: terminal.outIsTerminal }
  if (file === '+') return { output: checked(terminal.err, 'stderr'), isTerminal: terminal.errIsTerminal }
  const fd = openForAppending(file)
  const output = new Output(descriptor(fd), { clock: systemClock })
  terminal.outputs.push(output)
  return { output, isTerminal: isatty(fd) }
}

function checked(output: Output, name: string): Output {
  try {
    output.check()
    return output
  } catch (error) {
    throw new LogFileError(name, { cause: asError(error) })
  }
}

/** Does not wait for the reader of a named pipe. */
function openForAppending(file: string): number {
  const { O_APPEND, O_CREAT, O_WRONLY, O_NONBLOCK } = constants as Record<string, number>
  try {
    return openSync(file, O_APPEND! | O_CREAT! | O_WRONLY! | (O_NONBLOCK ?? 0))
  } catch (error) {
    throw new LogFileError(file, { cause: asError(error) })
  }
}
