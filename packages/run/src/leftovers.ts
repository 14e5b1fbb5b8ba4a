/**
 * What is still there when all should be gone.
 *
 * @module
 */
import type { ILog, Seconds } from '@sennit/interfaces'
import { tell } from '@sennit/runtime/internal'
import type { IProgram } from './program.ts'

/** What keeps the process alive, such as `'2 TCPSocketWrap'`; the pipes to the terminal are not counted. */
export function keepsAlive(program: IProgram): string[] {
  const counts = new Map<string, number>()
  for (const kind of program.getActiveResourcesInfo?.() ?? []) {
    if (kind === 'TTYWrap' || kind === 'PipeWrap') continue
    counts.set(kind, (counts.get(kind) ?? 0) + 1)
  }
  return Array.from(counts, ([kind, count]) => `${count} ${kind}`)
}

/** Tells what keeps a process alive that should have ended by itself; it does not keep it alive for that. */
export function watchForEnd(program: IProgram, log: () => ILog, after: Seconds): void {
  setTimeout(() => {
    const resources = keepsAlive(program)
    tell(
      log(),
      'warn',
      { resources },
      `The application has stopped, the process has not: ${resources.join(', ')}`,
    )
  }, after * 1000).unref()
}
