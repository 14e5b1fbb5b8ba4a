/**
 * The grammar of endpoint strings: fields separated by ':', each a plain value or `keyword=value`.
 *
 * - a backslash makes the next character literal;
 * - only the first '=' of a field splits it;
 * - a value that begins with '[' is an IPv6 address and ends at the ']'; the brackets are not part of it.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_tokenize`, `_parse`, `quoteStringArgument`.
 * Differs: every field knows its position; brackets; a lone backslash at the end is a syntax error; the length is limited.
 *
 * @module
 */
import { isIPv6 } from 'node:net'
import { EndpointSyntaxError } from './errors.ts'

/** The longest endpoint string, in UTF-16 code units. */
export const LONGEST_DESCRIPTION = 4096

/** One field of an endpoint string. */
export interface EndpointField {
  /** What stands before the first '='; `undefined` when the field has none. */
  readonly keyword: string | undefined
  /** What the field says, without escapes and brackets. */
  readonly value: string
  /** Where the field begins. */
  readonly position: number
  /** Where the value begins. */
  readonly valuePosition: number
}

/**
 * Splits an endpoint string into its fields.
 *
 * @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`)
 */
export function splitEndpointFields(description: string): EndpointField[] {
  if (typeof description !== 'string') {
    const got = String(description)
    throw new EndpointSyntaxError(got, { position: 0, what: 'description', expected: 'a string', got })
  }
  if (description.length > LONGEST_DESCRIPTION) {
    throw new EndpointSyntaxError(description, {
      position: LONGEST_DESCRIPTION,
      what: 'description',
      expected: `at most ${LONGEST_DESCRIPTION} characters long`,
      got: `${description.length} characters`,
    })
  }
  const fields: EndpointField[] = []
  let end = -1
  do {
    const scanner = new FieldScanner(description, end + 1)
    fields.push(scanner.read())
    end = scanner.at
  } while (end < description.length)
  return fields
}

/**
 * Escapes a text so that it stands in an endpoint string as one plain value or as the value of a keyword.
 *
 * @example
 * ```ts
 * serverFromString(`unix:${quoteStringArgument(path)}`)
 * ```
 */
export function quoteStringArgument(argument: string): string {
  return argument.replace(/[\\:=]|^\[/g, '\\$&')
}

/** Reads one field; afterwards `at` is at the ':' after it, or at the end. */
class FieldScanner {
  readonly #text: string
  readonly #start: number
  at: number

  constructor(text: string, start: number) {
    this.#text = text
    this.#start = start
    this.at = start
  }

  read(): EndpointField {
    const first = this.#value(true)
    if (this.#text[this.at] !== '=') {
      return {
        keyword: undefined,
        value: first,
        position: this.#start,
        valuePosition: this.#start,
      }
    }
    if (first === '') this.#fail(this.#start, 'keyword', "a name before the '='", '=')
    this.at++
    const valuePosition = this.at
    return { keyword: first, value: this.#value(false), position: this.#start, valuePosition }
  }

  #value(endsAtEquals: boolean): string {
    const text = this.#text
    if (text[this.at] === '[') return this.#bracketed()
    let value = ''
    let from = this.at
    for (; this.at < text.length; this.at++) {
      const character = text[this.at]
      if (character === ':' || (endsAtEquals && character === '=')) break
      if (character !== '\\') continue
      if (this.at + 1 === text.length) this.#fail(this.at, 'escape', 'a backslash and a character', '\\')
      value += text.slice(from, this.at)
      this.at++
      from = this.at
    }
    return value + text.slice(from, this.at)
  }

  #bracketed(): string {
    const text = this.#text
    const open = this.at
    const close = text.indexOf(']', open)
    if (close < 0)
      this.#fail(open, 'address', "closed by a ']' (a plain '[' is written '\\[')", text.slice(open))
    const address = text.slice(open + 1, close)
    if (!isIPv6(address)) {
      this.#fail(open + 1, 'address', "an IPv6 address in brackets (a plain '[' is written '\\[')", address)
    }
    this.at = close + 1
    if (this.at < text.length && text[this.at] !== ':') {
      this.#fail(this.at, 'address', "followed by ':' or by the end", text.slice(this.at))
    }
    return address
  }

  #fail(position: number, what: string, expected: string, got: string): never {
    throw new EndpointSyntaxError(this.#text, { position, what, expected, got })
  }
}
