/**
 * The base class of what happens with datagrams.
 *
 * Source: Twisted, `twisted/internet/protocol.py`, `DatagramProtocol`.
 *
 * @module
 */
import type { IDatagramProtocol, IHostPort, IUDPTransport } from '@sennit/interfaces'
import { AbstractDatagramProtocol } from './abstract-datagram-protocol.ts'

/**
 * What happens with the datagrams of a port; subclasses fill the hooks.
 *
 * @typeParam T - the port's transport: also `IMulticastTransport`, or `IUNIXDatagramTransport`
 * @typeParam A - the address of who sends: also `IPathAddress`
 * @example
 * ```ts
 * class Echo extends DatagramProtocol {
 *   override datagramReceived(datagram: Uint8Array, from: IHostPort) {
 *     this.transport.write(datagram, from)
 *   }
 * }
 * ```
 */
export class DatagramProtocol<T = IUDPTransport, A = IHostPort>
  extends AbstractDatagramProtocol<T>
  implements IDatagramProtocol<T, A>
{
  /** A datagram has come. */
  datagramReceived(_datagram: Uint8Array, _from: A): void {}

  /** The connected peer said that nobody listens there. */
  connectionRefused(): void {}
}
