/**
 * The kinds of server that can be given connections, and how each is given one.
 *
 * | server               | plain socket                     | socket that is encrypted already        |
 * |----------------------|----------------------------------|-----------------------------------------|
 * | `node:http`          | `'connection'`                   | `'connection'`                          |
 * | `node:http2`         | `'connection'`                   | `'connection'`                          |
 * | `node:https`, `node:http2` with TLS | `'connection'`; it makes the handshake | `'secureConnection'`, as after its own |
 *
 * @module
 */
import type { Server } from 'node:http'
import type { Http2SecureServer, Http2Server } from 'node:http2'
import type { Server as SecureServer } from 'node:https'
import type { Duplex } from 'node:stream'
import { HttpServerError } from './errors.ts'

/** An HTTP server: what `node:http`, `node:https` and `node:http2` make, and with it Express, Fastify, Hono and others. */
export type HttpServer = Server | SecureServer | Http2Server | Http2SecureServer

/** @throws HttpServerError (`ERR_SENNIT_HTTP_SERVER`) when it is no server, or one that listens itself */
export function checkServer(server: HttpServer): void {
  // A `net.Server` has no `setTimeout`, and an application of Express no `listening`.
  if (
    typeof server?.emit !== 'function' ||
    typeof server.setTimeout !== 'function' ||
    server.listening !== false
  ) {
    throw new HttpServerError('server', 'an HTTP server that does not listen itself', server)
  }
}

/** Whether it makes TLS handshakes itself. */
export function isSecure(server: HttpServer): boolean {
  return 'setSecureContext' in server
}

/** Whether a socket is that of TLS. */
export function isEncrypted(socket: Duplex): boolean {
  return (socket as { encrypted?: unknown }).encrypted === true
}

/** Whether a socket speaks HTTP/2 because both sides have agreed on it in the handshake. */
export function speaksHttp2(socket: Duplex): boolean {
  return (socket as { alpnProtocol?: unknown }).alpnProtocol === 'h2'
}

/** Whether a server speaks HTTP/2 over plain sockets. */
export function isPlainHttp2(server: HttpServer): boolean {
  return !isSecure(server) && 'updateSettings' in server
}

/** Node 20 looks there for the settings of HTTP/1 on a server of HTTP/2, as it does after its own handshake. */
export function belongingTo(socket: Duplex, server: HttpServer): Duplex {
  return Object.assign(socket, { server })
}
