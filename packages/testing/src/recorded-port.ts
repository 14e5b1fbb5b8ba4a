/**
 * The listening port of `MemoryReactor`.
 *
 * Source: Twisted, `twisted/internet/testing.py`, `_FakePort`.
 *
 * @module
 */
import type { IAddress, IListeningPort } from '@sennit/interfaces'

/** Says where it would listen, and records what it is told. */
export class RecordedPort implements IListeningPort {
  /** `serve` was called. */
  serving = false
  /** `stopListening` was called. */
  stopped = false
  readonly #host: IAddress

  constructor(host: IAddress) {
    this.#host = host
  }

  getHost(): IAddress {
    return this.#host
  }

  serve(): void {
    this.serving = true
  }

  stopListening(): Promise<void> {
    this.stopped = true
    return Promise.resolve()
  }
}
