/**
 * Sends lines over the one lasting connection to carbon, and holds them while there is none or while carbon is slow.
 *
 * A line leaves the queue when it is handed to the connection. What the network loses with a connection that breaks is not sent again:
 * every line is sent at most once.
 *
 * @module
 */
import type { Duplex } from 'node:stream'
import type { ClientService } from '@sennit/client'
import type { Duration } from '@sennit/interfaces'
import type { DuplexProtocol } from '@sennit/protocol'
import { CarbonQueue } from './carbon-queue.ts'

const LINES_PER_WRITE = 500

/** Feeds a client service from a bounded queue. */
export class CarbonWriter {
  readonly queue: CarbonQueue
  readonly #client: ClientService<DuplexProtocol>
  /** The connection that has too much to send already. */
  #congested: Duplex | undefined

  constructor(client: ClientService<DuplexProtocol>, limit: number) {
    this.#client = client
    this.queue = new CarbonQueue(limit)
    client.onConnectionState(() => this.#write())
  }

  /** Queues lines, and sends what can be sent. */
  send(lines: Iterable<string>): void {
    for (const line of lines) this.queue.push(line)
    this.#write()
  }

  /**
   * Settles when the queue has been handed to the connection.
   *
   * @param options - `timeout` is how long to wait for a connection when there is none
   */
  async sent({
    signal,
    timeout,
  }: {
    readonly signal: AbortSignal
    readonly timeout: Duration
  }): Promise<void> {
    while (this.queue.length > 0) {
      const stream = await this.#client.whenConnected({ signal, timeout })
      this.#write()
      if (this.queue.length > 0) await drained(stream, signal)
    }
  }

  #write(): void {
    const stream = this.#client.current
    if (stream === undefined || stream === this.#congested) return
    while (this.queue.length > 0) {
      if (stream.write(this.queue.take(LINES_PER_WRITE).join(''))) continue
      this.#congested = stream
      stream.once('drain', () => {
        this.#congested = undefined
        this.#write()
      })
      return
    }
  }
}

/** Settles when a stream takes more, or is gone. */
function drained(stream: Duplex, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const settle = (): void => {
      stream.off('drain', settle).off('close', settle)
      signal.removeEventListener('abort', settle)
      if (signal.aborted) reject(signal.reason as Error)
      else resolve()
    }
    stream.once('drain', settle).once('close', settle)
    signal.addEventListener('abort', settle, { once: true })
    if (signal.aborted || stream.destroyed) settle()
  })
}
