/**
 * What ports, addresses and counts must be, as for the real reactor.
 *
 * @module
 */
import { isIP } from 'node:net'
import type { Duration, Seconds } from '@sennit/interfaces'
import { ReactorOptionError } from '@sennit/protocol'
import { toSeconds } from '@sennit/runtime'

/** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) unless it is an integer from 0 to 65535 */
export function checkPort(action: string, port: unknown, option = 'port'): void {
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65535) return
  throw new ReactorOptionError(action, option, 'an integer from 0 to 65535', port)
}

/** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) unless it is a name or an IP literal */
export function checkHost(action: string, host: unknown): void {
  if (typeof host === 'string' && host !== '' && !host.includes('\0')) return
  throw new ReactorOptionError(action, 'host', 'a host name or an IP address', host)
}

/** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) unless it is an IP literal */
export function checkAddress(action: string, address: unknown, option: string): void {
  if (typeof address === 'string' && isIP(address) !== 0) return
  throw new ReactorOptionError(action, option, 'an IPv4 or IPv6 address', address)
}

/** The address that an interface means; the empty one is all of IPv4. */
export function interfaceAddress(action: string, local: unknown): string {
  if (local === '' || local === undefined) return '0.0.0.0'
  checkAddress(action, local, 'interface')
  return local as string
}

/** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) unless it is a whole number, `least` or more, or absent */
export function checkCount(action: string, count: unknown, option: string, least: number): void {
  if (count === undefined || count === Infinity) return
  if (typeof count === 'number' && Number.isInteger(count) && count >= least) return
  throw new ReactorOptionError(action, option, `a whole number, ${least} or more`, count)
}

/** The shortest time in which the real reactor can find a dead peer. */
const SHORTEST_KEEP_ALIVE: Seconds = 11

/** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) unless a dead peer can be found within so long, or is not looked for */
export function checkKeepAlive(budget: Duration | false | undefined): void {
  if (budget === undefined || budget === false) return
  if (toSeconds(budget, 'keepAlive') >= SHORTEST_KEEP_ALIVE) return
  const wanted = `false, or ${SHORTEST_KEEP_ALIVE} seconds or more`
  throw new ReactorOptionError('find dead peers', 'keepAlive', wanted, budget)
}

/** The most bytes that the system takes. */
const LONGEST_PATH = 107

/** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) unless it is the path of a file that a socket can have */
export function checkPath(action: string, path: unknown, option = 'path'): void {
  if (
    typeof path === 'string' &&
    path !== '' &&
    !path.includes('\0') &&
    Buffer.byteLength(path) <= LONGEST_PATH
  )
    return
  throw new ReactorOptionError(
    action,
    option,
    `a path of 1 to ${LONGEST_PATH} bytes without a NUL byte`,
    path,
  )
}

/** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) unless it is one, as in `0o660` */
export function checkMode(action: string, mode: unknown): void {
  if (typeof mode === 'number' && Number.isInteger(mode) && mode >= 0 && mode <= 0o777) return
  throw new ReactorOptionError(action, 'mode', 'an integer from 0 to 0o777', mode)
}
