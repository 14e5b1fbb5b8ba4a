import type { Duplex } from 'node:stream'
import type {
  IAddress,
  IListeningPort,
  IProtocolFactory,
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
  type HAProxyServerEndpoint,
  HostnameEndpoint,
  portArgument,
  serverEndpointTypes,
  serverFromString,
  service,
  SSL4ClientEndpoint,
  type StreamServerEndpointServiceOptions,
  TCP4ClientEndpoint,
  TCP4ServerEndpoint,
  TCP6ClientEndpoint,
  textArgument,
  TLSClientEndpoint,
  type TLSServerEndpoint,
  UNIXClientEndpoint,
  type UNIXServerEndpoint,
  wrapClientTLS,
} from '../src/index.ts'

class Greeter extends Protocol {
  greeting = 'hello'
}

class Talker extends Protocol {
  words = 7
}

describe('the types of endpoints', () => {
  it('follow the factory: connect yields what it builds', () => {
    const endpoint = clientFromString('tcp:carbon:2003')
    expectTypeOf(endpoint.connect(duplexFactory())).resolves.toExtend<Duplex>()
    expectTypeOf(endpoint.connect(Factory.forProtocol(Greeter))).resolves.toEqualTypeOf<Greeter>()
    expectTypeOf(connectProtocol(endpoint, new Greeter())).resolves.toEqualTypeOf<Greeter>()
    expectTypeOf<HostnameEndpoint['connect']>().toExtend<IStreamClientEndpoint['connect']>()
  })

  it('follow the factory through every endpoint, be it of one protocol, of several, or of one that refuses', () => {
    const endpoints = [
      new HostnameEndpoint('carbon', 80),
      new TCP4ClientEndpoint('carbon', 80),
      new TCP6ClientEndpoint('carbon', 80),
      new TLSClientEndpoint('carbon', 443),
      new SSL4ClientEndpoint('carbon', 443),
      new UNIXClientEndpoint('/run/a.sock'),
      wrapClientTLS({ servername: 'carbon' }, new UNIXClientEndpoint('/run/a.sock')),
    ] as const
    type Each = (typeof endpoints)[number]
    const either = {} as IProtocolFactory<Greeter | Talker>
    const refusing = {
      buildProtocol: (address: IAddress) => (address.type === 'UNIX' ? undefined : new Greeter()),
      doStart() {},
      doStop() {},
    }
    const connect = (endpoint: Each) => ({
      one: endpoint.connect(Factory.forProtocol(Greeter)),
      several: endpoint.connect(either),
      refusing: endpoint.connect(refusing),
      own: connectProtocol(endpoint, new Talker()),
    })
    expectTypeOf(connect).returns.toEqualTypeOf<{
      one: Promise<Greeter>
      several: Promise<Greeter | Talker>
      refusing: Promise<Greeter>
      own: Promise<Talker>
    }>()
    // @ts-expect-error what the factory builds is no protocol
    void endpoints[0].connect({ buildProtocol: () => 'hello', doStart() {}, doStop() {} })
  })

  it('are the roles', () => {
    expectTypeOf(clientFromString).returns.toEqualTypeOf<IStreamClientEndpoint>()
    expectTypeOf(serverFromString).returns.toEqualTypeOf<IStreamServerEndpoint>()
    expectTypeOf<TCP4ServerEndpoint>().toExtend<IStreamServerEndpoint>()
    expectTypeOf<TLSServerEndpoint>().toExtend<IStreamServerEndpoint>()
    expectTypeOf<UNIXServerEndpoint>().toExtend<IStreamServerEndpoint>()
    expectTypeOf<HAProxyServerEndpoint>().toExtend<IStreamServerEndpoint>()
  })

  it('follow the kinds of the arguments in a parser', () => {
    serverEndpointTypes.register('typed', (args) => {
      expectTypeOf(args.required('port', portArgument)).toEqualTypeOf<number>()
      expectTypeOf(args.optional('name', textArgument)).toEqualTypeOf<string | undefined>()
      return new TCP4ServerEndpoint(1)
    })
    serverEndpointTypes.register('logged', (args) => {
      expectTypeOf(args.rest()).toEqualTypeOf<IStreamServerEndpoint>()
      return args.rest()
    })
    clientEndpointTypes.register('tunnelled', (args) => {
      expectTypeOf(args.endpoint('through')).toEqualTypeOf<IStreamClientEndpoint | undefined>()
      return new HostnameEndpoint('carbon', 80)
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
