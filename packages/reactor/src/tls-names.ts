/**
 * Names within TLS: of hosts, and of the protocols that are spoken inside.
 *
 * @module
 */
import { isIP } from 'node:net'
import { TLSOptionsError } from '@sennit/protocol'

const NAME = /^(?:\*\.)?[\w-]+(?:\.[\w-]+)*$/

/** Whether a name can be asked for by clients, or stands for all names of one domain (`*.`). */
export function isWildcard(name: string): boolean {
  return NAME.test(name) && isIP(name) === 0
}

/** What Node connects with, so that it asks for a name and checks it, or checks an address. */
export function peerName(name: string): { readonly host: string; readonly servername?: string } {
  if (isIP(name) !== 0) return { host: name }
  const { domainToASCII } = process.getBuiltinModule('node:url')
  const ascii = domainToASCII(name) || name
  const servername = ascii.endsWith('.') ? ascii.slice(0, -1) : ascii
  return { host: servername, servername }
}

/**
 * Protocols as an option of Node; none when there are none.
 *
 * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`)
 */
export function alpnProtocols(
  action: string,
  protocols: readonly string[] | undefined,
): { readonly ALPNProtocols?: string[] } {
  if (protocols === undefined) return {}
  const isFine = (name: unknown) => typeof name === 'string' && name !== '' && Buffer.byteLength(name) <= 255
  if (!Array.isArray(protocols) || !protocols.every(isFine)) {
    throw new TLSOptionsError(action, 'ALPNProtocols', 'a list of names of 1 to 255 bytes')
  }
  return protocols.length === 0 ? {} : { ALPNProtocols: Array.from(protocols as string[]) }
}
