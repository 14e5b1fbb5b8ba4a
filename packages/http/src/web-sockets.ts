/**
 * WebSockets on connections that an HTTP server has given away, as far as they must be told that the server goes away.
 *
 * @module
 */

/** One WebSocket. */
export interface IWebSocket {
  /** Begins the closing handshake. */
  close(code: number, reason: string): void
}

/** What looks after the WebSockets of a server; the `WebSocketServer` of `ws` has it. */
export interface IWebSocketServer {
  /** Those that are open. */
  readonly clients: Iterable<IWebSocket>
  on(event: 'connection', listener: (socket: IWebSocket) => void): unknown
}

/** The code for an endpoint that goes away (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001

/** Tells WebSockets to go away; also those that come while the server drains. */
export class WebSockets {
  readonly #server: IWebSocketServer
  #draining = false

  constructor(server: IWebSocketServer) {
    this.#server = server
    server.on('connection', (socket) => {
      if (this.#draining) sayGoodbye(socket)
    })
  }

  serve(): void {
    this.#draining = false
  }

  drain(): void {
    this.#draining = true
    for (const socket of this.#server.clients) sayGoodbye(socket)
  }
}

function sayGoodbye(socket: IWebSocket): void {
  socket.close(GOING_AWAY, 'the server is going away')
}
