/**
 * A reactor on which nothing can be had.
 *
 * Source: Twisted, `twisted/internet/testing.py`, `RaisingMemoryReactor`.
 *
 * @module
 */
import type { IClientFactory, IListeningPort, IReactorTCP, IReactorUDP } from '@sennit/interfaces'
import { DoubleStateError } from './errors.ts'
import type { RecordedConnector } from './recorded-connector.ts'

/** What `RaisingMemoryReactor` throws. */
export interface RaisingMemoryReactorOptions {
  /** What every `listen` rejects with. */
  readonly listenError?: Error | undefined
  /** What every `connect` throws. */
  readonly connectError?: Error | undefined
}

/**
 * Rejects every `listen`, throws from every `connect`.
 *
 * @example
 * ```ts
 * const reactor = new RaisingMemoryReactor({ listenError: new CannotListenError('', 80) })
 * await assert.rejects(reactor.listenTCP(80, factory), { name: 'CannotListenError' })
 * ```
 */
export class RaisingMemoryReactor implements IReactorTCP, IReactorUDP {
  readonly #listenError: Error
  readonly #connectError: Error

  constructor({
    listenError = new DoubleStateError('Cannot listen: this reactor refuses'),
    connectError = new DoubleStateError('Cannot connect: this reactor refuses'),
  }: RaisingMemoryReactorOptions = {}) {
    this.#listenError = listenError
    this.#connectError = connectError
  }

  listenTCP(): Promise<IListeningPort> {
    return Promise.reject(this.#listenError)
  }

  connectTCP(_host: string, _port: number, _factory: IClientFactory): RecordedConnector {
    throw this.#connectError
  }

  listenUDP(): Promise<IListeningPort> {
    return Promise.reject(this.#listenError)
  }
}
