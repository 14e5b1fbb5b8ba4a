/**
 * Places to listen at and to connect to, also written as strings, and a service that listens at one.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `twisted/application/internet.py`, `twisted/application/strports.py`.
 * Differs: the reactor may be left out; services bind early and serve late, drain, and can be started again.
 *
 * @module
 */
export {
  type ArgumentKind,
  countArgument,
  durationArgument,
  hostArgument,
  interfaceArgument,
  ipv6InterfaceArgument,
  portArgument,
  remotePortArgument,
  textArgument,
} from './argument-kinds.ts'
export { connectProtocol } from './connect-protocol.ts'
export type { EndpointArguments } from './endpoint-arguments.ts'
export { quoteStringArgument } from './endpoint-fields.ts'
export {
  clientEndpointTypes,
  type EndpointParser,
  type EndpointTypes,
  type FromStringOptions,
  serverEndpointTypes,
} from './endpoint-types.ts'
export {
  EndpointOptionError,
  EndpointSyntaxError,
  type EndpointSyntaxFault,
  EndpointTypeError,
  ServiceNotListeningError,
} from './errors.ts'
export { clientFromString, serverFromString } from './from-string.ts'
export {
  StreamServerEndpointService,
  type StreamServerEndpointServiceOptions,
} from './stream-server-endpoint-service.ts'
export { listen, service, type StringListenOptions } from './strports.ts'
export {
  HostnameEndpoint,
  type HostnameEndpointOptions,
  TCP4ClientEndpoint,
  TCP6ClientEndpoint,
  type TCPClientEndpointOptions,
} from './tcp-client-endpoint.ts'
export {
  TCP4ServerEndpoint,
  TCP6ServerEndpoint,
  type TCPServerEndpointOptions,
} from './tcp-server-endpoint.ts'
