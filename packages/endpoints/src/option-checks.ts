/**
 * Checks of what the endpoints are given.
 *
 * @module
 */
import type { SocketFamily } from '@sennit/interfaces'
import { familyArgument, indexArgument, socketPathArgument } from './argument-kinds.ts'
import { EndpointOptionError } from './errors.ts'

/** A port, or an error that says what one is. */
export function checkedPort(port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port
  throw new EndpointOptionError('port', 'a whole number from 0 to 65535', port)
}

/** A host that is text at all; whether there can be one of that name, and how it is reached, is found out by connecting. */
export function checkedHost(host: string): string {
  if (typeof host === 'string' && host !== '') return host
  throw new EndpointOptionError('host', 'a host name or an IP address', host)
}

/** The path of a UNIX socket that the system would not cut. */
export function checkedPath(path: string): string {
  if (typeof path === 'string' && socketPathArgument.read(path) !== undefined) return path
  throw new EndpointOptionError('path', socketPathArgument.wanted, path)
}

/** The mode of a file, if there is one. */
export function checkedMode(mode: number | undefined): number | undefined {
  if (mode === undefined || (Number.isInteger(mode) && mode >= 0 && mode <= 0o777)) return mode
  throw new EndpointOptionError('mode', 'from 0 to 0o777', mode)
}

/** A descriptor, as far as its number says. */
export function checkedDescriptor(fd: number): number {
  if (indexArgument.read(String(fd)) !== undefined) return fd
  throw new EndpointOptionError('fd', 'a descriptor, a whole number from 0', fd)
}

/** A family of addresses. */
export function checkedFamily(family: SocketFamily): SocketFamily {
  if (family !== undefined && familyArgument.read(String(family)) === family) return family
  throw new EndpointOptionError('family', familyArgument.wanted, family)
}
