/**
 * The fields that Node gives to errors of the operating system.
 *
 * @module
 */

/** What Node says about an error of the operating system. */
export interface SystemErrorFields {
  /** Such as `'ECONNREFUSED'`. */
  readonly code: string
  /** The operating system's number, negative. */
  readonly errno?: number | undefined
  /** What failed, such as `'connect'`. */
  readonly syscall?: string | undefined
  /** The address, or the path, that it was about. */
  readonly address?: string | undefined
  readonly port?: number | string | undefined
}

/** What an error of a connection can be given besides its text. */
export interface SystemErrorOptions extends Partial<SystemErrorFields> {
  readonly cause?: unknown
}

const FIELDS = ['code', 'errno', 'syscall', 'address', 'port'] as const

/** Copies the fields that `from` has; the others are left as they are. */
export function copySystemFields(from: unknown, to: object): void {
  if (typeof from !== 'object' || from === null) return
  for (const field of FIELDS) {
    const value = (from as Partial<SystemErrorFields>)[field]
    if (value !== undefined) (to as Record<string, unknown>)[field] = value
  }
}
