/**
 * Lets the connections of trusted proxies in, gives each its time for the header, and counts the others.
 *
 * @module
 */
import type { IAddress, IDelayedCall, ILog, IReactorTime, Seconds } from '@sennit/interfaces'
import { ProxyHeaderError } from './errors.ts'
import { type ProxyHeader, ProxyHeaderReader } from './proxy-header.ts'
import type { TrustedNetworks } from './trusted-networks.ts'

/** The time between two log entries about connections that are refused. */
const COMPLAINT_INTERVAL: Seconds = 10

/** Options of a `ProxyGate`. */
export interface ProxyGateOptions {
  readonly trusted: TrustedNetworks
  /** How long a header may take. */
  readonly headerTimeout: Seconds
  readonly clock: IReactorTime
  readonly log: ILog
}

/** What becomes of one beginning of a connection: one of the two, once. */
export interface PrefaceOutcome {
  /** The header is there. */
  read(header: ProxyHeader): void
  /** There is none in time, or none that can be used. */
  refused(error: ProxyHeaderError): void
}

/** The gate of one port. */
export class ProxyGate {
  /** How many connections came from somebody else. */
  untrusted = 0
  /** How many began with something else than a header. */
  invalid = 0
  readonly log: ILog
  readonly clock: IReactorTime
  readonly headerTimeout: Seconds
  readonly #trusted: TrustedNetworks
  #complainedAt = -Infinity

  constructor({ trusted, headerTimeout, clock, log }: ProxyGateOptions) {
    this.#trusted = trusted
    this.headerTimeout = headerTimeout
    this.clock = clock
    this.log = log
  }

  /** Whether a connection of that proxy may come in. */
  admits(proxy: IAddress): boolean {
    if (this.#trusted.has(proxy)) return true
    this.untrusted++
    this.#complain(
      { peer: proxy.toString(), untrusted: this.untrusted },
      'A connection of no trusted proxy is refused',
    )
    return false
  }

  /** Counts one that is refused. */
  refuse(proxy: IAddress, error: ProxyHeaderError): void {
    this.invalid++
    this.#complain({ err: error, peer: proxy.toString() }, 'A connection without a PROXY header is refused')
  }

  #complain(fields: object, message: string): void {
    const now = this.clock.seconds()
    const isNew = now - this.#complainedAt >= COMPLAINT_INTERVAL
    if (isNew) this.#complainedAt = now
    this.log[isNew ? 'warn' : 'debug'](fields, message)
  }
}

/** The beginning of one connection, up to the end of the header. */
export class ProxyPreface {
  readonly #gate: ProxyGate
  readonly #proxy: IAddress
  readonly #outcome: PrefaceOutcome
  readonly #reader = new ProxyHeaderReader()
  readonly #deadline: IDelayedCall
  #over = false

  constructor(gate: ProxyGate, proxy: IAddress, outcome: PrefaceOutcome) {
    this.#gate = gate
    this.#proxy = proxy
    this.#outcome = outcome
    const { headerTimeout } = gate
    this.#deadline = gate.clock.callLater(headerTimeout, () =>
      this.#refuse(new ProxyHeaderError(`be there within ${headerTimeout} s`)),
    )
  }

  /** Takes the next chunk. */
  push(chunk: Uint8Array): void {
    if (this.#over) return
    let header: ProxyHeader | undefined
    try {
      header = this.#reader.push(chunk)
    } catch (error) {
      this.#refuse(error as ProxyHeaderError)
      return
    }
    if (!header) return
    this.stop()
    this.#outcome.read(header)
  }

  /** The connection has ended, or nobody wants the header any more. */
  stop(): void {
    this.#over = true
    if (this.#deadline.active()) this.#deadline.cancel()
  }

  get over(): boolean {
    return this.#over
  }

  #refuse(error: ProxyHeaderError): void {
    this.stop()
    this.#gate.refuse(this.#proxy, error)
    this.#outcome.refused(error)
  }
}
