/**
 * The reactor under an application: it runs as long as the application does, so that its events happen, and who stops it stops the application.
 *
 * | state  | begin                                       | others stop or crash it | end                               |
 * |--------|---------------------------------------------|-------------------------|-----------------------------------|
 * | idle   | running; shared when somebody else runs it, or it can run no more | - | -                         |
 * | running| -                                           | the application is told | it is stopped; settles after that |
 * | shared | -                                           | the application is told of a stop | it is left as it is     |
 *
 * Source: Twisted, `twisted/application/app.py`, `startApplication`, `runReactorWithLogging`.
 *
 * @module
 */
import type { IReactorCore, ISystemEvents, SystemEventTrigger } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'

type Drivable = IReactorCore & ISystemEvents

const MEMBERS = ['run', 'stop', 'addSystemEventTrigger', 'removeSystemEventTrigger'] as const

/** Drives a reactor, if it can be driven. */
export class ReactorDrive {
  readonly #reactor: Drivable | undefined
  readonly #onStop: () => void | Promise<void>
  #trigger: SystemEventTrigger | undefined
  #ran: Promise<void> | undefined
  /** Whether somebody else runs it. */
  #shared = false
  #ending = false

  /** @param onStop - somebody else stops the reactor; it waits for what is promised before it closes what is open */
  constructor(reactor: unknown, onStop: () => void | Promise<void>) {
    this.#reactor = hasRole<Drivable>(reactor, MEMBERS) ? reactor : undefined
    this.#onStop = onStop
  }

  begin(): void {
    const reactor = this.#reactor
    if (reactor === undefined) return
    this.#trigger = reactor.addSystemEventTrigger('before', 'shutdown', () => {
      this.#trigger = undefined
      return this.#onStop()
    })
    this.#shared = reactor.running
    this.#ran = reactor.run().then(
      () => {
        // A crash fires nothing.
        if (!this.#ending) void this.#onStop()
      },
      () => {
        this.#shared = true
      },
    )
  }

  /** Settles after the shutdown of a reactor that was run here. */
  async end(): Promise<void> {
    this.#ending = true
    const reactor = this.#reactor
    if (reactor === undefined) return
    if (this.#trigger !== undefined) reactor.removeSystemEventTrigger(this.#trigger)
    this.#trigger = undefined
    if (this.#shared) return
    try {
      reactor.stop()
    } catch {
      // Somebody else has stopped it.
    }
    await this.#ran
  }
}
