/**
 * A service around `reactor.listenUNIXDatagram`.
 *
 * Source: Twisted, `twisted/application/internet.py`, `UNIXDatagramServer`.
 * Differs: further arguments are options.
 *
 * @module
 */
import type {
  IDatagramProtocol,
  IPathAddress,
  IReactorUNIXDatagram,
  IUNIXDatagramTransport,
  UNIXDatagramListenOptions,
} from '@sennit/interfaces'
import type { ListeningServiceOptions } from '@sennit/service'
import { AbstractServer } from './abstract-server.ts'

/** Options of a `UNIXDatagramServer`: of the service, and of `listenUNIXDatagram`. */
export type UNIXDatagramServerOptions = ListeningServiceOptions<UNIXDatagramListenOptions>

/**
 * Takes datagrams at a UNIX socket while it runs.
 *
 * @example
 * ```ts
 * const journal = new UNIXDatagramServer('/run/relay/log.sock', new Journal(), { maxPacketSize: 65_535 })
 * await journal.startService()
 * ```
 */
export class UNIXDatagramServer extends AbstractServer<IReactorUNIXDatagram['listenUNIXDatagram']> {
  /**
   * @param path - of the socket's file
   * @param protocol - takes the datagrams
   * @param options - of the service; what else there is goes to `listenUNIXDatagram`
   */
  constructor(
    path: string,
    protocol: IDatagramProtocol<IUNIXDatagramTransport, IPathAddress>,
    options: UNIXDatagramServerOptions = {},
  ) {
    super('UNIXDatagram', [path, protocol], options)
  }
}
