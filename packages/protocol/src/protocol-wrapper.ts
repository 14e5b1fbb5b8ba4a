/**
 * A protocol that stands between a connection and another protocol, for which it is the transport.
 *
 * Source: Twisted, `twisted/protocols/policies.py`, `ProtocolWrapper`.
 * Differs: it has what the two have between which it stands, and nothing more: half-closing, `stopRequested`,
 * `handshakeCompleted` of the protocol, TLS, addresses and options of the connection.
 *
 * @module
 */
import type {
  IAddress,
  IClosingTransport,
  IProtocol,
  IPullProducer,
  IPushProducer,
  IStreamTransport,
} from '@sennit/interfaces'
import { forwardMissing } from './forwarding.ts'
import { isClosing } from './is-closing.ts'

/** What a wrapper needs of the factory that made it. */
export interface WrapperOwner<P extends IProtocol> {
  /** The connection stands. */
  registerProtocol(wrapper: ProtocolWrapper<P>): void
  /** It is gone. */
  unregisterProtocol(wrapper: ProtocolWrapper<P>): void
}

/**
 * Hands everything on, in both directions; subclasses override what they care for, and call the base's.
 *
 * @example
 * ```ts
 * class Counting<P extends IProtocol> extends ProtocolWrapper<P> {
 *   received = 0
 *   override dataReceived(data: Uint8Array) {
 *     this.received += data.length
 *     super.dataReceived(data)
 *   }
 * }
 * ```
 */
export class ProtocolWrapper<P extends IProtocol = IProtocol>
  implements IProtocol, IStreamTransport, IClosingTransport
{
  /** What built the wrapper. */
  readonly factory: WrapperOwner<P>
  /** The protocol whose transport this is. */
  readonly wrappedProtocol: P
  /** The connection; there is none before `makeConnection`. */
  transport!: IStreamTransport
  /** Whether there is a connection. */
  connected = false
  /** Whether the protocol has closed the connection, or it is gone. @internal */
  protected closing = false

  constructor(factory: WrapperOwner<P>, wrappedProtocol: P) {
    if (!forwards) forward()
    this.factory = factory
    this.wrappedProtocol = wrappedProtocol
  }

  /** Whether no more need be handed to the connection. */
  get disconnecting(): boolean {
    return this.closing || isClosing(this.transport)
  }

  makeConnection(transport: IStreamTransport): void {
    this.transport = transport
    this.connected = true
    this.factory.registerProtocol(this)
    this.wrappedProtocol.makeConnection(this)
  }

  dataReceived(data: Uint8Array): void {
    this.wrappedProtocol.dataReceived(data)
  }

  connectionLost(reason: Error): void {
    this.connected = false
    this.closing = true
    this.factory.unregisterProtocol(this)
    this.wrappedProtocol.connectionLost(reason)
  }

  write(data: Uint8Array): void {
    this.transport.write(data)
  }

  writeSequence(data: Iterable<Uint8Array>): void {
    this.transport.writeSequence(data)
  }

  loseConnection(): void {
    this.closing = true
    this.transport.loseConnection()
  }

  loseWriteConnection(): void {
    this.transport.loseWriteConnection()
  }

  abortConnection(reason?: Error): void {
    this.closing = true
    this.transport.abortConnection(reason)
  }

  registerProducer(producer: IPullProducer | IPushProducer, streaming: boolean): void {
    this.transport.registerProducer(producer, streaming)
  }

  unregisterProducer(): void {
    this.transport.unregisterProducer()
  }

  pauseProducing(): void {
    this.transport.pauseProducing()
  }

  resumeProducing(): void {
    this.transport.resumeProducing()
  }

  stopProducing(): void {
    this.closing = true
    this.transport.stopProducing()
  }

  getPeer(): IAddress {
    return this.transport.getPeer()
  }

  getHost(): IAddress {
    return this.transport.getHost()
  }

  toString(): string {
    return `${this.constructor.name}(${String(this.wrappedProtocol)})`
  }
}

/** What a transport calls on a protocol that has it; anything else that the wrapper lacks, the protocol calls on the transport. */
const HOOKS: ReadonlySet<string> = new Set([
  'readConnectionLost',
  'writeConnectionLost',
  'stopRequested',
  'handshakeCompleted',
])

let forwards = false

/** With the first wrapper: as a statement beside the class it would keep bundlers from dropping the class where nobody uses it. */
function forward(): void {
  forwards = true
  forwardMissing(ProtocolWrapper.prototype, ({ wrappedProtocol, transport }, key) =>
    HOOKS.has(key) ? wrappedProtocol : transport,
  )
}
