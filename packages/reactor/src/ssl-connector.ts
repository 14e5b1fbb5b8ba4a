/**
 * Connecting by TCP, and speaking TLS.
 *
 * Source: Twisted, `twisted/internet/tcp.py`, `Connector`; `twisted/internet/posixbase.py`, `connectSSL`.
 * Differs: a protocol is built once the handshake is done; one that fails is a failed attempt.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { IAddress, IClientFactory, SSLConnectOptions, TLSClientOptions } from '@sennit/interfaces'
import { type InternetAddress, internetAddress } from '@sennit/protocol'
import { toSeconds } from '@sennit/runtime'
import {
  type Attempt,
  type AttemptOutcome,
  type ConnectorSurroundings,
  StreamConnector,
} from './stream-connector.ts'
import { beginTCP, type TCPAttemptOptions } from './tcp-attempt.ts'
import { tcpDialling } from './tcp-connector.ts'
import { TCPConnections } from './tcp-transport.ts'
import type { Handshake, HandshakeLimit, TLSSide } from './tls-handshake.ts'
import { TLSInitiator } from './tls-initiator.ts'

const kind = new TCPConnections()

/**
 * A connector that has yet to connect.
 *
 * @throws TLSOptionsError (`ERR_SENNIT_TLS_OPTIONS`), and what `tcpConnector` throws
 */
export function sslConnector(
  host: string,
  port: number,
  factory: IClientFactory,
  tls: TLSClientOptions,
  options: SSLConnectOptions,
  surroundings: ConnectorSurroundings,
): StreamConnector<InternetAddress> {
  const { timeout = 30, handshakeTimeout = 10, signal } = options
  const below = tcpDialling(host, port, options, surroundings)
  const side = new TLSInitiator('connect', tls, host)
  const limit = { clock: surroundings.clock, timeout: toSeconds(handshakeTimeout, 'handshakeTimeout') }
  return new StreamConnector(factory, {
    destination: internetAddress('TCP', host, port),
    dialling: { begin: (outcome) => new SSLAttempt(below, side, limit, outcome) },
    kind,
    timeout: toSeconds(timeout, 'timeout'),
    signal,
    surroundings,
  })
}

/** An attempt that has succeeded when its handshake has. */
class SSLAttempt implements Attempt, AttemptOutcome {
  readonly #side: TLSSide
  readonly #limit: HandshakeLimit
  readonly #outcome: AttemptOutcome
  readonly #below: Attempt
  #handshake: Handshake | undefined

  constructor(below: TCPAttemptOptions, side: TLSSide, limit: HandshakeLimit, outcome: AttemptOutcome) {
    this.#side = side
    this.#limit = limit
    this.#outcome = outcome
    this.#below = beginTCP(below, this)
  }

  connected(socket: Socket, address: IAddress): void {
    const outcome = this.#outcome
    this.#handshake = this.#side.begin(
      socket,
      {
        secured: (secure) => outcome.connected(secure, address),
        failed: (error) => outcome.failed(error),
      },
      this.#limit,
    )
  }

  failed(error: Error): void {
    this.#outcome.failed(error)
  }

  cancel(): void {
    this.#below.cancel()
    this.#handshake?.cancel()
    this.#handshake?.socket.destroy()
  }
}
