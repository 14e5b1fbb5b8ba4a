/**
 * Checks of what the endpoints are given.
 *
 * @module
 */
import { EndpointOptionError } from './errors.ts'

/** A port, or an error that says what one is. */
export function checkedPort(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new EndpointOptionError('port', 'a whole number from 0 to 65535', port)
}

/** A host that is text at all; whether it can be reached is found out by connecting. */
export function checkedHost(host: string): string {
  if (typeof host === 'string' && host !== '') return host
  throw new EndpointOptionError('host', 'a host name or an IP address', host)
}
