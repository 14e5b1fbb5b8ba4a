/**
 * Shared by the sibling packages; outside semver.
 *
 * @module
 */
export { DisconnectFactory } from './disconnect-factory.ts'
export { EndpointConnectable, type EndpointSettings } from './endpoint-connectable.ts'
export { noop } from './noop.ts'
export { type ProxyAttempt, ReconnectingProtocolProxy } from './reconnecting-protocol-proxy.ts'
