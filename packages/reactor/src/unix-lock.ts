/**
 * The lock on a path: a symbolic link beside it that leads to the number of the process that holds it.
 *
 * Source: Twisted, `twisted/python/lockfile.py`, `FilesystemLock`.
 * Differs: a link with the number of this process that this process does not hold is stale: in a container, number 1 is
 * everybody's.
 *
 * @module
 */

/** The locks of this thread. */
const held = new Set<string>()

/** The link of a path. */
export function lockOf(path: string): string {
  return `${path}.lock`
}

/**
 * Takes a lock; one whose process is gone is broken.
 *
 * @returns what gives it back
 * @throws with the system's code, `'EEXIST'` when it is held
 */
export function takeLock(lock: string): () => void {
  const { renameSync, symlinkSync, unlinkSync } = process.getBuiltinModule('node:fs')
  const name = process.getBuiltinModule('node:path').resolve(lock)
  for (;;) {
    try {
      symlinkSync(String(process.pid), name)
      break
    } catch (error) {
      const holder = holderOf(name)
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (!isStale(holder, name)) throw heldBy(holder, name, error)
      // Moved aside first, so that of two who break it none removes the other's.
      const aside = `${name}.${process.pid}`
      try {
        renameSync(name, aside)
        const found = holderOf(aside)
        unlinkSync(aside)
        if (found !== holder) symlinkSync(String(found), name)
      } catch {
        // Somebody else was faster: the next attempt to take it says so.
      }
    }
  }
  held.add(name)
  return () => {
    if (held.delete(name) && holderOf(name) === process.pid) unlinkSync(name)
  }
}

/** Whether the process that a lock names lives. */
export function isHeld(lock: string): boolean {
  const holder = holderOf(lock)
  return typeof holder === 'number' && isAlive(holder)
}

/** What is said of a lock that cannot be had: by whom it is held, with the system's fields. */
function heldBy(holder: number | 'unknown' | undefined, name: string, error: unknown): Error {
  const { code, errno, syscall } = error as NodeJS.ErrnoException
  const text = holder === 'unknown' ? 'is there, and is no lock' : `is held by process ${holder}, which lives`
  return Object.assign(new Error(`${code}: ${name} ${text}`, { cause: error }), {
    code,
    errno,
    syscall,
    path: name,
  })
}

function isStale(holder: number | 'unknown' | undefined, name: string): boolean {
  if (holder === undefined) return true
  if (holder === 'unknown') return false
  return holder === process.pid ? !held.has(name) : !isAlive(holder)
}

/** The process that a lock names; `'unknown'` when the file is no such lock. */
function holderOf(lock: string): number | 'unknown' | undefined {
  const { readlinkSync } = process.getBuiltinModule('node:fs')
  try {
    const text = readlinkSync(lock)
    return /^[1-9]\d{0,9}$/.test(text) ? Number(text) : 'unknown'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'unknown'
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH'
  }
}
