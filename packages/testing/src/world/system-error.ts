/**
 * What the operating system of a simulated machine says.
 *
 * @module
 */

/** Linux's numbers. */
const NUMBERS = {
  EADDRINUSE: -98,
  EADDRNOTAVAIL: -99,
  ECONNREFUSED: -111,
  ECONNRESET: -104,
} as const

/** An error as Node makes it. */
export function systemError(
  code: keyof typeof NUMBERS,
  syscall: string,
  address?: string,
  port?: number,
): Error {
  const where = address === undefined ? '' : ` ${address}:${port}`
  const fields = address === undefined ? {} : { address, port }
  return Object.assign(new Error(`${syscall} ${code}${where}`), {
    code,
    errno: NUMBERS[code],
    syscall,
    ...fields,
  })
}
