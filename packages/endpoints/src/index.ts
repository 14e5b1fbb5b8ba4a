/**
 * Places to listen at and to connect to, also written as strings, and a service that listens at one.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `twisted/application/internet.py`, `twisted/application/strports.py`.
 * Differs: the reactor may be left out; services bind early and serve late, drain, and can be started again.
 *
 * @module
 */
export {
  AdoptedStreamServerEndpoint,
  type AdoptedStreamServerEndpointOptions,
} from './adopted-stream-server-endpoint.ts'
export {
  type ArgumentKind,
  countArgument,
  durationArgument,
  fileArgument,
  flagArgument,
  hostArgument,
  interfaceArgument,
  ipv6InterfaceArgument,
  portArgument,
  remotePortArgument,
  textArgument,
} from './argument-kinds.ts'
export { CombinedPort, CombinedServerEndpoint } from './combined-server-endpoint.ts'
export { connectProtocol } from './connect-protocol.ts'
export type { EndpointArguments } from './endpoint-arguments.ts'
export { quoteStringArgument } from './endpoint-fields.ts'
export type { EndpointParser, EndpointTypes, FromStringOptions } from './endpoint-types.ts'
export {
  EndpointFileError,
  EndpointOptionError,
  EndpointSyntaxError,
  type EndpointSyntaxFault,
  EndpointTypeError,
  InheritedSocketError,
  ProxyHeaderError,
} from './errors.ts'
export { clientFromString, serverFromString } from './from-string.ts'
export { HAProxyServerEndpoint, type HAProxyServerEndpointOptions } from './haproxy-server-endpoint.ts'
export {
  type InheritedSocketChoice,
  InheritedStreamServerEndpoint,
  type InheritedStreamServerEndpointOptions,
} from './inherited-stream-server-endpoint.ts'
export { clientEndpointTypes, serverEndpointTypes } from './known-types.ts'
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
export {
  SSL4ClientEndpoint,
  TLSClientEndpoint,
  type TLSClientEndpointOptions,
} from './tls-client-endpoint.ts'
export { TLSClientFiles, type TLSClientFilesOptions } from './tls-client-files.ts'
export {
  SSL4ServerEndpoint,
  TLSServerEndpoint,
  type TLSServerEndpointOptions,
} from './tls-server-endpoint.ts'
export { TLSServerFiles, type TLSServerFilesOptions } from './tls-server-files.ts'
export { UNIXClientEndpoint, type UNIXClientEndpointOptions } from './unix-client-endpoint.ts'
export { UNIXServerEndpoint, type UNIXServerEndpointOptions } from './unix-server-endpoint.ts'
export { wrapClientTLS, type WrapClientTLSOptions } from './wrap-client-tls.ts'
export { WrapperServerEndpoint, type WrapHandler } from './wrapper-server-endpoint.ts'
export { ServiceNotListeningError } from '@sennit/service'
