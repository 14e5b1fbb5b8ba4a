/**
 * Those who watch: each gets every new document as a server-sent event.
 *
 * One document is made for all of them, and only while somebody watches. Who does not read as fast as it is written misses documents, and is
 * cut off when that lasts, or when all are ended: nobody waits for them.
 *
 * | state   | add                        | the time has come       | the last one leaves | end              |
 * |---------|----------------------------|-------------------------|---------------------|------------------|
 * | nobody  | first document, watched    | -                       | -                   | ended            |
 * | watched | first document             | document to each        | nobody              | all ended, ended |
 * | ended   | refused                    | -                       | -                   | -                |
 *
 * @module
 */
import type { ServerResponse } from 'node:http'
import type { IReactorTime, Seconds } from '@sennit/interfaces'
import { BackgroundTimer } from './background-timer.ts'

/** Who has not read for so long is no longer there. */
const PATIENCE: Seconds = 30

/** Making documents shall not take more than this share of the time. */
const SHARE = 0.05

/** After so long without a document, a comment is sent: else a proxy, or an `idleTimeout`, takes the stream for dead. */
const HEARTBEAT: Seconds = 15

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
  readonly #timer: BackgroundTimer
  /** When the next document is due. */
  #due: Seconds = 0
  #ended = false

  constructor(options: EventStreamsOptions) {
    this.#options = options
    this.#timer = new BackgroundTimer(options.clock, () => this.#tick())
  }

  get viewers(): number {
    return this.#viewers.size
  }

  /** Takes a response in, unless there are too many already. */
  add(response: ServerResponse): boolean {
    if (this.#ended || this.#viewers.size >= this.#options.maxViewers) return false
    const first = eventOf(this.#options.document())
    if (this.#viewers.size === 0) this.#schedule(this.#options.interval)
    this.#viewers.set(response, undefined)
    const left = (): void => this.#left(response)
    response.once('close', left)
    response.on('error', left)
    response.setHeader('Content-Type', 'text/event-stream; charset=utf-8')
    response.write(`retry: ${RETRY}\n\n${first}`)
    return true
  }

  /** Ends all of them; nobody is taken in any more. */
  end(): void {
    this.#ended = true
    this.#timer.stop()
    const all = [...this.#viewers.keys()]
    this.#viewers.clear()
    // Who has not read what is there would not read the end either.
    for (const response of all) {
      if (response.writableLength > 0) response.destroy()
      else response.end()
    }
  }

  #left(response: ServerResponse): void {
    this.#viewers.delete(response)
    if (this.#viewers.size === 0) this.#timer.stop()
  }

  #schedule(delay: Seconds): void {
    this.#due = this.#options.clock.seconds() + delay
    this.#timer.start(Math.min(delay, HEARTBEAT))
  }

  #tick(): void {
    const left = this.#due - this.#options.clock.seconds()
    // What is due in a moment is due: a timer may come a little early.
    if (left < 0.001) return this.#tell()
    this.#timer.start(Math.min(left, HEARTBEAT))
    this.#send(':\n\n')
  }

  #tell(): void {
    const { clock, interval, document } = this.#options
    const began = clock.seconds()
    // Set before anything can go wrong: a document that cannot be made is missed, and the next is made.
    this.#schedule(interval)
    this.#send(eventOf(document()))
    const rest = (clock.seconds() - began) / SHARE
    if (this.#viewers.size > 0 && rest > interval) this.#schedule(rest)
  }

  #send(text: string): void {
    const now = this.#options.clock.seconds()
    for (const [response, since] of this.#viewers) {
      if (!response.writableNeedDrain) {
        this.#viewers.set(response, undefined)
        response.write(text)
      } else if (since === undefined) this.#viewers.set(response, now)
      else if (now - since > PATIENCE) {
        this.#left(response)
        response.destroy()
      }
    }
  }
}

function eventOf(document: string): string {
  return `data: ${document}\n\n`
}
