/**
 * One connection of an HTTP server: which requests are in flight, and when it may be ended.
 *
 * | state    | request        | last response closed | drain                | quiet for a while | upgrade |
 * |----------|----------------|----------------------|----------------------|-------------------|---------|
 * | serving  | in flight      | -                    | draining             | -                 | given away |
 * | draining | in flight, last| watched              | -                    | ended             | given away |
 * | ended    | -              | -                    | -                    | -                 | -       |
 *
 * A connection that was given away by an upgrade is no longer looked after here.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { IReactorTime, Seconds } from '@sennit/interfaces'

/** A connection on which nothing has come for so long is idle. */
const QUIET: Seconds = 0.05

/** One on which nothing ever came may have been made a moment ago, by a client that has not come to ask yet. */
const FIRST_QUIET: Seconds = 0.5

/** How long parts of a request may take to arrive. */
export interface ArrivalLimits {
  readonly headers: Seconds
  readonly request: Seconds
}

/** One connection of an HTTP server. */
export class HttpConnection {
  readonly #socket: Duplex & { readonly bytesRead?: number; destroySoon?(): void }
  readonly #clock: IReactorTime
  readonly #requests = new Map<IncomingMessage, Seconds>()
  readonly #responses = new Set<ServerResponse>()
  #state: 'serving' | 'draining' | 'ended' | 'given away' = 'serving'
  /** Since when, and from how many bytes on, the next request is waited for. */
  #waitingSince: Seconds
  #bytesBefore = 0
  /** When a part of the next request was noticed; the first request is waited for from the beginning. */
  #arrivingSince: Seconds | undefined
  /** A request that was answered before all of it had come. */
  #unread: IncomingMessage | undefined
  /** The response that says that it is the last one. */
  #last: ServerResponse | undefined
  #hasAsked = false

  constructor(socket: Duplex, clock: IReactorTime) {
    this.#socket = socket
    this.#clock = clock
    this.#waitingSince = clock.seconds()
    this.#arrivingSince = this.#waitingSince
  }

  /** The headers of a request have come. */
  request(request: IncomingMessage, response: ServerResponse): void {
    this.#hasAsked = true
    this.#requests.set(request, this.#clock.seconds())
    this.#responses.add(response)
    this.#arrivingSince = undefined
    if (this.#state === 'draining') this.#sayLast(response)
    response.once('close', () => {
      this.#requests.delete(request)
      this.#responses.delete(response)
      if (this.#responses.size > 0) return
      this.#waitingSince = this.#clock.seconds()
      this.#bytesBefore = this.#bytesRead
      this.#unread = request.complete ? undefined : request
      if (this.#state === 'draining') this.#watch()
    })
  }

  /** The connection speaks another protocol from now on. */
  giveAway(): void {
    this.#state = 'given away'
  }

  /** The responses in flight are the last ones. */
  drain(): void {
    if (this.#state !== 'serving') return
    this.#state = 'draining'
    const last = Array.from(this.#responses).at(-1)
    if (last === undefined) this.#watch()
    else this.#sayLast(last)
  }

  /** Whether a request has been on its way for too long. */
  isOverdue(limits: ArrivalLimits): boolean {
    if (this.#state === 'given away') return false
    const now = this.#clock.seconds()
    for (const [request, since] of this.#requests) {
      if (!request.complete && now - since > limits.request) return true
    }
    if (this.#requests.size > 0) return false
    if (this.#unread !== undefined && now - this.#waitingSince > limits.request) return true
    if (this.#isArriving) this.#arrivingSince ??= now
    return this.#arrivingSince !== undefined && now - this.#arrivingSince > limits.headers
  }

  /** What the other side is told when its request is overdue. */
  timeOut(): void {
    if (this.#responses.size === 0)
      this.#socket.write('HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n')
    this.#socket.destroy()
  }

  get #bytesRead(): number {
    return this.#socket.bytesRead ?? 0
  }

  /** Whether a part of the next request has come; what is left of an answered one is none. */
  get #isArriving(): boolean {
    if (this.#unread !== undefined) {
      this.#bytesBefore = this.#bytesRead
      if (this.#unread.complete) this.#unread = undefined
    }
    return this.#bytesRead !== this.#bytesBefore
  }

  /** Tells the client by the last response in flight, and by none before it, not to use the connection again. */
  #sayLast(response: ServerResponse): void {
    if (this.#last !== undefined && !this.#last.headersSent) this.#last.removeHeader('Connection')
    this.#last = undefined
    if (response.headersSent) return
    response.setHeader('Connection', 'close')
    this.#last = response
  }

  /** Ends the connection when nothing has come for a while, nor in one more turn of the loop after that. */
  #watch(): void {
    const isQuiet = (): boolean => {
      if (this.#state !== 'draining' || this.#responses.size > 0 || this.#socket.destroyed) return false
      if (!this.#isArriving) return true
      this.#watch()
      return false
    }
    this.#clock.callLater(this.#hasAsked ? QUIET : FIRST_QUIET, () => {
      if (!isQuiet()) return
      this.#clock.callLater(0, () => {
        if (!isQuiet()) return
        this.#state = 'ended'
        // What comes after the end has no answer: nobody shall work on it.
        if (this.#socket.destroySoon === undefined) this.#socket.end()
        else this.#socket.destroySoon()
      })
    })
  }
}
