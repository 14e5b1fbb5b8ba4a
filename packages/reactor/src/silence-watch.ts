/**
 * Finds the connections of a port on which nothing comes, or nothing comes or goes.
 *
 * Nothing is done per chunk: the counters of all connections are read a few times within the time allowed. So it holds for
 * every kind of handler, also for one that has the socket to itself.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { IDelayedCall, IReactorTime, Seconds } from '@sennit/interfaces'
import { Seats } from '@sennit/runtime/internal'

/** How often the counters are read within the time allowed; a connection lives at most so much of it too long. */
const LOOKS = 4

/** What the counters said last. */
interface Counted {
  received: number
  written: number
  pending: number
}

interface Watched extends Counted {
  readonly socket: Socket
  readonly close: () => void
  since: Seconds
  /** Less than 0 when it is no longer watched. */
  seat: number
}

/** Whether something has happened since the last look; it keeps what the counters say. */
export type Happened = (socket: Socket, counted: Counted) => boolean

/** The connections of one port. */
export class SilenceWatch {
  readonly #clock: IReactorTime
  readonly #timeout: Seconds
  readonly #happened: Happened
  readonly #watched = new Seats<Watched>()
  #timer: IDelayedCall | undefined

  /** @param timeout - in seconds; not infinite */
  constructor(clock: IReactorTime, timeout: Seconds, happened: Happened) {
    this.#clock = clock
    this.#timeout = timeout
    this.#happened = happened
  }

  /** Watches a socket until it is closed. */
  add(socket: Socket, close: () => void): void {
    const since = this.#clock.seconds()
    const watched: Watched = { socket, close, received: 0, written: 0, pending: 0, since, seat: -1 }
    watched.seat = this.#watched.take(watched)
    socket.once('close', () => this.#delete(watched))
    this.#timer ??= this.#clock.callLater(this.#timeout / LOOKS, this.#look)
  }

  #delete(watched: Watched): void {
    if (watched.seat < 0) return
    this.#watched.leave(watched.seat)
    watched.seat = -1
    if (this.#watched.size > 0) return
    if (this.#timer?.active()) this.#timer.cancel()
    this.#timer = undefined
  }

  readonly #look = (): void => {
    this.#timer = this.#clock.callLater(this.#timeout / LOOKS, this.#look)
    const now = this.#clock.seconds()
    for (const watched of this.#watched.present()) {
      if (this.#happened(watched.socket, watched)) watched.since = now
      // After a stall of the loop, what has come meanwhile has yet to be read: one turn lets it in.
      else if (now - watched.since >= this.#timeout) setImmediate(() => this.#closeIfStill(watched))
    }
  }

  #closeIfStill(watched: Watched): void {
    if (watched.seat < 0) return
    if (this.#happened(watched.socket, watched)) {
      watched.since = this.#clock.seconds()
      return
    }
    this.#delete(watched)
    watched.close()
  }
}

/** As much of a socket's handle as is looked at. */
interface Handle {
  readonly writeQueueSize?: number
  readonly reading?: boolean
}

function handleOf(socket: Socket): Handle | null | undefined {
  return (socket as { _handle?: Handle | null })._handle
}

/** Whether something has come or gone. */
export function hasMoved(socket: Socket, counted: Counted): boolean {
  const { bytesRead, bytesWritten } = socket
  // How much of a long write is still to go is known to the handle only; without it, long writes count as a whole.
  const pending = socket.writableLength + (handleOf(socket)?.writeQueueSize ?? 0)
  const moved =
    bytesRead !== counted.received || bytesWritten !== counted.written || pending !== counted.pending
  counted.received = bytesRead
  counted.written = bytesWritten
  counted.pending = pending
  return moved
}

/** Whether something has come, or nobody here wanted to read: what is not read cannot come. */
export function hasReceived(socket: Socket, counted: Counted): boolean {
  const { bytesRead } = socket
  const received = bytesRead !== counted.received || handleOf(socket)?.reading === false
  counted.received = bytesRead
  return received
}
