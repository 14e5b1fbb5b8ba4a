/**
 * What the operating system of a simulated machine says.
 *
 * @module
 */

/** Linux's numbers. */
const NUMBERS = {
  EADDRINUSE: -98,
  EADDRNOTAVAIL: -99,
  EAI_AGAIN: -3001,
  EBADF: -9,
  ECONNREFUSED: -111,
  ECONNRESET: -104,
  EEXIST: -17,
  EINVAL: -22,
  EISDIR: -21,
  ELOOP: -40,
  ENODEV: -19,
  ENOENT: -2,
  ENOTDIR: -20,
  ENOTFOUND: -3008,
  ENXIO: -6,
  EPIPE: -32,
  EPROTOTYPE: -91,
} as const

/** A code of the system. */
export type SystemCode = keyof typeof NUMBERS

/** An error as Node makes it. */
export function systemError(code: SystemCode, syscall: string, address?: string, port?: number): Error {
  const at = port === undefined ? address : `${address}:${port}`
  return made(code, syscall, at === undefined ? '' : ` ${at}`, {
    ...(address === undefined ? {} : { address }),
    ...(port === undefined ? {} : { port }),
  })
}

/** An error about a file, as Node makes it. */
export function fileError(code: SystemCode, syscall: string, path: string): Error {
  return made(code, syscall, ` '${path}'`, { path })
}

/** An error about a name, as Node makes it. */
export function nameError(code: string, hostname: string): Error {
  return made(code, 'getaddrinfo', ` ${hostname}`, { hostname })
}

function made(code: string, syscall: string, what: string, fields: object): Error {
  const errno = (NUMBERS as Readonly<Record<string, number>>)[code]
  return Object.assign(new Error(`${syscall} ${code}${what}`), {
    code,
    ...(errno === undefined ? {} : { errno }),
    syscall,
    ...fields,
  })
}
