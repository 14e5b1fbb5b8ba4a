/**
 * The kinds of arguments that endpoint strings have: what each must look like, and what becomes of it.
 *
 * @module
 */
import { isIP, isIPv6 } from 'node:net'
import type { Duration, Seconds } from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'

/** One kind of argument. */
export interface ArgumentKind<T> {
  /** What the text must be, as an error shall say it. */
  readonly wanted: string
  /** The argument, or `undefined` when the text is none of this kind. */
  read(text: string): T | undefined
}

/** Any text without NUL characters, also an empty one. */
export const textArgument: ArgumentKind<string> = {
  wanted: 'a text without NUL characters',
  read: (text) => (text.includes('\0') ? undefined : text),
}

/** A port to listen at; 0 picks a free one. */
export const portArgument: ArgumentKind<number> = wholeNumber(0, 65_535)

/** A port to connect to. */
export const remotePortArgument: ArgumentKind<number> = wholeNumber(1, 65_535)

/** A whole number from 1. */
export const countArgument: ArgumentKind<number> = wholeNumber(1, 2 ** 31 - 1)

/** A name or an IP address to connect to. */
export const hostArgument: ArgumentKind<string> = {
  wanted: 'a host name or an IP address (an IPv6 address in brackets)',
  // Whatever else a name may be, it has no blanks and no control characters: a resolver would cut it at the NUL.
  // oxlint-disable-next-line no-control-regex
  read: (text) => (/^[^\s\0-\x1f\x7f]+$/.test(text) ? text : undefined),
}

/** A local address; an empty one means all. */
export const interfaceArgument: ArgumentKind<string> = {
  wanted: 'an IP address (an IPv6 address in brackets)',
  read: (text) => (text === '' || isIP(text) !== 0 ? text : undefined),
}

/** A local IPv6 address. */
export const ipv6InterfaceArgument: ArgumentKind<string> = {
  wanted: 'an IPv6 address in brackets',
  read: (text) => (isIPv6(text) ? text : undefined),
}

/** Seconds, such as `1.5`, or a number with its unit, such as `500ms`. */
export const durationArgument: ArgumentKind<Seconds> = {
  wanted: "seconds, or a number with the unit 'ms', 's', 'm' or 'h'",
  read: (text) => {
    try {
      return toSeconds((/[a-z]$/.test(text) ? text : `${text}s`) as Duration)
    } catch {
      return undefined
    }
  },
}

/** Digits only: what else JavaScript would take for a number (`0x50`, ` 80`, `8e1`) is a mistake here. */
function wholeNumber(lowest: number, highest: number): ArgumentKind<number> {
  const digits = new RegExp(`^\\d{1,${String(highest).length}}$`)
  return {
    wanted: `a whole number from ${lowest} to ${highest}`,
    read: (text) => {
      if (!digits.test(text)) return undefined
      const number = Number(text)
      return number >= lowest && number <= highest ? number : undefined
    },
  }
}
