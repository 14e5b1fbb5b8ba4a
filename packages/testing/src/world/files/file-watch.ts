/**
 * Looking at a file of a simulated machine every now and then.
 *
 * Nothing is looked at in vain: the disk says when something has changed, and the next look is then scheduled.
 *
 * @module
 */
import type { IDelayedCall, ILog, Seconds, WatchFileOptions } from '@sennit/interfaces'
import { ReactorOptionError } from '@sennit/protocol'
import { toSeconds } from '@sennit/runtime'
import type { Network, Open } from '../network/network.ts'
import type { Disk, DiskNode } from './disk.ts'

/** A file that is looked at. */
export class FileWatch implements Open {
  readonly #network: Network
  readonly #disk: Disk
  readonly #path: string
  readonly #changed: () => void
  readonly #log: ILog
  readonly #interval: Seconds
  readonly #start: Seconds
  readonly #forget: () => void
  #seen: readonly (DiskNode | undefined)[]
  #look: IDelayedCall | undefined

  /** @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`) when the interval is 0 */
  constructor(
    { network, disk, log }: { readonly network: Network; readonly disk: Disk; readonly log: ILog },
    path: string,
    changed: () => void,
    { interval = '5s' }: WatchFileOptions,
  ) {
    this.#interval = toSeconds(interval, 'interval')
    if (this.#interval === 0)
      throw new ReactorOptionError('watch a file', 'interval', 'longer than 0 s', interval)
    this.#network = network
    this.#disk = disk
    this.#path = path
    this.#changed = changed
    this.#log = log
    this.#start = network.time.seconds()
    this.#seen = disk.trace(path)
    this.#forget = disk.onChange(() => this.#schedule())
    network.open.add(this)
  }

  end(): void {
    this.#forget()
    if (this.#look?.active()) this.#look.cancel()
    this.#network.open.delete(this)
  }

  toString(): string {
    return `watch on ${this.#path}`
  }

  #schedule(): void {
    if (this.#look?.active() || !this.#hasChanged()) return
    const { time } = this.#network
    const looks = Math.floor((time.seconds() - this.#start) / this.#interval) + 1
    this.#look = time.at(this.#start + looks * this.#interval, () => this.#tell())
  }

  #hasChanged(): boolean {
    const now = this.#disk.trace(this.#path)
    return now.length !== this.#seen.length || now.some((node, i) => node !== this.#seen[i])
  }

  #tell(): void {
    if (!this.#hasChanged()) return
    this.#seen = this.#disk.trace(this.#path)
    try {
      this.#changed()
    } catch (error) {
      this.#log.error({ err: error }, 'What was told of a changed file threw')
    }
  }
}
