/**
 * The connector of `MemoryReactor`: nothing connects unless the test says so.
 *
 * Source: Twisted, `twisted/internet/testing.py`, `_FakeConnector`.
 * Differs: it tells the factory what becomes of it, as a real connector does.
 *
 * @module
 */
import type { IAddress, IClientFactory, ILog, IProtocol, IStreamTransport } from '@sennit/interfaces'
import { ConnectionDone } from '@sennit/protocol'
import { ConnectorCore } from './connector-core.ts'
import { DoubleStateError } from './errors.ts'
import { StringTransport } from './string-transport.ts'

/** One outgoing connection that was asked for. */
export class RecordedConnector extends ConnectorCore {
  /** How many attempts were begun. */
  attempts = 0
  /** `stopConnecting` was called while it was connecting, or `disconnect` was. */
  stoppedConnecting = false
  /** `disconnect` was called. */
  disconnected = false
  /** The present connection's. */
  protocol: IProtocol | undefined
  /** The present connection's. */
  transport: IStreamTransport | undefined
  readonly #destination: IAddress

  constructor(destination: IAddress, factory: IClientFactory, log: ILog) {
    super(factory, log)
    this.#destination = destination
  }

  override getDestination(): IAddress {
    return this.#destination
  }

  override stopConnecting(): void {
    if (this.state === 'connecting') this.stoppedConnecting = true
    super.stopConnecting()
  }

  override disconnect(): void {
    this.disconnected = true
    super.disconnect()
  }

  /**
   * Lets the attempt succeed.
   *
   * @returns the protocol, which has its transport; `undefined` when the factory built none
   * @throws DoubleStateError (`ERR_SENNIT_DOUBLE_STATE`) unless it is connecting
   */
  succeed(
    transport: IStreamTransport = new StringTransport({ peer: this.#destination }),
  ): IProtocol | undefined {
    this.#assertConnecting('succeed')
    const protocol = this.build(this.#destination)
    if (this.state !== 'connected') return undefined
    if (protocol === undefined) {
      transport.loseConnection()
      this.lost(new ConnectionDone())
      return undefined
    }
    this.protocol = protocol
    this.transport = transport
    protocol.makeConnection(transport)
    return protocol
  }

  /**
   * Lets the attempt fail.
   *
   * @throws DoubleStateError (`ERR_SENNIT_DOUBLE_STATE`) unless it is connecting
   */
  fail(reason: Error): void {
    this.#assertConnecting('fail')
    this.failed(reason)
  }

  /** Lets the connection be lost: the protocol is told, then the factory. Harmless when there is none. */
  lose(reason: Error = new ConnectionDone()): void {
    const { protocol } = this
    if (protocol === undefined) return
    this.protocol = undefined
    this.transport = undefined
    protocol.connectionLost(reason)
    this.lost(reason)
  }

  protected override attempt(): () => void {
    this.attempts++
    return () => {}
  }

  protected override close(): void {
    this.transport?.loseConnection()
  }

  #assertConnecting(action: string): void {
    if (this.state !== 'connecting')
      throw new DoubleStateError(`Cannot ${action}: the connector must be connecting, it is ${this.state}`)
  }
}
