/**
 * The end of a socket that came when nobody listened.
 *
 * @module
 */
import type { Socket } from 'node:net'

/**
 * Lets a socket be taken over by `take`. Node tells an end when it comes, also when nobody listens yet: then it is told again, to
 * whoever listens now.
 */
export function takeOver(socket: Socket, take: (socket: Socket) => void): void {
  const hasEnded = socket.readableEnded
  take(socket)
  if (hasEnded) process.nextTick(tellEnd, socket)
}

function tellEnd(socket: Socket): void {
  if (!socket.destroyed) socket.emit('end')
}
