/**
 * How many file descriptors there are for connections.
 *
 * When a process has none left, the system closes what connects without telling anybody, and logs, certificates and status
 * pages can no longer be opened. So a few are kept back.
 *
 * @module
 */
import type { Socket } from 'node:net'

/** How many are kept back, at most. */
const RESERVE = 8

let first: number | undefined

/** The first descriptor that is kept back from connections; `Infinity` where the system does not say (only Linux does). */
export function firstReserved(): number {
  first ??= reservedOf(limits())
  return first
}

/** What `firstReserved` is by the text of `/proc/self/limits`: of few descriptors, few are kept back. */
export function reservedOf(text: string): number {
  const limit = Number(/^Max open files\s+(\d+)/m.exec(text)?.[1] ?? Infinity)
  return limit - Math.min(RESERVE, Math.ceil(limit / 32))
}

function limits(): string {
  const { readFileSync } = process.getBuiltinModule('node:fs')
  try {
    return readFileSync('/proc/self/limits', 'utf8')
  } catch {
    return ''
  }
}

/** A socket's descriptor; -1 where Node does not say. */
export function descriptorOf(socket: Socket): number {
  return (socket as { _handle?: { fd?: number } | null })._handle?.fd ?? -1
}
