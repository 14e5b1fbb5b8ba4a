/**
 * WebSockets on connections that an HTTP server has given away, as far as they must be told that the server goes away.
 *
 * @module
 */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { HttpServerError } from './errors.ts'

/** One WebSocket. */
export interface IWebSocket {
  /** Begins the closing handshake. */
  close(code: number, reason: string): void
}

/** What looks after the WebSockets of a server; the `WebSocketServer` of `ws` has it. */
export interface IWebSocketServer {
  /** Those that are open. */
  readonly clients?: Iterable<IWebSocket> | undefined
  on(event: 'connection', listener: (socket: IWebSocket, request: IncomingMessage) => void): unknown
}

/** The code for an endpoint that goes away (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001

/** Tells WebSockets to go away, each when the listener of its connection stops. */
export class WebSockets {
  readonly #server: IWebSocketServer
  readonly #told = new WeakSet<IWebSocket>()

  /**
   * @param whenStopped - calls when the listener of a connection stops; does nothing about a connection of somebody else
   * @throws HttpServerError (`ERR_SENNIT_HTTP_SERVER`) when the server tells of none
   */
  constructor(server: IWebSocketServer, whenStopped: (connection: Duplex, tell: () => void) => void) {
    if (typeof server?.on !== 'function') throw new HttpServerError('webSockets', 'a WebSocketServer', server)
    this.#server = server
    server.on('connection', (socket, request) => {
      this.#told.add(socket)
      whenStopped(request.socket, () => sayGoodbye(socket))
    })
  }

  /** Tells those that the server has never told of, but has in its list. */
  drain(): void {
    for (const socket of this.#server.clients ?? []) if (!this.#told.has(socket)) sayGoodbye(socket)
  }
}

function sayGoodbye(socket: IWebSocket): void {
  socket.close(GOING_AWAY, 'the server is going away')
}
