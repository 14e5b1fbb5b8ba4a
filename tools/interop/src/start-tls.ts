/**
 * Sennit's side of a conversation that becomes private: the line STARTTLS is answered with GO, and what follows is private.
 *
 * @module
 */
import type { ITLSTransport, StartTLSOptions } from '@sennit/interfaces'
import { LineReceiver } from '@sennit/protocol'
import type { Arrivals } from './arrivals.ts'

/** What it tells when its connection is gone. */
export interface StartTLSReport {
  readonly reason: string
  readonly received: readonly string[]
}

/** What both sides are told. */
export interface StartTLSWishes {
  readonly tls: StartTLSOptions
  /** Sent once it is private, by the side that asks. */
  readonly send?: readonly string[]
  /** Closes after so many lines. */
  readonly until?: number
  /** Answers each line with its reverse. */
  readonly reverse?: boolean
}

/** Either side: a client is one whose options are not those of a server. */
export class StartTLS extends LineReceiver {
  readonly #wishes: StartTLSWishes
  readonly #reports: Arrivals<StartTLSReport>
  readonly #received: string[] = []

  constructor(wishes: StartTLSWishes, reports: Arrivals<StartTLSReport>) {
    super()
    this.#wishes = wishes
    this.#reports = reports
  }

  override connectionMade(): void {
    if (!this.#wishes.tls.isServer) this.sendLine('STARTTLS')
  }

  override lineReceived(line: Buffer): void {
    const text = line.toString()
    if (text === 'STARTTLS') {
      this.sendLine('GO')
      this.#startTLS()
    } else if (text === 'GO') {
      this.#startTLS()
      for (const each of this.#wishes.send ?? []) this.sendLine(each)
    } else {
      this.#received.push(text)
      if (this.#wishes.reverse) this.sendLine(Buffer.from(line.toReversed()))
      if (this.#received.length === this.#wishes.until) this.transport.loseConnection()
    }
  }

  override connectionLost(reason: Error): void {
    super.connectionLost(reason)
    this.#reports.put({ reason: reason.name, received: this.#received })
  }

  /** Whatever came in one chunk with what asked for it belongs to the handshake. */
  #startTLS(): void {
    const transport = this.transport as unknown as ITLSTransport
    transport.startTLS({ ...this.#wishes.tls, received: this.clearLineBuffer() })
  }
}
