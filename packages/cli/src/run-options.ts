/**
 * The options that running an application has, whether it comes from a module or from a plugin.
 *
 * Source: Twisted, `twisted/application/twist/_options.py`, `twisted/scripts/_twistd_unix.py`.
 *
 * @module
 */
import type { Duration } from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import { type Command, InvalidArgumentError, Option } from 'commander'
import { LEVELS, type LogArguments } from './log-arguments.ts'

/** What the options of running say. */
export interface RunArguments extends LogArguments {
  readonly startTimeout?: Duration
  readonly stopTimeout?: Duration
  readonly for?: Duration
  readonly readyDelay?: Duration
  readonly drainDelay?: Duration
  readonly uid?: number | string
  readonly gid?: number | string
  readonly umask?: number
  /** Where the status page is, when there shall be one. */
  readonly status?: string
  readonly help?: boolean
}

const STATUS = '--status'

/** Where the status page is, unless the option says more. */
const STATUS_ENDPOINT = 'tcp:8127'

/** Gives a command the options of running. */
export function addRunOptions(command: Command): Command {
  return command
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
    .option('--log-file <file>', "where the log is appended to; '-' is stdout, '+' is stderr", file, '-')
    .option('--start-timeout <duration>', 'how long the start may take (default: 30s)', duration)
    .option('--stop-timeout <duration>', 'how long the stop may take (default: 8s)', duration)
    .option('--for <duration>', 'stop after so long', duration)
    .option('--ready-delay <duration>', 'be ready only so long after the start', duration)
    .option('--drain-delay <duration>', 'at a signal be unready for so long, then stop', duration)
    .option(
      `${STATUS} [endpoint]`,
      `show a status page (default: at ${STATUS_ENDPOINT}, for this machine only)`,
    )
    .option('--uid <user>', 'become this user, once the ports are bound: a name or a number', id)
    .option('--gid <group>', 'become this group: a name or a number', id)
    .option('--umask <octal>', 'the permissions that new files do not get', octal)
}

/**
 * Takes what follows `--status` for its value only when it looks like an endpoint: what else follows is the module, or an argument of it.
 */
export function joinStatus(args: readonly string[]): string[] {
  const joined: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (arg !== STATUS) joined.push(arg)
    else if (/^[a-z][\w+.-]+:/i.test(args[i + 1] ?? '')) joined.push(`${STATUS}=${args[++i]}`)
    else joined.push(`${STATUS}=${STATUS_ENDPOINT}`)
  }
  return joined
}

/** The flags of a command, with their dashes. */
export function flagsOf(command: Command): ReadonlySet<string> {
  return new Set(
    command.options.flatMap(({ long, short }) => [long, short]).filter((flag) => typeof flag === 'string'),
  )
}

/** Reads a duration: seconds, or a number with its unit. */
export function duration(text: string): Duration {
  try {
    return toSeconds(/^[\d.]+$/.test(text) ? Number(text) : (text as Duration))
  } catch (error) {
    throw new InvalidArgumentError(asError(error).message)
  }
}

function id(text: string): number | string {
  if (/^\d+$/.test(text)) return Number(text)
  if (/^[^\s:\d-][^\s:]*$/.test(text)) return text
  throw new InvalidArgumentError('It must be a name or a number, 0 or more.')
}

function octal(text: string): number {
  if (/^[0-7]{1,4}$/.test(text) && Number.parseInt(text, 8) <= 0o777) return Number.parseInt(text, 8)
  throw new InvalidArgumentError('It must be an octal number from 0 to 777, such as 027.')
}

function file(text: string): string {
  if (text !== '') return text
  throw new InvalidArgumentError("It must be a file, '-' for stdout, or '+' for stderr.")
}
