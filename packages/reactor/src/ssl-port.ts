/**
 * TCP ports that speak TLS.
 *
 * Source: Twisted, `twisted/internet/tcp.py`, `Port`, `_setRealAddress` and `_TLSServerMixin`; `twisted/internet/posixbase.py`, `listenSSL`.
 * Differs: a connection is served once its handshake is done, within a time; credentials can be exchanged while the port listens.
 *
 * @module
 */
import type {
  ConnectionHandler,
  Fact,
  ITLSPort,
  SSLListenOptions,
  TLSServerOptions,
} from '@sennit/interfaces'
import type { InternetAddress } from '@sennit/protocol'
import { toSeconds } from '@sennit/runtime'
import { openStreamPort } from './open-stream-port.ts'
import type { PortSurroundings } from './port-surroundings.ts'
import { SSLIntake } from './ssl-intake.ts'
import { StreamPort, type StreamPortOptions } from './stream-port.ts'
import { tcpPortKind } from './tcp-port.ts'

/**
 * Binds, and listens.
 *
 * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`), as a rejection, and what `openTCPPort` throws
 */
export async function openSSLPort(
  port: number,
  handler: ConnectionHandler,
  tls: TLSServerOptions,
  options: SSLListenOptions,
  surroundings: PortSurroundings,
): Promise<SSLPort> {
  const intake = new SSLIntake(tls, toSeconds(options.handshakeTimeout ?? 10, 'handshakeTimeout'))
  const { connections, ...kind } = tcpPortKind(port, handler, options)
  return openStreamPort(
    { kind: 'SSLPort', ...kind, serving: (serving) => intake.serving(handler, connections, serving) },
    handler,
    options,
    surroundings,
    (made) => new SSLPort(made, intake),
  )
}

/** A port that listens; made by `openSSLPort`. */
export class SSLPort extends StreamPort<InternetAddress> implements ITLSPort {
  readonly #intake: SSLIntake

  constructor(options: StreamPortOptions<InternetAddress>, intake: SSLIntake) {
    super(options)
    this.#intake = intake
  }

  /**
   * For all handshakes that begin from now on; connections that stand are left alone.
   *
   * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`) when the new ones cannot work; the old ones stay
   */
  setTLSOptions(tls: TLSServerOptions): void {
    this.#intake.setOptions(tls)
  }

  protected override facts(): Record<string, Fact> {
    const facts = super.facts()
    const { handshakes, ...others } = this.#intake.facts()
    return { ...facts, connections: Number(facts['connections']) - handshakes, handshakes, ...others }
  }
}
