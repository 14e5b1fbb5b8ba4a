/**
 * The handshakes of one simulated port: what is between a connection that has come and the handler that serves it.
 *
 * @module
 */
import type { Duration, TLSServerOptions } from '@sennit/interfaces'
import type { ConnectionSet, ServedConnection } from '@sennit/protocol/internal'
import { toSeconds } from '@sennit/runtime'
import type { MemoryTransport } from '../streams/memory-transport.ts'
import type { ServingSurroundings } from '../streams/serving.ts'
import { wentAway } from './tls-errors.ts'
import { TLSServer } from './tls-side.ts'

/** Takes connections in. */
export class TLSIntake {
  readonly #timeout: Duration
  #server: TLSServer
  #going = 0
  #failures = 0

  /**
   * @param timeout - how long a handshake may take
   * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`)
   */
  constructor(tls: TLSServerOptions, timeout: Duration = 10) {
    this.#server = new TLSServer('listen', tls)
    this.#timeout = toSeconds(timeout, 'handshakeTimeout')
  }

  /**
   * For the handshakes that begin from now on.
   *
   * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`), and nothing has changed
   */
  setOptions(tls: TLSServerOptions): void {
    this.#server = new TLSServer('exchange credentials', tls)
  }

  /** How many handshakes go on, and how many have failed. */
  facts(): { readonly handshakes: number; readonly handshakeFailures: number } {
    return { handshakes: this.#going, handshakeFailures: this.#failures }
  }

  /** Serves a connection when its handshake is done. */
  take(
    transport: MemoryTransport,
    connections: ConnectionSet,
    { network, clock, log }: ServingSurroundings,
    serve: () => void,
  ): void {
    const entry: ServedConnection = {
      seat: -1,
      // Whoever has said nothing so far is not waited for.
      requestStop: () => void (!transport.hasReceived && transport.destroy(wentAway())),
      abort: () => transport.abortConnection(),
    }
    const over = () => {
      this.#going--
      connections.delete(entry)
    }
    this.#going++
    transport.watch({
      log,
      clock,
      onLost: (error) => {
        this.#failures++
        over()
        log.debug({ err: error }, 'A handshake failed; the connection is closed')
      },
    })
    transport.secure(
      this.#server.side(() => network.now()),
      {
        timeout: this.#timeout,
        failed: (error) => error,
        done: () => {
          // In this order: within a drain, the last connection that goes would end it.
          serve()
          over()
        },
      },
    )
    connections.add(entry)
    // Only what is served counts as accepted.
    connections.accepted--
  }
}
