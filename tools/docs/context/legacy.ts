/**
 * Around the examples of `@sennit/legacy`.
 *
 * @module
 */
import { ClientFactory, ConnectedDatagramProtocol, DatagramProtocol, Protocol } from '@sennit/protocol'
import type {
  IClientFactory,
  IListeningPort,
  IConnector,
  IPathAddress,
  IUNIXDatagramTransport,
} from '@sennit/interfaces'
import { serve } from './common.ts'

export class CarbonFactory extends ClientFactory {
  override protocol = Protocol
}
export class AdminFactory extends CarbonFactory {}
export class FeedProtocol extends Protocol {}
export class Journal extends DatagramProtocol<IUNIXDatagramTransport, IPathAddress> {}
export class JournalClient extends ConnectedDatagramProtocol {}
export class Statsd extends DatagramProtocol {}
export const serveAdmin = serve

/** What a reactor would have that speaks QUIC. */
export interface IReactorQUIC {
  listenQUIC(port: number, factory: QUICFactory, options: QUICOptions): Promise<IListeningPort>
  connectQUIC(host: string, port: number, factory: IClientFactory, options: QUICOptions): IConnector
}
export type QUICFactory = ClientFactory
export interface QUICOptions {
  readonly alpn?: string
}
