/**
 * One attempt to connect by TCP to one address. What is done for the several addresses of a name would be half of its cost.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { IDelayedCall, IHostPort, IReactorTime } from '@sennit/interfaces'
import { asError } from '@sennit/runtime/internal'
import type { Attempt, AttemptOutcome } from './stream-connector.ts'
import { dialTCP, type TCPSocketOptions } from './tcp-socket.ts'

/** How to connect. */
export interface AddressAttemptOptions extends TCPSocketOptions {
  readonly clock: IReactorTime
}

/** Begins at once. */
export class AddressAttempt implements Attempt {
  readonly #address: IHostPort
  readonly #outcome: AttemptOutcome
  #socket: Socket | undefined
  /** Tells of an attempt that could not even begin. */
  #failing: IDelayedCall | undefined
  #isOver = false

  constructor(address: IHostPort, options: AddressAttemptOptions, outcome: AttemptOutcome) {
    this.#address = address
    this.#outcome = outcome
    try {
      this.#socket = dialTCP(
        address,
        options,
        (socket) => this.#connected(socket),
        (error) => this.#failed(error),
      )
    } catch (thrown) {
      this.#failing = options.clock.callLater(0, () => this.#failed(asError(thrown)))
    }
  }

  cancel(): void {
    this.#isOver = true
    if (this.#failing?.active()) this.#failing.cancel()
    this.#socket?.destroy()
  }

  #connected(socket: Socket): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#outcome.connected(socket, this.#address)
  }

  #failed(error: Error): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#outcome.failed(error)
  }
}
