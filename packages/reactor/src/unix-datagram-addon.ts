/**
 * The package `node-unix-socket`: Node itself has no UNIX sockets for datagrams. It is loaded on first use, and nothing but this
 * file knows how it says things.
 *
 * @module
 */
import { getSystemErrorMap } from 'node:util'
import { asError } from '@sennit/runtime/internal'
import { MissingPeerError } from './errors.ts'

/** What is used of the package. */
export interface DatagramAddon {
  readonly DgramSocket: new () => AddonSocket
}

/** What is used of a socket of the package. */
export interface AddonSocket {
  /** @throws an error with the system's text */
  bind(path: string): void
  /** @param sent - called inside the call, or, when the datagram has to wait, later; not at all when the socket is closed before */
  sendTo(
    datagram: Uint8Array,
    offset: number,
    length: number,
    path: string,
    sent: (error?: Error) => void,
  ): void
  /** What came before may still be told of. */
  close(): void
  on(event: 'data', listener: (datagram: Uint8Array, path: string) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
}

const PACKAGE = 'node-unix-socket'

/** What the package, or the C library, calls otherwise than Node does. */
const OTHER_TEXTS: readonly (readonly [text: string, code: string])[] = [
  ['path to bind is too long', 'ENAMETOOLONG'],
  ['file name too long', 'ENAMETOOLONG'],
  ['too many levels of symbolic links', 'ELOOP'],
  ['cannot allocate memory', 'ENOMEM'],
  ['destination address required', 'EDESTADDRREQ'],
  ['is a directory', 'EISDIR'],
  ['too many open files in system', 'ENFILE'],
]

let addon: DatagramAddon | undefined
let codes: Map<string, { code: string; errno: number }> | undefined

/**
 * @throws MissingPeerError (`ERR_SENNIT_MISSING_PEER`) when it is not installed, or not for this system
 */
export function loadDatagramAddon(): DatagramAddon {
  if (addon !== undefined) return addon
  const { createRequire } = process.getBuiltinModule('node:module')
  try {
    addon = createRequire(import.meta.url)(PACKAGE) as DatagramAddon
  } catch (error) {
    throw new MissingPeerError('use UNIX datagrams', PACKAGE, { cause: error })
  }
  return addon
}

/**
 * An error of the package, as one of Node's: it has the system's text, but no code.
 *
 * @param syscall - `'bind'`, `'send'` or `'recv'`
 */
export function systemErrorFrom(thrown: unknown, syscall: string, path: string): NodeJS.ErrnoException {
  const cause = asError(thrown)
  const known = codesByText().get(cause.message.toLowerCase())
  if (known !== undefined) return systemError({ ...known, syscall, path, cause })
  return systemError({ code: 'UNKNOWN', text: cause.message, syscall, path, cause })
}

/** An error such as Node's own. */
export function systemError(fields: {
  readonly code: string
  readonly errno?: number
  readonly syscall: string
  readonly path: string
  readonly text?: string
  readonly cause?: unknown
}): NodeJS.ErrnoException {
  const { code, errno, syscall, path, text, cause } = fields
  const message = `${syscall} ${code} ${path}${text === undefined ? '' : `: ${text}`}`
  const error = new Error(message, cause === undefined ? undefined : { cause })
  return Object.assign(error, { code, errno, syscall, address: path })
}

function codesByText(): Map<string, { code: string; errno: number }> {
  if (codes !== undefined) return codes
  codes = new Map()
  const numbers = new Map<string, number>()
  for (const [errno, [code, text]] of getSystemErrorMap()) {
    codes.set(text, { code, errno })
    numbers.set(code, errno)
  }
  for (const [text, code] of OTHER_TEXTS) codes.set(text, { code, errno: numbers.get(code) ?? 0 })
  return codes
}
