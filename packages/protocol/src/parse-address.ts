/**
 * A small parser for `tcp:HOST:PORT` and `udp:HOST:PORT`.
 *
 * @module
 */
import { isIPv6 } from 'node:net'
import type { IHostPort } from '@sennit/interfaces'
import type { InternetType } from './addresses.ts'
import { InvalidAddressError } from './errors.ts'

/** What an address says; `internetAddress(type, host, port)` makes an address of it. */
export interface ParsedAddress extends IHostPort {
  readonly type: InternetType
}

const FORM = /^(tcp|udp):(?:\[([^\]]*)\]|([^:[\]]*)):(\d{1,5})$/i

/**
 * Reads an address.
 *
 * @param text - `tcp:` or `udp:`, a host, a colon and a port; an IPv6 literal stands in brackets
 * @throws InvalidAddressError (`ERR_SENNIT_INVALID_ADDRESS`)
 * @example
 * ```ts
 * parseAddress('tcp:[::1]:8080') // { type: 'TCP', host: '::1', port: 8080 }
 * ```
 */
export function parseAddress(text: string): ParsedAddress {
  const [, type, literal, name, digits] = FORM.exec(text) ?? []
  const port = Number(digits)
  if (type === undefined || port > 65535) {
    throw new InvalidAddressError(
      text,
      'it must be tcp:HOST:PORT or udp:HOST:PORT, with a port from 0 to 65535',
    )
  }
  if (literal !== undefined && !isIPv6(literal)) {
    throw new InvalidAddressError(text, 'only an IPv6 literal may stand in brackets')
  }
  return { type: type.toUpperCase() as InternetType, host: literal ?? name ?? '', port }
}
