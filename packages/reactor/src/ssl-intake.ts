/**
 * The handshakes of one port: what is between a connection that has come and the handler that serves it.
 *
 * @module
 */
import type { ConnectionHandler, Seconds, TLSServerOptions } from '@sennit/interfaces'
import { handlerKind } from '@sennit/protocol'
import { cut, type ServedConnection } from '@sennit/protocol/internal'
import type { ConnectionKind } from './connection-kind.ts'
import { type Serve, serveConnections, type ServingOptions } from './serve-connections.ts'
import { TLSAcceptor } from './tls-acceptor.ts'
import { failWhenTruncated } from './tls-socket.ts'

/** Takes connections in. */
export class SSLIntake {
  readonly #timeout: Seconds
  #acceptor: TLSAcceptor
  #going = 0
  #failures = 0

  /**
   * @param timeout - how long a handshake may take, in seconds; `Infinity` for no limit
   * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`)
   */
  constructor(tls: TLSServerOptions, timeout: Seconds) {
    this.#acceptor = new TLSAcceptor('listen', tls)
    this.#timeout = timeout
  }

  /**
   * For the handshakes that begin from now on.
   *
   * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`), and nothing has changed
   */
  setOptions(tls: TLSServerOptions): void {
    this.#acceptor = new TLSAcceptor('exchange credentials', tls)
  }

  /** How many handshakes go on, and how many have failed. */
  facts(): { readonly handshakes: number; readonly handshakeFailures: number } {
    return { handshakes: this.#going, handshakeFailures: this.#failures }
  }

  /** Serves connections by a handler when their handshakes are done. */
  serving(handler: ConnectionHandler, kind: ConnectionKind, options: ServingOptions): Serve {
    const { connections, clock, log } = options
    const serve = serveConnections(handler, kind, options)
    const limit = { clock, timeout: this.#timeout }
    const isStream = handlerKind(handler) === 'stream'
    return (socket) => {
      const entry: ServedConnection = {
        seat: -1,
        // Whoever has said nothing so far is not waited for.
        requestStop: () => void (socket.bytesRead === 0 && socket.destroy()),
        abort: () => cut(socket),
      }
      const over = () => {
        this.#going--
        connections.delete(entry)
      }
      this.#going++
      this.#acceptor.begin(
        socket,
        {
          secured: (secure) => {
            if (isStream) failWhenTruncated(secure)
            // In this order: within a drain, the last connection that goes would end it.
            serve(secure)
            over()
          },
          failed: (error) => {
            this.#failures++
            over()
            log.debug({ err: error }, 'A handshake failed; the connection is closed')
          },
        },
        limit,
      )
      connections.add(entry)
      // Only what is served counts as accepted.
      connections.accepted--
    }
  }
}
