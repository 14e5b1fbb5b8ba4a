/**
 * What a test writes for a place: `'tcp:HOST:PORT'`, `'tls:HOST:PORT'`, `'udp:HOST:PORT'`, `'unix:PATH'`.
 *
 * @module
 */
import { InvalidAddressError, parseAddress } from '@sennit/protocol'

/** A place. */
export type WorldAddress =
  | { readonly kind: 'tcp' | 'tls' | 'udp'; readonly host: string; readonly port: number }
  | { readonly kind: 'unix'; readonly path: string }

/**
 * Reads a place.
 *
 * @param kinds - those that are allowed
 * @throws InvalidAddressError (`ERR_SENNIT_INVALID_ADDRESS`)
 */
export function worldAddress(text: string, ...kinds: readonly WorldAddress['kind'][]): WorldAddress {
  const [, kind = '', rest = ''] = /^([a-z]+):(.*)$/is.exec(text) ?? []
  const known = kinds.find((each) => each === kind.toLowerCase())
  if (known === undefined)
    throw new InvalidAddressError(text, `it must begin with ${kinds.map((each) => `${each}:`).join(' or ')}`)
  if (known === 'unix') return { kind: known, path: rest }
  const { host, port } = parseAddress(`${known === 'udp' ? 'udp' : 'tcp'}:${rest}`)
  return { kind: known, host, port }
}
