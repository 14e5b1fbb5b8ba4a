/**
 * The reactor on Node: TCP, UDP and time behind narrow roles, and the slot of the process's own.
 *
 * Source: Twisted, `twisted/internet/reactor.py` and what it stands on.
 * Differs: Node's event loop runs already; a port can be held, has limits and drains when it stops.
 *
 * @module
 */
export { AlreadyConnectedError, NoSuchReactorError, ReactorOptionError } from './errors.ts'
export { getReactor, installReactor, type Reactor, reactorWith, registerReactor } from './global-reactor.ts'
export { NodeReactor, type NodeReactorOptions } from './node-reactor.ts'
export type { TCPConnector } from './tcp-connector.ts'
export type { TCPTransport } from './tcp-transport.ts'
