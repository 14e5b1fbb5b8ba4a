import type { SystemErrorFields } from '../src/system-error.ts'

/** An error as Node makes it. */
export function nodeError(code: string, fields: Partial<SystemErrorFields> = {}): Error & SystemErrorFields {
  return Object.assign(new Error(`${fields.syscall ?? 'connect'} ${code}`), { code, ...fields })
}
