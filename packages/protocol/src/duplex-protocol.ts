/**
 * A Node stream over a transport: one object that is both a `Duplex` and a protocol.
 *
 * @module
 */
import { Duplex } from 'node:stream'
import type {
  IHalfCloseableProtocol,
  IProtocol,
  IProtocolFactory,
  IPushProducer,
  IStreamTransport,
} from '@sennit/interfaces'
import { ConnectionAborted, ConnectionLost } from './connection-errors.ts'
import { Factory } from './factory.ts'

/** Options of a `DuplexProtocol`. */
export interface DuplexProtocolOptions {
  /** Whether this side may go on writing after the other side has ended. @defaultValue false */
  readonly allowHalfOpen?: boolean | undefined
  /** How many received bytes wait to be read before receiving is paused. @defaultValue Node's */
  readonly readableHighWaterMark?: number | undefined
  /** How many written bytes wait before `write` returns false. @defaultValue Node's */
  readonly writableHighWaterMark?: number | undefined
}

type Callback = (error?: Error | null) => void

const noop = (): void => {}

/**
 * A connection as a Node stream.
 *
 * It behaves like a `net.Socket`: `end()` closes the writing side, the other side's end is the stream's end, `destroy()`
 * aborts the connection, `'close'` comes when the connection is gone, and an unclean loss is the stream's error. Unlike with
 * a socket, an error that nobody listens to does not end the process: `'close'` and `errored` tell it as well.
 */
export class DuplexProtocol extends Duplex implements IProtocol, IHalfCloseableProtocol {
  /** The connection; none before `makeConnection`. */
  transport: IStreamTransport | undefined = undefined
  #lost: Error | undefined
  #inputEnded = false
  /** Whether the transport was told to pause reading. */
  #paused = false
  /** Whether the transport's buffer is above its mark. */
  #full = false
  /** A write, or an end, that waits for the transport: to be there, or to take more. */
  #waiting: (() => void) | undefined
  #finalCallback: Callback | undefined
  #destroyCallback: (() => void) | undefined

  constructor({ allowHalfOpen = false, ...marks }: DuplexProtocolOptions = {}) {
    super({ ...(marks as object), allowHalfOpen })
    this.on('error', noop)
  }

  /** Whether there is a connection. */
  get connected(): boolean {
    return this.transport !== undefined && this.#lost === undefined
  }

  makeConnection(transport: IStreamTransport): void {
    this.transport = transport
    if (this.destroyed) {
      transport.abortConnection()
      return
    }
    const producer: IPushProducer = {
      pauseProducing: () => {
        this.#full = true
      },
      resumeProducing: () => {
        this.#full = false
        this.#proceed()
      },
      stopProducing: noop,
    }
    transport.registerProducer(producer, true)
    this.#proceed()
  }

  dataReceived(data: Uint8Array): void {
    if (this.destroyed || this.#inputEnded) return
    if (this.push(data) || this.#paused) return
    this.#paused = true
    this.transport?.pauseProducing()
  }

  readConnectionLost(): void {
    if (this.destroyed || this.#inputEnded) return
    this.#inputEnded = true
    this.push(null)
    // 'end' comes although nobody reads when nothing is left to be read.
    this.read(0)
  }

  writeConnectionLost(): void {
    const callback = this.#finalCallback
    this.#finalCallback = undefined
    callback?.()
  }

  connectionLost(reason: Error): void {
    this.#lost = reason
    if (this.destroyed) this.#destroyCallback?.()
    else if ((reason as { code?: unknown }).code === 'ERR_SENNIT_CONNECTION_DONE') this.#endCleanly()
    else this.destroy(reason)
  }

  /** @internal */
  override _read(): void {
    if (!this.#paused) return
    this.#paused = false
    this.transport?.resumeProducing()
  }

  /** @internal */
  override _write(chunk: Buffer, encoding: BufferEncoding, callback: Callback): void {
    const transport = this.#transportFor(callback, () => this._write(chunk, encoding, callback))
    if (transport === undefined) return
    transport.write(chunk)
    this.#written(callback)
  }

  /** @internal */
  override _writev(chunks: { chunk: Buffer; encoding: BufferEncoding }[], callback: Callback): void {
    const transport = this.#transportFor(callback, () => this._writev(chunks, callback))
    if (transport === undefined) return
    transport.writeSequence(chunks.map(({ chunk }) => chunk))
    this.#written(callback)
  }

  /** @internal */
  override _final(callback: Callback): void {
    if (this.#lost !== undefined) return callback()
    const transport = this.#transportFor(callback, () => this._final(callback))
    if (transport === undefined) return
    // A transport with a producer does not close before its producer is done.
    transport.unregisterProducer()
    this.#finalCallback = callback
    transport.loseWriteConnection()
  }

  /** @internal */
  override _destroy(error: Error | null, callback: Callback): void {
    const { transport } = this
    if (transport === undefined || this.#lost !== undefined) callback(error)
    else {
      // 'close' comes when the connection is gone.
      this.#destroyCallback = () => callback(error)
      if (error === null && this.writableFinished) transport.loseConnection()
      else transport.abortConnection(error ?? new ConnectionAborted('the stream was destroyed'))
    }
    this.#proceed()
  }

  /** The transport, when it can be written to; else the callback is called, or kept until it can. */
  #transportFor(callback: Callback, again: () => void): IStreamTransport | undefined {
    if (this.#lost !== undefined) {
      callback(new ConnectionLost('nothing more can be written', { code: 'EPIPE' }))
      return undefined
    }
    if (this.transport === undefined) {
      this.#waiting = () => (this.destroyed ? callback(this.errored) : again())
    }
    return this.transport
  }

  #written(callback: Callback): void {
    if (this.#full) this.#waiting = () => callback(this.errored)
    else callback()
  }

  #proceed(): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.()
  }

  #endCleanly(): void {
    this.#full = false
    this.#proceed()
    this.writeConnectionLost()
    this.readConnectionLost()
    // The stream is destroyed, without an error, when both sides have ended.
    if (this.readableEnded) this.end()
    else this.once('end', () => this.end())
  }
}

/**
 * Builds a Node stream for each connection; for clients, since `connect` and `whenConnected` then yield a stream. A server
 * is better served by `handler`.
 *
 * @example
 * ```ts
 * const socket = await endpoint.connect(duplexFactory())
 * socket.write('hello\n')
 * ```
 */
export function duplexFactory(options: DuplexProtocolOptions = {}): IProtocolFactory<DuplexProtocol> {
  return Factory.forProtocol(DuplexProtocol, options)
}
