/**
 * What the diagnostics channels are told of connections.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { ToldConnection } from '@sennit/protocol/internal'
import type { SocketTransport } from './socket-transport.ts'

/** What is told of a protocol's transport. */
export function toldTransport(
  side: 'server' | 'client',
  transport: SocketTransport,
  socket: Socket,
): ToldConnection {
  return {
    side,
    connection: transport,
    isSecure: isEncrypted(socket),
    host: transport.getHost(),
    peer: transport.getPeer(),
  }
}

/** Whether a socket is that of TLS. */
export function isEncrypted(socket: Socket): boolean {
  return (socket as { encrypted?: unknown }).encrypted === true
}
