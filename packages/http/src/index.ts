/**
 * Existing HTTP servers as connection handlers, with a graceful drain.
 *
 * @module
 */
export { HttpServerError } from './errors.ts'
export { HttpFactory, httpFactory, type HttpFactoryOptions } from './http-factory.ts'
export type { HttpServer } from './http-server.ts'
export type { IWebSocket, IWebSocketServer } from './web-sockets.ts'
