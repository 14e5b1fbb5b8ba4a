/**
 * The classic wrappers: a service for each listen and connect call of the reactor.
 *
 * Source: Twisted, `twisted/application/internet.py`.
 * Differs: starts and stops are awaited; nothing is served before the service has started; stopping a server drains.
 *
 * @module
 */
export { AbstractClient, type AbstractClientOptions } from './abstract-client.ts'
export { AbstractServer } from './abstract-server.ts'
export { ServiceNotListeningError } from './errors.ts'
export { TCPClient, type TCPClientOptions } from './tcp-client.ts'
export { TCPServer, type TCPServerOptions } from './tcp-server.ts'
export { UDPServer, type UDPServerOptions } from './udp-server.ts'
export { VolatileDataService } from './volatile-data-service.ts'
