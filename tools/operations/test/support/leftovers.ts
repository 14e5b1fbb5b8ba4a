/**
 * What a process may leave behind, as the system sees it.
 */
import { readdirSync, readFileSync } from 'node:fs'

/** The processes that have a variable in their environment, and so everything that one of them has started. */
export function processesWith(variable: string): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => read(`/proc/${pid}/environ`).split('\0').includes(variable))
    .map((pid) => `${pid} ${read(`/proc/${pid}/comm`).trim()}`)
}

/** Those of some TCP ports at which somebody listens. */
export function listeningAt(ports: readonly number[]): number[] {
  const LISTEN = '0A'
  const open = new Set(
    ['tcp', 'tcp6']
      .flatMap((name) => read(`/proc/net/${name}`).split('\n').slice(1))
      .map((line) => line.trim().split(/\s+/))
      .filter(([, , , state]) => state === LISTEN)
      .map(([, local]) => Number.parseInt(local!.split(':')[1]!, 16)),
  )
  return ports.filter((port) => open.has(port))
}

/** Nothing, when it is gone meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
