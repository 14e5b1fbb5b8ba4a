/**
 * The base class of what happens with the datagrams of a socket with a fixed peer.
 *
 * Source: Twisted, `twisted/internet/protocol.py`, `ConnectedDatagramProtocol`.
 *
 * @module
 */
import type { IConnectedDatagramProtocol, IUNIXDatagramConnectedTransport } from '@sennit/interfaces'
import { AbstractDatagramProtocol } from './abstract-datagram-protocol.ts'

/**
 * What happens with the datagrams of a socket with a fixed peer; subclasses fill the hooks.
 *
 * @example
 * ```ts
 * class Notify extends ConnectedDatagramProtocol {
 *   override startProtocol() {
 *     this.transport.write(Buffer.from('READY=1'))
 *   }
 * }
 * ```
 */
export class ConnectedDatagramProtocol<T = IUNIXDatagramConnectedTransport>
  extends AbstractDatagramProtocol<T>
  implements IConnectedDatagramProtocol<T>
{
  /** A datagram has come from the peer. */
  datagramReceived(_datagram: Uint8Array): void {}

  /** The socket could not be made, or the peer could not be reached. */
  connectionFailed(_error: Error): void {}
}
