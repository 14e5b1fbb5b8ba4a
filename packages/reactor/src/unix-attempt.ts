/**
 * One attempt to connect to a path.
 *
 * | event                          | next                                                      |
 * |--------------------------------|-----------------------------------------------------------|
 * | it stands                      | done                                                      |
 * | too many wait to be accepted   | tried again a little later, as long as the connector waits |
 * | it fails                       | done, with the error                                      |
 * | given up                       | nothing is told any more; what is on its way is closed    |
 *
 * Source: Twisted, `twisted/internet/unix.py`, `Client`.
 *
 * @module
 */
import { connect, type NetConnectOpts, type Socket } from 'node:net'
import type { DuplexOptions } from 'node:stream'
import type { IDelayedCall, IReactorTime, Seconds } from '@sennit/interfaces'
import { BadFileError, type UNIXAddress } from '@sennit/protocol'
import { HIGH_WATER_MARK } from './producer-slot.ts'
import { reusedBuffer } from './reused-buffer.ts'
import type { Attempt, AttemptOutcome } from './stream-connector.ts'
import { isHeld, lockOf } from './unix-lock.ts'

/** The time until a full queue is tried again. */
const RETRY: Seconds = 0.01

/** Where to connect to, and how. */
export interface UNIXAttemptOptions {
  readonly destination: UNIXAddress
  /** Connects only when the path's lock names a process that lives. */
  readonly checkPID: boolean
  readonly clock: IReactorTime
}

/** Begins at once. */
export class UNIXAttempt implements Attempt {
  readonly #options: UNIXAttemptOptions
  readonly #outcome: AttemptOutcome
  #socket: Socket | undefined
  #timer: IDelayedCall | undefined

  constructor(options: UNIXAttemptOptions, outcome: AttemptOutcome) {
    this.#options = options
    this.#outcome = outcome
    const { destination, checkPID, clock } = options
    const { path } = destination
    if (!checkPID || isHeld(lockOf(path))) this.#connect()
    else {
      const unheld = new BadFileError(`no process that lives holds ${lockOf(path)}`, { address: path })
      this.#timer = clock.callLater(0, () => outcome.failed(unheld))
    }
  }

  cancel(): void {
    this.#socket?.destroy()
    this.#socket = undefined
    if (this.#timer?.active()) this.#timer.cancel()
  }

  readonly #connect = (): void => {
    const { destination, clock } = this.#options
    const options: NetConnectOpts & DuplexOptions = {
      path: destination.path,
      allowHalfOpen: true,
      highWaterMark: HIGH_WATER_MARK,
      onread: reusedBuffer,
    }
    const socket = connect(options)
    this.#socket = socket
    const failed = (error: NodeJS.ErrnoException) => {
      if (this.#socket !== socket) return
      this.#socket = undefined
      // Unlike TCP, the system does not wait when the other side's queue is full.
      if (error.code === 'EAGAIN') this.#timer = clock.callLater(RETRY, this.#connect)
      else this.#outcome.failed(error)
    }
    socket.on('error', failed)
    socket.once('connect', () => {
      if (this.#socket !== socket) return
      socket.off('error', failed)
      this.#outcome.connected(socket, destination)
    })
  }
}
