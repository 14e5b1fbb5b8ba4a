/**
 * Endpoints as strings that read back to the same endpoint.
 *
 * @module
 */
import { isIPv6 } from 'node:net'
import { quoteStringArgument } from './endpoint-fields.ts'

/** What a field can say. */
export type FieldValue = string | number | boolean | undefined

/**
 * The string of an endpoint.
 *
 * @param type - such as `'tcp'`
 * @param plain - the plain fields
 * @param keywords - the fields with a keyword; those that are `undefined` are left out
 */
export function endpointText(
  type: string,
  plain: readonly (string | number)[],
  keywords: Readonly<Record<string, FieldValue>> = {},
): string {
  const fields = plain.map((value) => fieldText(value))
  for (const [keyword, value] of Object.entries(keywords)) {
    if (value !== undefined) fields.push(`${keyword}=${fieldText(value)}`)
  }
  return [type, ...fields].join(':')
}

function fieldText(value: string | number | boolean): string {
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (typeof value === 'number') return numberText(value)
  return isIPv6(value) ? `[${value}]` : quoteStringArgument(value)
}

/** Without an exponent, which is no duration. */
function numberText(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(9) : text
}
