/**
 * What `MemoryReactor.connectUNIXDatagram` returns.
 *
 * @module
 */
import type { IDatagramConnector, IPathAddress } from '@sennit/interfaces'

/** Says where it would lead, and records what it is told. */
export class RecordedDatagramConnector implements IDatagramConnector {
  /** `disconnect` was called. */
  disconnected = false
  readonly #destination: IPathAddress

  constructor(destination: IPathAddress) {
    this.#destination = destination
  }

  disconnect(): Promise<void> {
    this.disconnected = true
    return Promise.resolve()
  }

  getDestination(): IPathAddress {
    return this.#destination
  }
}
