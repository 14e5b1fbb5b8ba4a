/**
 * What is read of an endpoint string: the type of the port that is opened in the end, and whether its interface is named.
 *
 * @module
 */
import { type EndpointField, splitEndpointFields } from '@sennit/endpoints/internal'

/** The type of the port; a proxy's is that of the endpoint behind it. */
function typeOf(fields: readonly EndpointField[]): string {
  const words = fields.filter(({ keyword }) => keyword === undefined).map(({ value }) => value.toLowerCase())
  return words.find((word) => word !== 'haproxy') ?? ''
}

/**
 * The endpoint string of a port that is opened on this machine only, unless the string names an interface.
 *
 * @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`)
 */
export function onLoopback(endpoint: string): string {
  const fields = splitEndpointFields(endpoint)
  const type = typeOf(fields)
  if (!['tcp', 'tcp6', 'tls', 'ssl'].includes(type)) return endpoint
  if (fields.some(({ keyword }) => keyword === 'interface')) return endpoint
  return `${endpoint}:interface=${type === 'tcp6' ? '[::1]' : '127.0.0.1'}`
}

/** Whether TLS is spoken at the port of an endpoint, by its text; that of somebody else's endpoint may be any. */
export function isEncrypted(endpoint: string): boolean {
  try {
    return ['tls', 'ssl'].includes(typeOf(splitEndpointFields(endpoint)))
  } catch {
    return false
  }
}
