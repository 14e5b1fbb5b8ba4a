import type {
  IAddress,
  IClientFactory,
  IConnector,
  IDatagramProtocol,
  IListeningPort,
  IService,
} from '@sennit/interfaces'
import { ClientFactory, Factory, handler, Protocol } from '@sennit/protocol'
import { describe, expectTypeOf, it } from 'vitest'
import {
  TCPClient,
  type TCPClientOptions,
  TCPServer,
  type TCPServerOptions,
  type UDPServer,
} from '../src/index.ts'

describe('the types of the wrappers', () => {
  it('are services', () => {
    expectTypeOf<TCPServer>().toExtend<IService & AsyncDisposable>()
    expectTypeOf<TCPClient>().toExtend<IService & AsyncDisposable>()
    expectTypeOf<UDPServer>().toExtend<IService & AsyncDisposable>()
  })

  it('show the port or the connector', () => {
    expectTypeOf<TCPServer['port']>().toEqualTypeOf<IListeningPort | undefined>()
    expectTypeOf<ReturnType<UDPServer['getHost']>>().toEqualTypeOf<IAddress>()
    expectTypeOf<TCPClient['connector']>().toEqualTypeOf<IConnector | undefined>()
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

  it('keep what the service does by itself out of the options', () => {
    expectTypeOf<TCPServerOptions>().not.toHaveProperty('held')
    expectTypeOf<TCPServerOptions>().not.toHaveProperty('signal')
    expectTypeOf<TCPServerOptions>().not.toHaveProperty('context')
    expectTypeOf<TCPClientOptions>().not.toHaveProperty('signal')
  })
})
