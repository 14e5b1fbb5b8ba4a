import type {
  IAddress,
  IClientFactory,
  IConnector,
  IDatagramConnector,
  IDatagramProtocol,
  IListeningPort,
  IMulticastScope,
  IMulticastTransport,
  IPathAddress,
  IService,
  IUNIXDatagramTransport,
} from '@sennit/interfaces'
import { ClientFactory, DatagramProtocol, Factory, handler, Protocol } from '@sennit/protocol'
import { describe, expectTypeOf, it } from 'vitest'
import {
  type AbstractClient,
  type AbstractServer,
  type MulticastServer,
  type MulticastServerOptions,
  ReconnectingClientFactory,
  SSLClient,
  SSLServer,
  TCPClient,
  type TCPClientOptions,
  TCPServer,
  type TCPServerOptions,
  type UDPServer,
  UNIXClient,
  type UNIXClientOptions,
  type UNIXDatagramClient,
  type UNIXDatagramClientOptions,
  UNIXDatagramServer,
  UNIXServer,
  type UNIXServerOptions,
} from '../src/index.ts'

describe('the types of the wrappers', () => {
  it('are services', () => {
    expectTypeOf<TCPServer>().toExtend<IService & AsyncDisposable>()
    expectTypeOf<TCPClient>().toExtend<IService & AsyncDisposable>()
    expectTypeOf<UDPServer>().toExtend<IService & AsyncDisposable>()
    expectTypeOf<
      TCPServer | UDPServer | UNIXServer | SSLServer | UNIXDatagramServer
    >().toExtend<AbstractServer>()
    expectTypeOf<TCPClient | UNIXClient | SSLClient>().toExtend<AbstractClient>()
    expectTypeOf<UNIXDatagramClient>().toExtend<IService & AsyncDisposable>()
  })

  it('show the port or the connector', () => {
    expectTypeOf<TCPServer['port']>().toEqualTypeOf<IListeningPort | undefined>()
    expectTypeOf<ReturnType<UDPServer['getHost']>>().toEqualTypeOf<IAddress>()
    expectTypeOf<TCPClient['connector']>().toEqualTypeOf<IConnector | undefined>()
    expectTypeOf<UNIXDatagramClient['connector']>().toEqualTypeOf<IDatagramConnector | undefined>()
  })

  it('take every kind of handler, and a factory for a client', () => {
    expectTypeOf(TCPServer).toBeConstructibleWith(
      80,
      handler(async () => {}),
      { name: 'web', drainTimeout: '2s' },
    )
    expectTypeOf(TCPServer).toBeConstructibleWith(80, Factory.forProtocol(Protocol))
    expectTypeOf(TCPClient).toBeConstructibleWith('carbon', 2003, new ClientFactory(), {
      timeout: '5s',
    })
    expectTypeOf<ConstructorParameters<typeof TCPClient>[2]>().toEqualTypeOf<IClientFactory>()
    expectTypeOf<ConstructorParameters<typeof UDPServer>[1]>().toEqualTypeOf<IDatagramProtocol>()
  })

  it('take what is special to each kind', () => {
    const factory = new ClientFactory()
    expectTypeOf(UNIXServer).toBeConstructibleWith('/run/s', factory, { mode: 0o600, wantPID: true })
    expectTypeOf(UNIXClient).toBeConstructibleWith('/run/s', factory, { checkPID: true })
    expectTypeOf(SSLServer).toBeConstructibleWith(443, factory, { key: '', cert: '' }, { interface: '::1' })
    expectTypeOf(SSLClient).toBeConstructibleWith('carbon', 2004, factory)
    expectTypeOf(SSLClient).toBeConstructibleWith('carbon', 2004, factory, { ca: '' }, { closeTimeout: '1s' })
    expectTypeOf(UNIXDatagramServer).toBeConstructibleWith(
      '/run/d',
      new DatagramProtocol<IUNIXDatagramTransport, IPathAddress>(),
      { maxPacketSize: 512 },
    )
    expectTypeOf<ConstructorParameters<typeof MulticastServer>[1]>().toEqualTypeOf<
      IDatagramProtocol<IMulticastTransport & IMulticastScope>
    >()
    expectTypeOf<MulticastServerOptions>().toHaveProperty('listenMultiple')
    expectTypeOf<UNIXServerOptions>().not.toHaveProperty('interface')
    expectTypeOf<UNIXClientOptions>().not.toHaveProperty('keepAlive')
    expectTypeOf<UNIXDatagramClientOptions>().toHaveProperty('bindAddress')
  })

  it('let a subclass of the reconnecting factory set what it likes', () => {
    class Feed extends ReconnectingClientFactory {
      override initialDelay = '200ms' as const
      override maxDelay = 60
    }
    expectTypeOf<Feed>().toExtend<IClientFactory>()
    expectTypeOf(ReconnectingClientFactory.forProtocol(Protocol)).toEqualTypeOf<
      ReconnectingClientFactory<Protocol>
    >()
  })

  it('keep what the service does by itself out of the options', () => {
    expectTypeOf<TCPServerOptions>().not.toHaveProperty('held')
    expectTypeOf<TCPServerOptions>().not.toHaveProperty('signal')
    expectTypeOf<TCPServerOptions>().not.toHaveProperty('context')
    expectTypeOf<TCPClientOptions>().not.toHaveProperty('signal')
  })
})
