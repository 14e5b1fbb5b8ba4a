/**
 * What a program says to syslog, in the two forms that there are.
 *
 * @module
 */

/** One message. */
export interface SyslogMessage {
  /** What kind of program it is from, such as `daemon`. */
  readonly facility: string
  /** From `emergency` to `debug`. */
  readonly severity: string
  /** As the sender wrote it; it may lack the year. */
  readonly time?: string
  readonly app?: string
  /** A number; in the new form it may be any name of a process. */
  readonly pid?: number | string
  readonly text: string
}

const SEVERITIES = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug']
const FACILITIES = [
  'kernel',
  'user',
  'mail',
  'daemon',
  'auth',
  'syslog',
  'lpr',
  'news',
  'uucp',
  'cron',
  'authpriv',
  'ftp',
]

const PRIORITY = /^<(\d{1,3})>/

/** RFC 5424: version, time, host, app, process, message id, structured data, text. A `-` stands for what is not known. */
const NEW = /^1 (\S+) \S+ (\S+) (\S+) \S+ (?:-|(?:\[(?:[^\]"\\]|\\.|"(?:[^"\\]|\\.)*")*\])+)(?: (.*))?$/s

/** RFC 3164, as local programs send it: time, perhaps a host, a tag, perhaps the process, text. */
const OLD = /^(\w{3} [ \d]\d \d\d:\d\d:\d\d) (?:\S+ )?([^\s:[]+)(?:\[(\d+)\])?: ?(.*)$/s

/** Reads a datagram; nothing when it has no priority, and so is none of syslog. */
export function readSyslog(datagram: Uint8Array): SyslogMessage | undefined {
  const all = Buffer.from(datagram).toString()
  const priority = Number(PRIORITY.exec(all)?.[1] ?? Number.NaN)
  if (!(priority < 192)) return undefined
  const head = { facility: facilityOf(priority >> 3), severity: SEVERITIES[priority & 7]! }
  const rest = all.replace(PRIORITY, '').replace(/[\n\0]+$/, '')
  const [, time, app, pid, text = ''] = NEW.exec(rest) ?? OLD.exec(rest) ?? []
  if (time === undefined) return { ...head, text: rest }
  return {
    ...head,
    ...(time !== '-' && { time }),
    ...(app !== undefined && app !== '-' && { app }),
    ...(pid !== undefined && pid !== '-' && { pid: /^\d+$/.test(pid) ? Number(pid) : pid }),
    // A byte order mark says that it is UTF-8, as it is anyway.
    text: text.replace(/^\ufeff/, ''),
  }
}

function facilityOf(number: number): string {
  return FACILITIES[number] ?? (number >= 16 ? `local${number - 16}` : `facility${number}`)
}
