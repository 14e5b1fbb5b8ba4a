/**
 * Those who watch: each gets every new document as a server-sent event.
 *
 * One document is made for all of them, and only while somebody watches. Who does not read as fast as it is written misses documents, and is
 * cut off when that lasts.
 *
 * | state   | add                        | the time has come       | end              |
 * |---------|----------------------------|-------------------------|------------------|
 * | nobody  | first document, watched    | -                       | ended            |
 * | watched | first document             | document to each        | all ended, ended |
 * | ended   | refused                    | -                       | -                |
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { IDelayedCall, IReactorTime, Seconds } from '@sennit/interfaces'

/** Who has not read for so long is no longer there. */
const PATIENCE: Seconds = 30

/** Making documents shall not take more than this share of the time. */
const SHARE = 0.05

/** How long a browser waits before it comes again, in milliseconds. */
const RETRY = 2000

/** What the streams depend on. */
export interface EventStreamsOptions {
  readonly clock: IReactorTime
  readonly interval: Seconds
  readonly maxViewers: number
  /** Makes a document, as JSON. */
  readonly document: () => string
}

/** Those who watch. */
export class EventStreams {
  readonly #options: EventStreamsOptions
  /** Since when each has not read; `undefined` when it does. */
  readonly #viewers = new Map<ServerResponse, Seconds | undefined>()
  #next: IDelayedCall | undefined
  #ended = false

  constructor(options: EventStreamsOptions) {
    this.#options = options
  }

  get viewers(): number {
    return this.#viewers.size
  }

  /** Takes a response in, unless there are too many already. */
  add(response: ServerResponse): boolean {
    if (this.#ended || this.#viewers.size >= this.#options.maxViewers) return false
    this.#viewers.set(response, undefined)
    response.once('close', () => this.#left(response))
    response.setHeader('Content-Type', 'text/event-stream; charset=utf-8')
    response.write(`retry: ${RETRY}\n\n${eventOf(this.#options.document())}`)
    if (this.#next === undefined) this.#schedule(this.#options.interval)
    return true
  }

  /** Ends all of them; nobody is taken in any more. */
  end(): void {
    this.#ended = true
    for (const response of this.#viewers.keys()) response.end()
  }

  #left(response: ServerResponse): void {
    this.#viewers.delete(response)
    if (this.#viewers.size > 0) return
    this.#next?.cancel()
    this.#next = undefined
  }

  #schedule(delay: Seconds): void {
    this.#next = this.#options.clock.callLater(delay, () => this.#tell())
  }

  #tell(): void {
    const { clock, interval, document } = this.#options
    const began = clock.seconds()
    const event = eventOf(document())
    for (const [response, since] of this.#viewers) {
      if (!response.writableNeedDrain) {
        this.#viewers.set(response, undefined)
        response.write(event)
      } else if (since === undefined) this.#viewers.set(response, began)
      else if (began - since > PATIENCE) response.destroy()
    }
    const took = clock.seconds() - began
    this.#schedule(Math.max(interval, took / SHARE))
  }
}

function eventOf(document: string): string {
  return `data: ${document}\n\n`
}
