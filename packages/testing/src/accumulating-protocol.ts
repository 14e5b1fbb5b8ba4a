/**
 * Protocols and producers that tests use.
 *
 * Source: Twisted, `twisted/internet/testing.py`, `AccumulatingProtocol`, `NonStreamingProducer`, `waitUntilAllDisconnected`.
 *
 * @module
 */
import { Protocol } from '@sennit/protocol'

/** Hooks of an `AccumulatingProtocol`. */
export interface AccumulatingHooks {
  readonly onMade?: ((protocol: AccumulatingProtocol) => void) | undefined
  readonly onData?: ((data: Uint8Array, protocol: AccumulatingProtocol) => void) | undefined
  readonly onClosed?: ((reason: Error, protocol: AccumulatingProtocol) => void) | undefined
}

/**
 * Collects what it is told.
 *
 * @example
 * ```ts
 * const port = await reactor.listenTCP(0, Factory.forProtocol(AccumulatingProtocol))
 * ```
 */
export class AccumulatingProtocol extends Protocol {
  /** `connectionMade` was called. */
  made = false
  /** `connectionLost` was called. */
  closed = false
  /** What `connectionLost` was given. */
  closedReason: Error | undefined
  /** Each chunk, as it came. */
  readonly chunks: Uint8Array[] = []
  /** Settles with `connectionMade`. */
  readonly whenMade: Promise<void>
  /** Settles with `connectionLost`, with the reason. */
  readonly whenClosed: Promise<Error>
  readonly #hooks: AccumulatingHooks
  #resolveMade!: () => void
  #resolveClosed!: (reason: Error) => void

  constructor(hooks: AccumulatingHooks = {}) {
    super()
    this.#hooks = hooks
    this.whenMade = new Promise((resolve) => {
      this.#resolveMade = resolve
    })
    this.whenClosed = new Promise((resolve) => {
      this.#resolveClosed = resolve
    })
  }

  /** Everything that has come. */
  get data(): Buffer {
    return Buffer.concat(this.chunks)
  }

  override connectionMade(): void {
    this.made = true
    this.#resolveMade()
    this.#hooks.onMade?.(this)
  }

  override dataReceived(data: Uint8Array): void {
    this.chunks.push(data)
    this.#hooks.onData?.(data, this)
  }

  override connectionLost(reason: Error): void {
    super.connectionLost(reason)
    this.closed = true
    this.closedReason = reason
    this.#resolveClosed(reason)
    this.#hooks.onClosed?.(reason, this)
  }
}
