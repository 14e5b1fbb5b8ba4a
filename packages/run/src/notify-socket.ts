/**
 * Where the service manager wants to be told, and how often it wants to hear that the process is well.
 *
 * Source: sd_notify(3), sd_watchdog_enabled(3).
 *
 * @module
 */
import type { Seconds } from '@sennit/interfaces'

/** What the environment says of the service manager. */
export interface NotifySettings {
  /** The path of a datagram socket; an abstract one begins with `@`. */
  readonly socket: string
  /** It must be told so often, or it takes the process for dead. */
  readonly watchdog: Seconds | undefined
}

/**
 * Reads the settings, and takes them away, so that no child speaks for this process.
 *
 * @returns `undefined` when no service manager wants to be told
 */
export function takeNotifySettings(
  env: Record<string, string | undefined>,
  pid: number | undefined,
): NotifySettings | undefined {
  const { NOTIFY_SOCKET: socket = '', WATCHDOG_USEC, WATCHDOG_PID } = env
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name]
  if (!/^[@/]./.test(socket)) return undefined
  const isForUs = WATCHDOG_PID === undefined || WATCHDOG_PID === String(pid)
  const microseconds = isForUs && /^[1-9]\d*$/.test(WATCHDOG_USEC ?? '') ? Number(WATCHDOG_USEC) : undefined
  return { socket, watchdog: microseconds === undefined ? undefined : microseconds / 1e6 }
}
