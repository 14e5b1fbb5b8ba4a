/**
 * The sockets that a service manager has opened for this process: those of systemd's socket activation, or whoever speaks its
 * protocol.
 *
 * Source: Twisted, `twisted/python/systemd.py`, `ListenFDs`; `sd_listen_fds(3)`.
 * Differs: the variables are removed also when they are meant for another process.
 *
 * @module
 */
import type { InheritedSocket } from '@sennit/interfaces'

/** The number of the first one. */
const FIRST = 3

/** The variables of the protocol. */
interface Environment {
  LISTEN_PID?: string | undefined
  /** Says more about the process than its number; Node cannot compare it, so that the number has to do. */
  LISTEN_PIDFDID?: string | undefined
  LISTEN_FDS?: string | undefined
  LISTEN_FDNAMES?: string | undefined
}

let inherited: readonly InheritedSocket[] | undefined

/** What this process was started with. The environment is read, and cleared, by the first call. */
export function inheritedSockets(): readonly InheritedSocket[] {
  inherited ??= takeInherited(process.env, process.pid)
  return inherited
}

/**
 * Reads the variables of an environment, and removes them, so that no process that is started from here takes them for its own.
 *
 * @returns nothing of what is meant for another process, or does not fit together
 */
export function takeInherited(environment: Environment, pid: number): readonly InheritedSocket[] {
  const { LISTEN_PID, LISTEN_FDS, LISTEN_FDNAMES } = environment
  delete environment.LISTEN_PID
  delete environment.LISTEN_PIDFDID
  delete environment.LISTEN_FDS
  delete environment.LISTEN_FDNAMES
  if (LISTEN_PID !== String(pid) || !/^\d{1,5}$/.test(LISTEN_FDS ?? '')) return []
  const count = Number(LISTEN_FDS)
  const names = LISTEN_FDNAMES?.split(':') ?? Array.from({ length: count }, () => '')
  if (names.length !== count) return []
  return names.map((name, i) => ({ fd: FIRST + i, name }))
}
