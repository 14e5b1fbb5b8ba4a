import type { Duplex } from 'node:stream'
import type {
  IAddress,
  IListeningPort,
  IService,
  IStreamClientEndpoint,
  IStreamServerEndpoint,
} from '@sennit/interfaces'
import { duplexFactory, Factory, handler, Protocol } from '@sennit/protocol'
import { describe, expectTypeOf, it } from 'vitest'
import {
  clientEndpointTypes,
  clientFromString,
  connectProtocol,
  type HostnameEndpoint,
  portArgument,
  serverEndpointTypes,
  serverFromString,
  service,
  type StreamServerEndpointServiceOptions,
  TCP4ServerEndpoint,
  textArgument,
} from '../src/index.ts'

class Greeter extends Protocol {
  greeting = 'hello'
}

describe('the types of endpoints', () => {
  it('follow the factory: connect yields what it builds', () => {
    const endpoint = clientFromString('tcp:carbon:2003')
    expectTypeOf(endpoint.connect(duplexFactory())).resolves.toExtend<Duplex>()
    expectTypeOf(endpoint.connect(Factory.forProtocol(Greeter))).resolves.toEqualTypeOf<Greeter>()
    expectTypeOf(connectProtocol(endpoint, new Greeter())).resolves.toEqualTypeOf<Greeter>()
    expectTypeOf<HostnameEndpoint['connect']>().toExtend<IStreamClientEndpoint['connect']>()
  })

  it('are the roles', () => {
    expectTypeOf(clientFromString).returns.toEqualTypeOf<IStreamClientEndpoint>()
    expectTypeOf(serverFromString).returns.toEqualTypeOf<IStreamServerEndpoint>()
    expectTypeOf<TCP4ServerEndpoint>().toExtend<IStreamServerEndpoint>()
  })

  it('follow the kinds of the arguments in a parser', () => {
    serverEndpointTypes.register('typed', (args) => {
      expectTypeOf(args.required('port', portArgument)).toEqualTypeOf<number>()
      expectTypeOf(args.optional('name', textArgument)).toEqualTypeOf<string | undefined>()
      return new TCP4ServerEndpoint(1)
    })
    // @ts-expect-error a server endpoint is no client endpoint
    clientEndpointTypes.register('typed', () => new TCP4ServerEndpoint(1))
  })
})

describe('the types of the service', () => {
  it('are those of a service that listens', () => {
    const web = service(
      'tcp:8080',
      handler(async () => {}),
      { name: 'web', maxConnections: 10, drainTimeout: '2s' },
    )
    expectTypeOf(web).toExtend<IService & AsyncDisposable>()
    expectTypeOf(web.port).toEqualTypeOf<IListeningPort | undefined>()
    expectTypeOf(web.getHost()).toEqualTypeOf<IAddress>()
  })

  it('keep what the service does by itself out of the options', () => {
    expectTypeOf<StreamServerEndpointServiceOptions>().not.toHaveProperty('held')
    expectTypeOf<StreamServerEndpointServiceOptions>().not.toHaveProperty('signal')
    expectTypeOf<StreamServerEndpointServiceOptions>().not.toHaveProperty('context')
  })
})
