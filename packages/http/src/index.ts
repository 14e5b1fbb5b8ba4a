/**
 * Existing HTTP servers as connection handlers, with a graceful drain.
 *
 * @module
 */
export { HttpServerError } from './errors.ts'
export { HttpFactory, httpFactory, type HttpServer } from './http-factory.ts'
