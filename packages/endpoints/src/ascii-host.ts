/**
 * Host names in the form in which they are looked up.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `HostnameEndpoint._hostAsBytesAndText`.
 * Differs: names are converted as in a URL (UTS 46).
 *
 * @module
 */
import { domainToASCII } from 'node:url'

/** Whatever else a name may be, it has no blanks and no control characters: a resolver would cut it at the NUL. */
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\s\0-\x1f\x7f]/

/** What would end the host of a URL, and be left out. */
const NOT_IN_NAMES = /[/\\?#@:[\]]/

const NOT_ASCII = /[^\0-\x7f]/

/**
 * A name with its letters beyond ASCII in punycode; what has none, such as an IP address, stays as it is.
 *
 * @returns `undefined` when it can be no name
 */
export function asciiHost(host: string): string | undefined {
  if (host === '' || FORBIDDEN.test(host)) return undefined
  if (!NOT_ASCII.test(host)) return host
  return (!NOT_IN_NAMES.test(host) && domainToASCII(host)) || undefined
}
