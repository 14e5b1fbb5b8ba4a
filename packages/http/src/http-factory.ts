/**
 * A handler of connections out of an existing HTTP server.
 *
 * The server never listens itself: it is given each connection by its public `'connection'` event, as Node documents it. What Node
 * does only for a server that listens, the limits `headersTimeout` and `requestTimeout`, is done here.
 *
 * @module
 */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import type {
  IConnectionContext,
  IDelayedCall,
  IDrain,
  IReactorTime,
  ISocketHandler,
  Seconds,
} from '@sennit/interfaces'
import { type ArrivalLimits, HttpConnection } from './http-connection.ts'
import {
  checkServer,
  type HttpServer,
  belongingTo,
  isEncrypted,
  isPlainHttp2,
  isSecure,
  speaksHttp2,
} from './http-server.ts'
import { drainSession, type ISession } from './http2-session.ts'
import { type IWebSocketServer, WebSockets } from './web-sockets.ts'

/** Options of `httpFactory`. */
export interface HttpFactoryOptions {
  /** Its WebSockets are told to go away when the listener stops; the `WebSocketServer` of `ws`. */
  readonly webSockets?: IWebSocketServer | undefined
  /** Called when the listener stops: ends answers that would go on for ever, such as event streams. */
  readonly onDrain?: (() => void) | undefined
}

/** How often requests are looked for that are overdue, at the most and at the least. */
const LONGEST_SWEEP: Seconds = 30
const SHORTEST_SWEEP: Seconds = 0.1

/** An emitter, whatever its events are. */
interface IEmitter {
  emit(event: string, ...args: unknown[]): boolean
  listenerCount(event: string): number
  prependListener(event: string, listener: (...args: never[]) => void): unknown
}

/** Serves connections by an HTTP server; made by `httpFactory`. */
export class HttpFactory implements ISocketHandler, IDrain {
  readonly #server: HttpServer
  readonly #emitter: IEmitter
  readonly #webSockets: WebSockets | undefined
  readonly #onDrain: (() => void) | undefined
  /** What was handed in and is not closed, whatever is spoken on it. */
  readonly #sockets = new Set<Duplex>()
  /** Those that speak HTTP/1, by the socket that their requests have. */
  readonly #connections = new Map<Duplex, HttpConnection>()
  readonly #sessions = new Set<ISession>()
  readonly #watched = new Set<string>()
  #clock: IReactorTime | undefined
  #sweep: IDelayedCall | undefined
  #draining = false

  constructor(server: HttpServer, { webSockets, onDrain }: HttpFactoryOptions = {}) {
    checkServer(server)
    this.#server = server
    this.#emitter = server as IEmitter
    this.#webSockets = webSockets === undefined ? undefined : new WebSockets(webSockets)
    this.#onDrain = onDrain
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#sockets.size
  }

  handleSocket(socket: Duplex, { clock }: IConnectionContext): void {
    this.#clock = clock
    this.#watchServer()
    if (this.#sockets.size === 0) this.#serveAgain()
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    if (isSecure(this.#server)) {
      if (isEncrypted(socket)) this.#emitter.emit('secureConnection', belongingTo(socket, this.#server))
      else this.#emitter.emit('connection', socket)
    } else {
      if (!isPlainHttp2(this.#server)) this.#speakHttp1(socket)
      this.#emitter.emit('connection', socket)
    }
  }

  /** Answers in flight are the last ones of their connections, and idle connections are ended. */
  drain(): void {
    if (this.#draining) return
    this.#draining = true
    for (const connection of this.#connections.values()) connection.drain()
    for (const session of this.#sessions) drainSession(session, this.#clock!)
    this.#webSockets?.drain()
    this.#onDrain?.()
  }

  #serveAgain(): void {
    this.#draining = false
    this.#webSockets?.serve()
  }

  /** A listener can change what a server does, so those for what is rare are added only where the server has one. */
  #watchServer(): void {
    this.#watch('request', this.#onRequest)
    for (const event of ['checkContinue', 'checkExpectation']) {
      if (this.#emitter.listenerCount(event) > 0) this.#watch(event, this.#onRequest)
    }
    for (const event of ['upgrade', 'connect']) {
      if (this.#emitter.listenerCount(event) > 0) this.#watch(event, this.#onUpgrade)
    }
    this.#watch('session', this.#onSession)
    if (isSecure(this.#server)) this.#watch('secureConnection', this.#onSecureConnection)
  }

  #watch(event: string, listener: (...args: never[]) => void): void {
    if (this.#watched.has(event)) return
    this.#watched.add(event)
    this.#emitter.prependListener(event, listener)
  }

  readonly #onSecureConnection = (socket: Duplex): void => {
    if (!speaksHttp2(socket)) this.#speakHttp1(socket)
  }

  readonly #onSession = (
    session: ISession & { once(event: 'close', listener: () => void): unknown },
  ): void => {
    this.#sessions.add(session)
    session.once('close', () => this.#sessions.delete(session))
    if (this.#draining) drainSession(session, this.#clock!)
  }

  readonly #onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    this.#connections.get(request.socket)?.request(request, response)
  }

  readonly #onUpgrade = (request: IncomingMessage): void => {
    this.#connections.get(request.socket)?.giveAway()
  }

  #speakHttp1(socket: Duplex): void {
    const clock = this.#clock!
    const connection = new HttpConnection(socket, clock)
    this.#connections.set(socket, connection)
    socket.once('close', () => this.#closed(socket))
    this.#sweepLater(clock)
    if (this.#draining) connection.drain()
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
    const { headersTimeout = 0, requestTimeout = 0 } = this.#server as {
      headersTimeout?: number
      requestTimeout?: number
    }
    return {
      headers: headersTimeout > 0 ? headersTimeout / 1000 : Infinity,
      request: requestTimeout > 0 ? requestTimeout / 1000 : Infinity,
    }
  }
}

/**
 * Makes an existing HTTP server a handler of connections, for `service()`, `TCPServer` and every `listen`.
 *
 * When the listener stops, answers in flight are finished (with `Connection: close`, or after a GOAWAY), idle connections are ended after
 * 50 ms without a byte, WebSockets are told to go away, and what is left at the end of the listener's `drainTimeout` is cut by it.
 *
 * @param server - must not listen itself; it can be used again after a stop
 * @throws HttpServerError (`ERR_SENNIT_HTTP_SERVER`) when it is no HTTP server, or one that listens
 * @example
 * ```ts
 * const web = service('tcp:8080', httpFactory(createServer(app)))
 * ```
 */
export function httpFactory(server: HttpServer, options?: HttpFactoryOptions): HttpFactory {
  return new HttpFactory(server, options)
}
