import { expect, it } from 'vitest'
import * as face from '../src/index.ts'

it('exports exactly its public names', () => {
  expect(Object.keys(face).toSorted()).toEqual([
    'EndpointOptionError',
    'EndpointSyntaxError',
    'EndpointTypeError',
    'HostnameEndpoint',
    'ServiceNotListeningError',
    'StreamServerEndpointService',
    'TCP4ClientEndpoint',
    'TCP4ServerEndpoint',
    'TCP6ClientEndpoint',
    'TCP6ServerEndpoint',
    'clientEndpointTypes',
    'clientFromString',
    'connectProtocol',
    'countArgument',
    'durationArgument',
    'hostArgument',
    'interfaceArgument',
    'ipv6InterfaceArgument',
    'listen',
    'portArgument',
    'quoteStringArgument',
    'remotePortArgument',
    'serverEndpointTypes',
    'serverFromString',
    'service',
    'textArgument',
  ])
})
