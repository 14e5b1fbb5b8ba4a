/**
 * What a socket has handed to the system.
 *
 * @module
 */
import type { Duplex } from 'node:stream'

/**
 * How many bytes have gone. Node counts those that wait with those that have gone, and drops them again when the socket is cut: a sum of them
 * would go down.
 */
export function bytesGone(socket: Duplex & { readonly bytesWritten?: number }): number {
  const written = socket.bytesWritten ?? 0
  return socket.destroyed ? written : written - socket.writableLength
}
