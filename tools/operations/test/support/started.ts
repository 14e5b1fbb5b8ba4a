/**
 * The processes that a test has started: none of them outlives it, not even after a timeout.
 */
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'

const started = new Set<ChildProcess>()

/** Takes note of a process. */
export function track<C extends ChildProcess>(child: C): C {
  started.add(child)
  child.once('exit', () => started.delete(child))
  child.once('error', () => started.delete(child))
  return child
}

/** Kills those that still live; for `afterEach`. */
export async function killStarted(): Promise<void> {
  await Promise.all(
    Array.from(started, async (child) => {
      if (child.pid === undefined) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
    }),
  )
}
