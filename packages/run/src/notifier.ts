/**
 * Keeps a service manager informed: when the application is ready, when it stops, and that the loop still turns.
 *
 * Source: sd_notify(3), for units with `Type=notify` and `WatchdogSec=`.
 *
 * @module
 */
import type { IDelayedCall, ILog, IReactorTime, Seconds } from '@sennit/interfaces'
import { tell } from '@sennit/runtime/internal'
import type { NotifySettings } from './notify-socket.ts'
import type { MakeNotifyTransport, NotifyTransport } from './notify-transport.ts'

/** What a notifier depends on. */
export interface NotifierOptions {
  readonly settings: NotifySettings
  readonly makeTransport: MakeNotifyTransport
  readonly clock: IReactorTime
  readonly log: () => ILog
}

/** How long the end waits for what was sent to leave. */
export const PATIENCE: Seconds = 2

/** Tells a service manager. What cannot be told is logged once, and changes nothing. */
export class Notifier {
  readonly #transport: NotifyTransport
  readonly #clock: IReactorTime
  #ping: IDelayedCall | undefined

  constructor({ settings, makeTransport, clock, log }: NotifierOptions) {
    this.#clock = clock
    this.#transport = makeTransport(settings.socket, (err) => {
      this.#ping?.cancel()
      this.#ping = undefined
      tell(log(), 'warn', { err, socket: settings.socket }, 'The service manager cannot be told')
    })
    if (settings.watchdog !== undefined) this.#watch(settings.watchdog / 2)
  }

  /** The application has started. */
  ready(): void {
    this.#transport.send('READY=1\nSTATUS=running')
  }

  /** The application is about to stop. */
  stopping(status: string): void {
    this.#transport.send(`STOPPING=1\nSTATUS=${onOneLine(status)}`)
  }

  /** What it does, for people. */
  status(text: string): void {
    this.#transport.send(`STATUS=${onOneLine(text)}`)
  }

  /** Settles when all of it has been sent. */
  async close(): Promise<void> {
    this.#ping?.cancel()
    this.#ping = undefined
    await this.#transport.close()
  }

  /** A loop that does not turn does not tell: that is what the service manager looks for. */
  #watch(interval: Seconds): void {
    this.#ping = this.#clock.callLater(interval, () => {
      this.#watch(interval)
      this.#transport.send('WATCHDOG=1')
    })
  }
}

function onOneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').slice(0, 500)
}
