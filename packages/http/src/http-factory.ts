/**
 * A handler of connections out of an existing HTTP server.
 *
 * The server never listens itself: it is given each connection by its public `'connection'` event, as Node documents it. What Node
 * does only for a server that listens, the limits `headersTimeout` and `requestTimeout`, is done here.
 *
 * @module
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type {
  IConnectionContext,
  IDelayedCall,
  IDrain,
  IReactorTime,
  ISocketHandler,
  Seconds,
} from '@sennit/interfaces'
import { HttpServerError } from './errors.ts'
import { type ArrivalLimits, HttpConnection } from './http-connection.ts'

/** An HTTP/1 server: what `createServer` of `node:http` makes, and with it Express, Fastify, Hono and others. */
export type HttpServer = Server

/** How often requests are looked for that are overdue, at the most and at the least. */
const LONGEST_SWEEP: Seconds = 30
const SHORTEST_SWEEP: Seconds = 0.1

/** Serves connections by an HTTP server; made by `httpFactory`. */
export class HttpFactory implements ISocketHandler, IDrain {
  readonly #server: HttpServer
  readonly #connections = new Map<Duplex, HttpConnection>()
  readonly #watched = new Set<string>()
  #sweep: IDelayedCall | undefined
  #draining = false

  constructor(server: HttpServer) {
    const isPlain = typeof server?.emit === 'function' && !('setSecureContext' in server)
    if (!isPlain || server.listening) throw new HttpServerError(server)
    this.#server = server
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#connections.size
  }

  handleSocket(socket: Duplex, { clock }: IConnectionContext): void {
    this.#watchServer()
    if (this.#connections.size === 0) this.#draining = false
    const connection = new HttpConnection(socket, clock)
    this.#connections.set(socket, connection)
    socket.once('close', () => this.#closed(socket))
    this.#sweepLater(clock)
    this.#server.emit('connection', socket)
    if (this.#draining) connection.drain()
  }

  /** Answers in flight are the last ones of their connections, and idle connections are ended. */
  drain(): void {
    this.#draining = true
    for (const connection of this.#connections.values()) connection.drain()
  }

  /** A listener can change what a server does, so those for what is rare are added only where the server has one. */
  #watchServer(): void {
    this.#watch('request', this.#onRequest)
    for (const event of ['checkContinue', 'checkExpectation']) {
      if (this.#server.listenerCount(event) > 0) this.#watch(event, this.#onRequest)
    }
    for (const event of ['upgrade', 'connect']) {
      if (this.#server.listenerCount(event) > 0) this.#watch(event, this.#onUpgrade)
    }
  }

  #watch(event: string, listener: (request: IncomingMessage, response: ServerResponse) => void): void {
    if (this.#watched.has(event)) return
    this.#watched.add(event)
    this.#server.prependListener(event, listener)
  }

  readonly #onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    this.#connections.get(request.socket)?.request(request, response)
  }

  readonly #onUpgrade = (request: IncomingMessage): void => {
    this.#connections.get(request.socket)?.giveAway()
  }

  #closed(socket: Duplex): void {
    this.#connections.delete(socket)
    if (this.#connections.size > 0 || this.#sweep === undefined) return
    this.#sweep.cancel()
    this.#sweep = undefined
  }

  #sweepLater(clock: IReactorTime): void {
    const limits = this.#limits()
    const shortest = Math.min(limits.headers, limits.request)
    if (this.#sweep !== undefined || shortest === Infinity) return
    const pause = Math.min(Math.max(shortest / 4, SHORTEST_SWEEP), LONGEST_SWEEP)
    this.#sweep = clock.callLater(pause, () => {
      this.#sweep = undefined
      for (const connection of this.#connections.values()) {
        if (connection.isOverdue(limits)) connection.timeOut()
      }
      if (this.#connections.size > 0) this.#sweepLater(clock)
    })
  }

  /** The server's limits; Node gives them in milliseconds, and 0 means none. */
  #limits(): ArrivalLimits {
    const { headersTimeout, requestTimeout } = this.#server
    return {
      headers: headersTimeout > 0 ? headersTimeout / 1000 : Infinity,
      request: requestTimeout > 0 ? requestTimeout / 1000 : Infinity,
    }
  }
}

/**
 * Makes an existing HTTP server a handler of connections, for `service()`, `TCPServer` and every `listen`.
 *
 * When the listener stops, answers in flight are finished (with `Connection: close`), idle connections are ended after 50 ms without a
 * byte, and what is left at the end of the listener's `drainTimeout` is cut by it. Connections that were upgraded are left to that.
 *
 * @param server - must not listen itself; it can be used again after a stop
 * @throws HttpServerError (`ERR_SENNIT_HTTP_SERVER`) when it is no HTTP server, one with TLS, or one that listens
 * @example
 * ```ts
 * const web = service('tcp:8080', httpFactory(createServer(app)))
 * ```
 */
export function httpFactory(server: HttpServer): HttpFactory {
  return new HttpFactory(server)
}
