/**
 * Finds the connections of a port on which nothing comes or goes.
 *
 * Nothing is done per chunk: the counters of all connections are read a few times within the time allowed. So it holds for
 * every kind of handler, also for one that has the socket to itself.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { IDelayedCall, IReactorTime, Seconds } from '@sennit/interfaces'

/** How often the counters are read within the time allowed; a connection lives at most so much of it too long. */
const LOOKS = 4

interface Watched {
  readonly close: () => void
  received: number
  written: number
  pending: number
  since: Seconds
}

/** The connections of one port. */
export class IdleWatch {
  readonly #clock: IReactorTime
  readonly #timeout: Seconds
  readonly #sockets = new Map<Socket, Watched>()
  #timer: IDelayedCall | undefined

  /** @param timeout - in seconds; not infinite */
  constructor(clock: IReactorTime, timeout: Seconds) {
    this.#clock = clock
    this.#timeout = timeout
  }

  /** Watches a socket until it is closed. */
  add(socket: Socket, close: () => void): void {
    this.#sockets.set(socket, { close, received: 0, written: 0, pending: 0, since: this.#clock.seconds() })
    socket.once('close', () => this.#delete(socket))
    this.#timer ??= this.#clock.callLater(this.#timeout / LOOKS, this.#look)
  }

  #delete(socket: Socket): void {
    this.#sockets.delete(socket)
    if (this.#sockets.size > 0) return
    if (this.#timer?.active()) this.#timer.cancel()
    this.#timer = undefined
  }

  readonly #look = (): void => {
    this.#timer = this.#clock.callLater(this.#timeout / LOOKS, this.#look)
    const now = this.#clock.seconds()
    for (const [socket, watched] of this.#sockets) {
      if (hasMoved(socket, watched)) watched.since = now
      // After a stall of the loop, what has come meanwhile has yet to be read: one turn lets it in.
      else if (now - watched.since >= this.#timeout) setImmediate(() => this.#closeIfStill(socket, watched))
    }
  }

  #closeIfStill(socket: Socket, watched: Watched): void {
    if (!this.#sockets.has(socket)) return
    if (hasMoved(socket, watched)) {
      watched.since = this.#clock.seconds()
      return
    }
    this.#delete(socket)
    watched.close()
  }
}

/** Whether something has come or gone since the last look. */
function hasMoved(socket: Socket, watched: Watched): boolean {
  const { bytesRead, bytesWritten } = socket
  // How much of a long write is still to go is known to the handle only; without it, long writes count as a whole.
  const handle = (socket as { _handle?: { writeQueueSize?: number } | null })._handle
  const pending = socket.writableLength + (handle?.writeQueueSize ?? 0)
  const moved =
    bytesRead !== watched.received || bytesWritten !== watched.written || pending !== watched.pending
  watched.received = bytesRead
  watched.written = bytesWritten
  watched.pending = pending
  return moved
}
