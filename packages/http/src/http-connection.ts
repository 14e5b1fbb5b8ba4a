/**
 * One connection of an HTTP server: which requests are in flight, and when it may be ended.
 *
 * | state    | request         | last response closed | drain    | quiet for a while | upgrade    |
 * |----------|-----------------|----------------------|----------|-------------------|------------|
 * | serving  | in flight       | -                    | draining | -                 | given away |
 * | draining | in flight, last | watched              | -        | ended             | given away |
 * | shut     | -               | ended                | -        | -                 | given away |
 * | ended    | -               | -                    | -        | destroyed         | -          |
 *
 * A connection on which a request has come before the one before it was answered is not draining for long, but shut as soon as its
 * requests have come whole.
 * A connection that was given away by an upgrade is no longer looked after here.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type { IDelayedCall, IReactorTime, Seconds } from '@sennit/interfaces'

/** A connection on which nothing has come for so long is idle. */
const QUIET: Seconds = 0.05

/** One on which nothing ever came may have been made a moment ago, by a client that has not come to ask yet. */
const FIRST_QUIET: Seconds = 0.5

/** How long a client that pipelines is given to hear that the connection has ended, from its last byte on. */
const LINGER: Seconds = 0.5

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
  #state: 'serving' | 'draining' | 'shut' | 'ended' | 'given away' = 'serving'
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
  /** Whether it has asked again before it was answered. */
  #pipelines = false
  #watching: IDelayedCall | undefined
  #shutting: IDelayedCall | undefined

  constructor(socket: Duplex, clock: IReactorTime) {
    this.#socket = socket
    this.#clock = clock
    this.#waitingSince = clock.seconds()
    this.#arrivingSince = this.#waitingSince
    socket.once('close', () => this.#rest())
  }

  /** The headers of a request have come. */
  request(request: IncomingMessage, response: ServerResponse): void {
    this.#hasAsked = true
    if (this.#responses.size > 0) this.#pipelines = true
    this.#requests.set(request, this.#clock.seconds())
    this.#responses.add(response)
    this.#arrivingSince = undefined
    if (this.#state === 'draining') this.#finishWith(response)
    response.once('close', () => {
      this.#requests.delete(request)
      this.#responses.delete(response)
      if (this.#responses.size > 0) return
      this.#waitingSince = this.#clock.seconds()
      this.#bytesBefore = this.#bytesRead
      this.#unread = request.complete ? undefined : request
      if (this.#socket.destroyed) return
      if (this.#state === 'draining') this.#watch()
      else if (this.#state === 'shut') this.#linger()
    })
  }

  /** The connection speaks another protocol from now on. */
  giveAway(): void {
    this.#state = 'given away'
    this.#rest()
  }

  /** The responses in flight are the last ones. */
  drain(): void {
    if (this.#state !== 'serving') return
    this.#state = 'draining'
    const last = Array.from(this.#responses).at(-1)
    if (last === undefined) this.#watch()
    else this.#finishWith(last)
  }

  /** Whether a request has been on its way for too long. */
  isOverdue(limits: ArrivalLimits): boolean {
    if (this.#state !== 'serving' && this.#state !== 'draining') return false
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

  /** Answers what there is, and nothing more if that can be. */
  #finishWith(response: ServerResponse): void {
    if (!this.#pipelines) return this.#sayLast(response)
    this.#takeBackLast()
    this.#shut(0)
  }

  /**
   * Takes nothing more from the client: one that asks without waiting would have its next question with the application before
   * it heard which answer is the last. What it has asked is read to its end first; in the next turn the chunk at hand is parsed.
   */
  #shut(pause: Seconds): void {
    if (this.#shutting?.active()) return
    this.#shutting = this.#clock.callLater(pause, () => {
      if (this.#state !== 'draining' || this.#socket.destroyed) return
      if (Array.from(this.#requests.keys()).some(({ complete }) => !complete)) return this.#shut(QUIET)
      this.#rest()
      this.#state = 'shut'
      this.#ignoreInput()
      if (this.#responses.size === 0) this.#linger()
    })
  }

  /** What comes from now on is read, so that nothing is reset at the end, and thrown away. */
  #ignoreInput(): void {
    // Node has stopped to read until enough of the answers is gone. Taken back before, it would not be read ever again.
    if (this.#socket.isPaused()) return void this.#socket.once('resume', () => this.#ignoreInput())
    const ignore = (): void => {
      if (this.#state === 'ended') this.#awaitEnd()
    }
    // A listener for data also takes the socket back from the parser of Node, which reads past the events where it can.
    this.#socket.on('data', ignore)
    for (const listener of this.#socket.listeners('data')) {
      if (listener !== ignore) this.#socket.removeListener('data', listener as () => void)
    }
    this.#socket.resume()
  }

  /** Ends our side, and waits a while for the other: what is closed with bytes unread is reset, and answers on their way with it. */
  #linger(): void {
    this.#state = 'ended'
    this.#socket.end()
    this.#awaitEnd()
  }

  #awaitEnd(): void {
    if (this.#watching?.active()) this.#watching.reset(LINGER)
    else this.#watching = this.#clock.callLater(LINGER, () => this.#socket.destroy())
  }

  /** Tells the client by the last response in flight, and by none before it, not to use the connection again. */
  #sayLast(response: ServerResponse): void {
    this.#takeBackLast()
    if (response.headersSent) return
    response.setHeader('Connection', 'close')
    this.#last = response
  }

  #takeBackLast(): void {
    if (this.#last !== undefined && !this.#last.headersSent) this.#last.removeHeader('Connection')
    this.#last = undefined
  }

  /** Ends the connection when nothing has come for a while, nor in one more turn of the loop after that. */
  #watch(): void {
    const isQuiet = (): boolean => {
      if (this.#state !== 'draining' || this.#responses.size > 0 || this.#socket.destroyed) return false
      if (!this.#isArriving) return true
      this.#watch()
      return false
    }
    if (this.#shutting?.active()) return
    this.#rest()
    this.#watching = this.#clock.callLater(this.#hasAsked ? QUIET : FIRST_QUIET, () => {
      if (!isQuiet()) return
      this.#watching = this.#clock.callLater(0, () => {
        if (!isQuiet()) return
        this.#state = 'ended'
        // What comes after the end has no answer: nobody shall work on it.
        if (this.#socket.destroySoon === undefined) this.#socket.end()
        else this.#socket.destroySoon()
      })
    })
  }

  /** What is closed or given away leaves no timer behind. */
  #rest(): void {
    for (const call of [this.#watching, this.#shutting]) if (call?.active()) call.cancel()
  }
}
