/**
 * A reactor on which nothing can be had.
 *
 * Source: Twisted, `twisted/internet/testing.py`, `RaisingMemoryReactor`.
 *
 * @module
 */
import type {
  IDatagramConnector,
  IListeningPort,
  IReactorMulticast,
  IReactorSocket,
  IReactorSSL,
  IReactorTCP,
  IReactorUDP,
  IReactorUNIX,
  IReactorUNIXDatagram,
} from '@sennit/interfaces'
import { DoubleStateError } from './errors.ts'
import type { RecordedConnector } from './recorded-connector.ts'

/** What `RaisingMemoryReactor` throws. */
export interface RaisingMemoryReactorOptions {
  /** What every `listen`, and every adoption of a port, rejects with. */
  readonly listenError?: Error | undefined
  /** What every `connect`, and every adoption of a connection, throws. */
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
export class RaisingMemoryReactor
  implements
    IReactorTCP,
    IReactorSSL,
    IReactorUNIX,
    IReactorUDP,
    IReactorMulticast,
    IReactorUNIXDatagram,
    IReactorSocket
{
  readonly #listenError: Error
  readonly #connectError: Error

  constructor({
    listenError = new DoubleStateError('Cannot listen: this reactor refuses'),
    connectError = new DoubleStateError('Cannot connect: this reactor refuses'),
  }: RaisingMemoryReactorOptions = {}) {
    this.#listenError = listenError
    this.#connectError = connectError
  }

  listenTCP(..._call: unknown[]): Promise<IListeningPort> {
    return Promise.reject(this.#listenError)
  }

  connectTCP(..._call: unknown[]): RecordedConnector {
    throw this.#connectError
  }

  listenSSL(..._call: unknown[]): Promise<IListeningPort> {
    return Promise.reject(this.#listenError)
  }

  connectSSL(..._call: unknown[]): RecordedConnector {
    throw this.#connectError
  }

  listenUNIX(..._call: unknown[]): Promise<IListeningPort> {
    return Promise.reject(this.#listenError)
  }

  connectUNIX(..._call: unknown[]): RecordedConnector {
    throw this.#connectError
  }

  listenUDP(..._call: unknown[]): Promise<IListeningPort> {
    return Promise.reject(this.#listenError)
  }

  listenMulticast(..._call: unknown[]): Promise<IListeningPort> {
    return Promise.reject(this.#listenError)
  }

  listenUNIXDatagram(..._call: unknown[]): Promise<IListeningPort> {
    return Promise.reject(this.#listenError)
  }

  connectUNIXDatagram(..._call: unknown[]): IDatagramConnector {
    throw this.#connectError
  }

  adoptStreamPort(..._call: unknown[]): Promise<IListeningPort> {
    return Promise.reject(this.#listenError)
  }

  adoptDatagramPort(..._call: unknown[]): Promise<IListeningPort> {
    return Promise.reject(this.#listenError)
  }

  adoptStreamConnection(..._call: unknown[]): undefined {
    throw this.#connectError
  }
}
