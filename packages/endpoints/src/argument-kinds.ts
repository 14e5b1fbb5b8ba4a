/**
 * The kinds of arguments that endpoint strings have: what each must look like, and what becomes of it.
 *
 * @module
 */
import { isIP, isIPv6 } from 'node:net'
import type { Duration, Seconds, SocketFamily } from '@sennit/interfaces'
import { toSeconds } from '@sennit/runtime'
import { asciiHost } from './ascii-host.ts'

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
export const portArgument: ArgumentKind<number> = /* @__PURE__ */ wholeNumber(0, 65_535)

/** A port to connect to. */
export const remotePortArgument: ArgumentKind<number> = /* @__PURE__ */ wholeNumber(1, 65_535)

/** A whole number from 1. */
export const countArgument: ArgumentKind<number> = /* @__PURE__ */ wholeNumber(1, 2 ** 31 - 1)

/** A whole number from 0. */
export const indexArgument: ArgumentKind<number> = /* @__PURE__ */ wholeNumber(0, 2 ** 31 - 1)

/** A name or an IP address to connect to. */
export const hostArgument: ArgumentKind<string> = {
  wanted: 'a host name or an IP address (an IPv6 address in brackets)',
  read: (text) => (asciiHost(text) === undefined ? undefined : text),
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

/** The same, or `false` for never. */
export const keepAliveArgument: ArgumentKind<Seconds | false> = {
  wanted: `${durationArgument.wanted}, or 'false'`,
  read: (text) => (text === 'false' ? false : durationArgument.read(text)),
}

/** Yes or no. */
export const flagArgument: ArgumentKind<boolean> = {
  wanted: '0 or 1',
  read: (text) => (text === '0' || text === '1' ? text === '1' : undefined),
}

/** The path of a file or of a folder. */
export const fileArgument: ArgumentKind<string> = {
  wanted: 'a path without NUL characters',
  read: (text) => (text === '' || text.includes('\0') ? undefined : text),
}

/** The path of a UNIX socket; a longer one would be cut by the system. */
export const socketPathArgument: ArgumentKind<string> = {
  wanted: 'a path of 1 to 107 bytes, without NUL characters',
  read: (text) => (Buffer.byteLength(text) <= 107 ? fileArgument.read(text) : undefined),
}

/** The mode of a file, in octal digits. */
export const modeArgument: ArgumentKind<number> = {
  wanted: 'a mode in octal digits, from 0 to 777',
  read: (text) => (/^0?[0-7]{1,3}$/.test(text) ? Number.parseInt(text, 8) : undefined),
}

/** What kind of addresses a socket has. */
export const familyArgument: ArgumentKind<SocketFamily> = {
  wanted: "one of 'INET', 'INET6' and 'UNIX'",
  read: (text) => FAMILIES.find((family) => family === text.toUpperCase()),
}

const FAMILIES: readonly SocketFamily[] = ['INET', 'INET6', 'UNIX']

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
