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
import { Handshakes } from './handshakes.ts'
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
  readonly onDrain?: (() => void | Promise<void>) | undefined
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

/** One connection, as it was handed in. */
interface Arrival {
  readonly socket: Duplex
  readonly context: IConnectionContext
}

/** One that speaks HTTP/1, or has begun with it. */
interface Served {
  readonly connection: HttpConnection
  readonly context: IConnectionContext
}

/** Serves connections by an HTTP server; made by `httpFactory`. */
export class HttpFactory implements ISocketHandler, IDrain {
  readonly #server: HttpServer
  readonly #emitter: IEmitter
  readonly #webSockets: WebSockets | undefined
  readonly #onDrain: (() => void | Promise<void>) | undefined
  /** What was handed in and is not closed, whatever is spoken on it. */
  readonly #sockets = new Set<Duplex>()
  /** Those that speak HTTP/1, by the socket that their requests have. */
  readonly #connections = new Map<Duplex, Served>()
  readonly #handshakes = new Handshakes<{ readonly arrival: Arrival; readonly raw: HttpConnection }>()
  readonly #watched = new Set<string>()
  /** The one that the server hears of right now; nothing when that one was not handed in here. */
  #entering: Arrival | undefined
  #sweep: IDelayedCall | undefined

  constructor(server: HttpServer, { webSockets, onDrain }: HttpFactoryOptions = {}) {
    checkServer(server)
    this.#server = server
    this.#emitter = server as IEmitter
    this.#webSockets =
      webSockets === undefined
        ? undefined
        : new WebSockets(webSockets, (socket, tell) => {
            const served = this.#connections.get(socket)
            if (served !== undefined) whenStopped(served.context, tell)
          })
    this.#onDrain = onDrain
  }

  /** How many connections there are. */
  get connections(): number {
    return this.#sockets.size
  }

  handleSocket(socket: Duplex, context: IConnectionContext): void {
    this.#watchServer()
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    const arrival: Arrival = { socket, context }
    if (isSecure(this.#server) && !isEncrypted(socket)) this.#beginHandshake(arrival)
    else this.#enter(arrival)
  }

  /** WebSockets are told to go away, and the program is; each connection is told by its own signal, and before it. */
  async drain(): Promise<void> {
    await Promise.resolve()
    this.#webSockets?.drain()
    await this.#onDrain?.()
  }

  /** Until the handshake is over, it is waited for as for the first request of a plain connection. */
  #beginHandshake(arrival: Arrival): void {
    const { socket, context } = arrival
    const raw = new HttpConnection(socket, context.clock)
    whenStopped(context, () => raw.drain())
    this.#handshakes.add(socket, { arrival, raw })
    this.#emitter.emit('connection', socket)
  }

  #enter(arrival: Arrival): void {
    const { socket } = arrival
    this.#entering = arrival
    try {
      if (isSecure(this.#server)) {
        this.#emitter.emit('secureConnection', belongingTo(socket, this.#server))
      } else {
        if (!isPlainHttp2(this.#server)) this.#speakHttp1(socket, arrival)
        this.#emitter.emit('connection', socket)
      }
    } finally {
      this.#entering = undefined
    }
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
    if (this.#entering?.socket !== socket) {
      const handshake = this.#handshakes.take(socket)
      handshake?.raw.giveAway()
      this.#entering = handshake?.arrival
    }
    if (this.#entering !== undefined && !speaksHttp2(socket)) this.#speakHttp1(socket, this.#entering)
  }

  /** Node makes the session in the same turn in which it tells of the connection. */
  readonly #onSession = (session: ISession): void => {
    if (this.#entering === undefined) return
    const { context } = this.#entering
    whenStopped(context, () => drainSession(session, context.clock))
  }

  readonly #onRequest = (request: IncomingMessage, response: ServerResponse): void => {
    this.#connections.get(request.socket)?.connection.request(request, response)
  }

  readonly #onUpgrade = (request: IncomingMessage): void => {
    this.#connections.get(request.socket)?.connection.giveAway()
  }

  #speakHttp1(socket: Duplex, { context }: Arrival): void {
    const { clock } = context
    const connection = new HttpConnection(socket, clock)
    this.#connections.set(socket, { connection, context })
    socket.once('close', () => this.#closed(socket))
    this.#sweepLater(clock)
    whenStopped(context, () => connection.drain())
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
      for (const { connection } of this.#connections.values()) {
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

/** Calls when the listener of a connection stops; at once when it does so already. */
function whenStopped({ signal }: IConnectionContext, tell: () => void): void {
  if (signal.aborted) tell()
  else signal.addEventListener('abort', tell, { once: true })
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
