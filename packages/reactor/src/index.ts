/**
 * The reactor on Node: time, TCP, TLS, UNIX sockets, datagrams, names, adopted sockets, files and events behind narrow roles, and
 * the slot of the process's own.
 *
 * Source: Twisted, `twisted/internet/reactor.py` and what it stands on.
 * Differs: Node's event loop runs already; a port can be held, has limits and drains when it stops.
 *
 * @module
 */
export { AlreadyConnectedError, ReactorOptionError } from '@sennit/protocol'
export { MissingPeerError, NoSuchReactorError } from './errors.ts'
export { getReactor, installReactor, type Reactor, reactorWith, registerReactor } from './global-reactor.ts'
export { NodeReactor, type NodeReactorOptions } from './node-reactor.ts'
export type { SSLPort } from './ssl-port.ts'
export type { StreamConnector } from './stream-connector.ts'
export type { StreamPort } from './stream-port.ts'
export type { TCPTransport } from './tcp-transport.ts'
export type { UNIXTransport } from './unix-transport.ts'
