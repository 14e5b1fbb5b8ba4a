/**
 * What is read of an endpoint string: the type of the port that is opened in the end, and whether its interface is named.
 *
 * @module
 */

/** An address in brackets, in which a colon separates nothing. */
const BRACKETS = /\[[^\]]*\]/g

/** A colon, unless a backslash makes it a part of a value. */
const SEPARATOR = /(?<=(?:^|[^\\])(?:\\\\)*):/

const KEYWORD = /^[a-z]+=/i

/** The type of the port; a proxy's is that of the endpoint behind it. */
function typeOf(fields: readonly string[]): string | undefined {
  const words = fields.filter((field) => !KEYWORD.test(field)).map((field) => field.toLowerCase())
  return words.find((word) => word !== 'haproxy')
}

/** The endpoint string of a port that is opened on this machine only, unless the string names an interface. */
export function onLoopback(endpoint: string): string {
  const fields = fieldsOf(endpoint)
  const type = typeOf(fields) ?? ''
  if (!['tcp', 'tcp6', 'tls', 'ssl'].includes(type)) return endpoint
  if (fields.some((field) => field.startsWith('interface='))) return endpoint
  return `${endpoint}:interface=${type === 'tcp6' ? String.raw`\:\:1` : '127.0.0.1'}`
}

/** Whether TLS is spoken at the port of an endpoint string. */
export function isEncrypted(endpoint: string): boolean {
  return ['tls', 'ssl'].includes(typeOf(fieldsOf(endpoint)) ?? '')
}

function fieldsOf(endpoint: string): string[] {
  return endpoint.replaceAll(BRACKETS, '').split(SEPARATOR)
}
