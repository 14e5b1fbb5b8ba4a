/**
 * `sennit status [ADDRESS]`: shows the tree of a process that has a status page.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Duration } from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import { type Command, InvalidArgumentError } from 'commander'
import type { Call } from './call.ts'
import { StatusError } from './errors.ts'
import { OK } from './exit-codes.ts'
import { explain } from './explain.ts'
import { painter } from './paint.ts'
import { readStatus } from './read-status.ts'
import { duration } from './run-options.ts'
import { parseStatusAddress, type StatusAddress } from './status-address.ts'
import { readDocument, statusLines, type StatusView } from './status-view.ts'
import { complain, type Terminal } from './terminal.ts'
import { visible, visibleJson } from './visible.ts'
import { leaveSignals } from './while-loading.ts'

interface StatusArguments {
  readonly json?: boolean
  readonly watch?: boolean
  readonly interval: Duration
}

const DEFAULT = 'http://127.0.0.1:8127/'

/** Back to the upper left; then, what is left of the picture before. */
const HOME = '\u001b[H'
const CLEAR_LINE = '\u001b[K'
const CLEAR_BELOW = '\u001b[J'
const CLEAR_ALL = '\u001b[2J'

/** Adds the command. */
export function addStatusCommand(program: Command, call: Call): void {
  const command = program
    .command('status')
    .description('show the services of a running process that has a status page')
    .argument('[address]', `http://HOST:PORT/, tcp:HOST:PORT, HOST:PORT or unix:/PATH`, DEFAULT)
    .option('--json', 'the document as it comes, one a line')
    .option('--watch', 'again and again, until Ctrl-C')
    .option('--interval <duration>', 'how often (default: 1s)', interval, 1)
    .action((address: string, options: StatusArguments) =>
      call.end(command, () => {
        const where = parseStatusAddress(address)
        return options.watch === true
          ? watch(where, options, call.terminal)
          : show(where, options, call.terminal)
      }),
    )
}

async function show(where: StatusAddress, options: StatusArguments, terminal: Terminal): Promise<number> {
  terminal.out.write(`${(await look(where, options, terminal)).join('\n')}\n`)
  return OK
}

/** The first look must succeed; later the process may go and come back. */
async function watch(where: StatusAddress, options: StatusArguments, terminal: Terminal): Promise<number> {
  const { out, outIsTerminal } = terminal
  const over = new AbortController()
  const end = (): void => over.abort()
  process.once('SIGINT', end).once('SIGTERM', end)
  leaveSignals()
  const write = options.json === true ? inLines : outIsTerminal ? inPlace(terminal) : inParagraphs
  let lines = await look(where, options, terminal)
  while (!over.signal.aborted && !out.gone) {
    out.write(write(lines))
    await sleep(toSeconds(options.interval) * 1000, undefined, { signal: over.signal }).catch(() => {})
    if (!over.signal.aborted) lines = await lookAgain(where, options, terminal)
  }
  return OK
}

/** What there is to be shown of a process. */
async function look(where: StatusAddress, { json }: StatusArguments, terminal: Terminal): Promise<string[]> {
  const text = await readStatus(where)
  let view: StatusView
  try {
    view = readDocument(text)
  } catch (error) {
    throw new StatusError(where.text, `what answers is no status page of Sennit: ${explain(error)}`, {
      cause: error,
    })
  }
  if (json === true) return [visibleJson(JSON.stringify(JSON.parse(text)))]
  return statusLines(view, painter(terminal.colors), terminal.columns())
}

async function lookAgain(
  where: StatusAddress,
  options: StatusArguments,
  terminal: Terminal,
): Promise<string[]> {
  try {
    return await look(where, options, terminal)
  } catch (error) {
    if (!(error instanceof StatusError)) throw error
    if (options.json !== true) return [visible(error.message)]
    complain(terminal, error.message)
    return []
  }
}

function inLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

function inParagraphs(lines: readonly string[]): string {
  return `${inLines(lines)}\n`
}

/** One picture over the other; what does not fit on the screen is left out. */
function inPlace({ rows }: Terminal): (lines: readonly string[]) => string {
  let begin = CLEAR_ALL
  return (lines) => {
    const most = (rows() ?? Infinity) - 1
    const shown =
      lines.length <= most ? lines : [...lines.slice(0, most - 1), `… ${lines.length - most + 1} more lines`]
    const picture = `${begin}${HOME}${shown.map((line) => `${line}${CLEAR_LINE}\n`).join('')}${CLEAR_BELOW}`
    begin = ''
    return picture
  }
}

function interval(text: string): Duration {
  const time = duration(text)
  if (toSeconds(time) >= 0.1) return time
  throw new InvalidArgumentError('It must be at least 100ms.')
}
