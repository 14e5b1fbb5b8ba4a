/**
 * Ending a socket so that the other side cannot take what it got for the whole.
 *
 * @module
 */
import type { Socket } from 'node:net'

/** Drops what is buffered, and resets the connection; closes it when all was sent and its end announced. */
export function cut(socket: Socket): void {
  if (socket.destroyed) return
  // The system refuses to reset what it is shutting down.
  if (socket.writableEnded && socket.writableLength === 0) socket.destroy()
  else socket.resetAndDestroy()
}
