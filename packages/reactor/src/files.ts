/**
 * Files that a program reads, and looks at again and again.
 *
 * Looking is by asking the system every now and then: its messages about changes miss those of network and overlay file systems, and
 * say nothing of what a symbolic link leads to.
 *
 * @module
 */
import type { BigIntStats } from 'node:fs'
import type {
  IDelayedCall,
  IKeepAlive,
  ILog,
  IReactorTime,
  Seconds,
  WatchFileOptions,
} from '@sennit/interfaces'
import { ReactorOptionError } from '@sennit/protocol'
import { toSeconds } from '@sennit/runtime'
import { guarded } from './guarded.ts'

/** The whole of a file. */
export function readFile(path: string): Promise<Uint8Array> {
  return process.getBuiltinModule('node:fs').promises.readFile(path)
}

/** The names in a folder, in the order of their characters. */
export async function readDirectory(path: string): Promise<readonly string[]> {
  const names = await process.getBuiltinModule('node:fs').promises.readdir(path)
  return names.toSorted()
}

/**
 * Calls `changed` when a file is another one than when it was last looked at, or has come or gone.
 *
 * @returns ends it
 * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) when the interval is 0
 */
export function watchFile(
  path: string,
  changed: () => void,
  { interval = '5s' }: WatchFileOptions,
  surroundings: { readonly clock: IReactorTime; readonly log: ILog },
): () => void {
  const seconds = toSeconds(interval, 'interval')
  if (seconds === 0) throw new ReactorOptionError('watch a file', 'interval', 'longer than 0 s', interval)
  const watch = new FileWatch(path, changed, seconds, surroundings)
  return () => watch.end()
}

class FileWatch {
  readonly #path: string
  readonly #changed: () => void
  readonly #interval: Seconds
  readonly #clock: IReactorTime
  readonly #log: ILog
  #seen: string
  #call: IDelayedCall | undefined
  #isOver = false

  constructor(
    path: string,
    changed: () => void,
    interval: Seconds,
    { clock, log }: { readonly clock: IReactorTime; readonly log: ILog },
  ) {
    this.#path = path
    this.#changed = changed
    this.#interval = interval
    this.#clock = clock
    this.#log = log
    this.#seen = lookNow(path)
    this.#wait()
  }

  end(): void {
    this.#isOver = true
    if (this.#call?.active()) this.#call.cancel()
  }

  #wait(): void {
    const call: IDelayedCall & Partial<IKeepAlive> = this.#clock.callLater(this.#interval, () => this.#look())
    call.unref?.()
    this.#call = call
  }

  #look(): void {
    const { stat } = process.getBuiltinModule('node:fs')
    stat(this.#path, { bigint: true }, (error, stats) => {
      if (this.#isOver) return
      const seen = error === null ? identity(stats) : codeOf(error)
      if (seen !== this.#seen) {
        this.#seen = seen
        guarded(this.#log, 'What was told of a changed file threw', this.#changed)
      }
      if (!this.#isOver) this.#wait()
    })
  }
}

function lookNow(path: string): string {
  try {
    return identity(process.getBuiltinModule('node:fs').statSync(path, { bigint: true }))
  } catch (error) {
    return codeOf(error)
  }
}

/** What differs when a file is not what it was. */
function identity({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'UNKNOWN'
}
