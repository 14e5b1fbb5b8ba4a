/**
 * A protocol that stands between a transport and another protocol.
 *
 * @module
 */
import type {
  IHalfCloseableProtocol,
  IHandshakeListener,
  IProtocol,
  IStopRequested,
  IStreamTransport,
} from '@sennit/interfaces'

/** Everything that a protocol may have beyond what each has. */
type Optional = Partial<IHalfCloseableProtocol & IHandshakeListener & IStopRequested> & {
  readonly logPrefix?: () => string
}

/** Takes the place of a protocol that has no connection. */
const NOBODY: IProtocol = { makeConnection() {}, dataReceived() {}, connectionLost() {} }

/**
 * Passes everything on to its target. What a protocol may be told beyond data and the loss, it claims only while the target
 * does.
 */
export abstract class ForwardingProtocol implements IProtocol {
  /** Who is told; nobody at first. */
  protected target: IProtocol = NOBODY

  abstract makeConnection(transport: IStreamTransport): void

  dataReceived(data: Uint8Array): void {
    this.target.dataReceived(data)
  }

  connectionLost(reason: Error): void {
    this.target.connectionLost(reason)
  }

  get readConnectionLost(): (() => void) | undefined {
    return (this.target as Optional).readConnectionLost?.bind(this.target)
  }

  get writeConnectionLost(): (() => void) | undefined {
    return (this.target as Optional).writeConnectionLost?.bind(this.target)
  }

  get handshakeCompleted(): (() => void) | undefined {
    return (this.target as Optional).handshakeCompleted?.bind(this.target)
  }

  get stopRequested(): (() => void) | undefined {
    return (this.target as Optional).stopRequested?.bind(this.target)
  }

  /** What the log calls the connection. */
  logPrefix(): string {
    return (this.target as Optional).logPrefix?.() ?? this.target.constructor.name
  }
}
