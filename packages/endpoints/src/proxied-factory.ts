/**
 * Protocols behind a proxy that says who has connected.
 *
 * | stage       | chunk                 | handshake done | stop asked for    | connection lost      |
 * |-------------|-----------------------|----------------|-------------------|----------------------|
 * | header      | served, handshaking, or refused | -    | closed            | over                 |
 * | handshaking | -                     | served         | closed            | over                 |
 * | served      | to the protocol       | to the protocol| to the protocol   | to the protocol      |
 *
 * Source: Twisted, `twisted/protocols/haproxy/_wrapper.py`.
 * Differs: only trusted proxies may connect; the header may come in pieces, and has a deadline; a handshake may follow it.
 *
 * @module
 */
import type {
  IAddress,
  IClosingTransport,
  IDrain,
  IHandshakeListener,
  IProtocol,
  IProtocolFactory,
  IStopRequested,
  IStreamTransport,
  ITLSTransport,
  Seconds,
  TLSServerOptions,
} from '@sennit/interfaces'
import { requireRole } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import { ForwardingProtocol } from './forwarding-protocol.ts'
import type { ProxyHeader } from './proxy-header.ts'
import { type ProxyGate, ProxyPreface } from './proxy-gate.ts'

/** The handshake that follows the header. */
export interface ProxiedTLS {
  /** What is in use now. */
  readonly options: () => TLSServerOptions
  readonly handshakeTimeout: Seconds | undefined
}

/** The factory that the port sees. */
export class ProxiedFactory implements IProtocolFactory {
  readonly #factory: IProtocolFactory & Partial<IDrain>
  readonly #gate: ProxyGate
  readonly #tls: ProxiedTLS | undefined

  constructor(factory: IProtocolFactory, gate: ProxyGate, tls?: ProxiedTLS) {
    this.#factory = factory
    this.#gate = gate
    this.#tls = tls
  }

  buildProtocol(proxy: IAddress): IProtocol | undefined {
    return this.#gate.admits(proxy) ? new ProxiedProtocol(this.#factory, this.#gate, this.#tls) : undefined
  }

  doStart(): void {
    this.#factory.doStart()
  }

  doStop(): void {
    this.#factory.doStop()
  }

  get drain(): IDrain['drain'] | undefined {
    return this.#factory.drain?.bind(this.#factory)
  }
}

class ProxiedProtocol extends ForwardingProtocol {
  readonly #factory: IProtocolFactory
  readonly #gate: ProxyGate
  readonly #tls: ProxiedTLS | undefined

  constructor(factory: IProtocolFactory, gate: ProxyGate, tls: ProxiedTLS | undefined) {
    super()
    this.#factory = factory
    this.#gate = gate
    this.#tls = tls
  }

  makeConnection(transport: IStreamTransport): void {
    const preface = new ProxyPreface(this.#gate, transport.getPeer(), {
      read: (header) => this.#begin(transport, header),
      refused: (error) => transport.abortConnection(error),
    })
    this.target = stage(transport, {
      dataReceived: (data) => preface.push(data),
      connectionLost: () => preface.stop(),
    })
  }

  #begin(transport: IStreamTransport, { peer, host, rest }: ProxyHeader): void {
    if (peer) Object.assign(transport, { getPeer: () => peer })
    if (host) Object.assign(transport, { getHost: () => host })
    if (this.#tls === undefined) return this.#serve(transport, rest)
    this.target = stage(transport, {
      handshakeCompleted: () => {
        this.#serve(transport)
        this.handshakeCompleted?.()
      },
    })
    const { options, handshakeTimeout } = this.#tls
    const received = rest.length > 0 ? rest : undefined
    requireRole<ITLSTransport>(transport, 'ITLSTransport', ['startTLS']).startTLS({
      ...options(),
      isServer: true,
      handshakeTimeout,
      received,
    })
  }

  #serve(transport: IStreamTransport & Partial<IClosingTransport>, rest?: Uint8Array): void {
    let protocol: IProtocol | undefined
    try {
      protocol = this.#factory.buildProtocol(transport.getPeer())
    } catch (error) {
      this.#gate.log.error({ err: asError(error) }, 'buildProtocol threw; the connection is closed')
    }
    if (!protocol) {
      this.target = stage(transport, {})
      transport.abortConnection()
      return
    }
    this.target = protocol
    protocol.makeConnection(transport)
    if (rest?.length && !transport.disconnecting) protocol.dataReceived(rest)
  }
}

/** Who is told before there is a protocol. */
function stage(
  transport: IStreamTransport,
  hooks: Partial<IProtocol & IHandshakeListener>,
): IProtocol & IStopRequested {
  return {
    makeConnection() {},
    dataReceived() {},
    connectionLost() {},
    stopRequested: () => transport.loseConnection(),
    ...hooks,
  }
}
