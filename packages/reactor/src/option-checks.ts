/**
 * What ports, hosts and counts must be.
 *
 * @module
 */
import { isIP } from 'node:net'
import { ReactorOptionError } from '@sennit/protocol'

/** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) unless it is an integer from 0 to 65535 */
export function checkedPort(action: string, port: unknown, option = 'port'): number {
  if (typeof port === 'number' && Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new ReactorOptionError(action, option, 'an integer from 0 to 65535', port)
}

/** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) unless it is an IP literal */
export function checkedAddress(action: string, address: unknown, option: string): string {
  if (typeof address === 'string' && isIP(address) !== 0) return address
  throw new ReactorOptionError(action, option, 'an IPv4 or IPv6 address', address)
}

/** The family of a local address; the empty one is all of IPv4. */
export function checkedInterface(action: string, address: unknown): { host: string; family: 4 | 6 } {
  if (address === '') return { host: '0.0.0.0', family: 4 }
  const host = checkedAddress(action, address, 'interface')
  return { host, family: isIP(host) as 4 | 6 }
}

/**
 * A name cut at a NUL byte would lead to another host.
 *
 * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) unless it is a name or an IP literal
 */
export function checkedHost(action: string, host: unknown): string {
  if (typeof host === 'string' && host !== '' && !host.includes('\0')) return host
  throw new ReactorOptionError(action, 'host', 'a host name or an IP address', host)
}

/** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) unless it is a whole number, `least` or more, or absent */
export function checkedCount(action: string, count: unknown, option: string, least: number): void {
  if (count === undefined || count === Infinity) return
  if (typeof count === 'number' && Number.isInteger(count) && count >= least) return
  throw new ReactorOptionError(action, option, `a whole number, ${least} or more`, count)
}
