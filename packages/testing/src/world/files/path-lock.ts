/**
 * The lock on a path of a simulated machine: a symbolic link beside it that leads to the number of the process that holds it.
 *
 * @module
 */
import type { Machine } from '../network/machine.ts'
import { fileError } from '../system-error.ts'

/**
 * Takes the lock on a path; one whose process is gone is broken.
 *
 * @returns what gives it back
 * @throws Error with Node's fields, `EEXIST` when it is held
 */
export function takeLock(machine: Machine, path: string): () => void {
  const { disk, pid } = machine
  const lock = lockOf(path)
  const node = disk.at(lock)
  if (node !== undefined && (node.kind !== 'link' || isAlive(machine, node.target, lock)))
    throw fileError('EEXIST', 'symlink', lock)
  disk.link(String(pid), lock)
  machine.locks.add(lock)
  return () => {
    machine.locks.delete(lock)
    const now = disk.at(lock)
    if (now?.kind === 'link' && now.target === String(pid)) disk.remove(lock)
  }
}

/** Whether a process that lives holds the lock on a path. */
export function isLocked(machine: Machine, path: string): boolean {
  const node = machine.disk.at(lockOf(path))
  return node?.kind === 'link' && isAlive(machine, node.target, lockOf(path))
}

/** A number of this process stands for a lock only when it was taken in its life. */
function isAlive(machine: Machine, target: string, lock: string): boolean {
  const pid = Number(target)
  return pid === machine.pid ? machine.locks.has(lock) : machine.pids.has(pid)
}

function lockOf(path: string): string {
  return `${path}.lock`
}
