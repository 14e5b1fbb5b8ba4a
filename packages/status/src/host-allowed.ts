/**
 * The guard against DNS rebinding: a page of somebody else's whose name suddenly leads here cannot read anything, since its name is not
 * allowed.
 *
 * @module
 */
import { isIPv4, isIPv6 } from 'node:net'

/** Whether this is a name as it stands in a URL: no port, no scheme. */
export function isHostName(name: unknown): boolean {
  return typeof name === 'string' && /^[^\s:/?#@[\]]+$/.test(name)
}

/**
 * Whether a request for `host` is answered: an address as such, `localhost`, or a name that is allowed; with any port.
 *
 * @param host - the header `Host`
 * @param allowed - names in lower case
 */
export function isHostAllowed(host: string | undefined, allowed: ReadonlySet<string>): boolean {
  const parts = /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:[\]]+))(?::\d{1,5})?$/.exec(host ?? '')?.groups
  if (parts === undefined) return false
  if (parts['v6'] !== undefined) return isIPv6(parts['v6'])
  const name = parts['name']!.toLowerCase()
  return isIPv4(name) || name === 'localhost' || allowed.has(name)
}
