/**
 * The base class of what builds protocols.
 *
 * Source: Twisted, `twisted/internet/protocol.py`, `Factory`.
 * Differs: the further arguments of `forProtocol` are for the protocol; the use of a factory is logged only when it is
 * given a log.
 *
 * @module
 */
import type { IAddress, ILog, IProtocol, IProtocolFactory } from '@sennit/interfaces'
import { HandlerError } from './errors.ts'

/** Options of a `Factory`. */
export interface FactoryOptions {
  /** Told, as debug, when the factory comes into use and goes out of it. @defaultValue none */
  readonly log?: ILog | undefined
}

/** A class of protocols. */
export type ProtocolClass<P extends IProtocol, A extends readonly unknown[] = never[]> = new (...args: A) => P

/**
 * Builds a protocol of one class for each connection, and counts the ports and connectors that use it.
 *
 * @example
 * ```ts
 * await reactor.listenTCP(8000, Factory.forProtocol(Echo))
 * ```
 */
export class Factory<P extends IProtocol = IProtocol> implements IProtocolFactory<P> {
  /** The class whose objects `buildProtocol` makes. */
  protocol: ProtocolClass<P> | undefined
  readonly #log: ILog | undefined
  #args: readonly unknown[] = []
  #uses = 0

  constructor({ log }: FactoryOptions = {}) {
    this.#log = log
  }

  /**
   * A factory for a class of protocols.
   *
   * @param protocol - the class
   * @param args - what each new protocol is given
   */
  static forProtocol<P extends IProtocol, A extends readonly unknown[]>(
    protocol: ProtocolClass<P, A>,
    ...args: A
  ): Factory<P> {
    const factory = new this<P>()
    factory.protocol = protocol as unknown as ProtocolClass<P>
    factory.#args = args
    return factory
  }

  /**
   * A new protocol, whose `factory` is this one.
   *
   * @throws HandlerError (`ERR_SENNIT_HANDLER`) when `protocol` is no class
   */
  buildProtocol(_address: IAddress): P | undefined {
    if (typeof this.protocol !== 'function') {
      throw new HandlerError(
        `Cannot build a protocol: the factory's 'protocol' must be a class, got ${String(this.protocol)}`,
      )
    }
    const protocol: P & { factory?: unknown } = new this.protocol(...(this.#args as never[]))
    protocol.factory = this
    return protocol
  }

  doStart(): void {
    if (this.#uses === 0) {
      this.#log?.debug({ factory: this.constructor.name }, 'A factory starts')
      this.startFactory()
    }
    this.#uses++
  }

  doStop(): void {
    if (this.#uses === 0) return
    this.#uses--
    if (this.#uses > 0) return
    this.#log?.debug({ factory: this.constructor.name }, 'A factory stops')
    this.stopFactory()
  }

  /** Comes into use: the first port or connector has begun to use it. */
  startFactory(): void {}

  /** Goes out of use: the last port or connector is gone. */
  stopFactory(): void {}
}
