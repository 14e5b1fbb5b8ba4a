/**
 * Runs a stream handler on one connection.
 *
 * | state    | handler returns | handler rejects       | stream closes | abort            |
 * |----------|-----------------|-----------------------|---------------|------------------|
 * | serving  | ending          | logged, cut           | left          | cut              |
 * | ending   | -               | -                     | over          | over, when closed|
 * | cut      | -               | -                     | over, when settled | -           |
 * | left     | over            | logged, over          | -             | -                |
 *
 * @module
 */
import type { Duplex } from 'node:stream'
import type {
  IAddress,
  ICountedTransport,
  IDelayedCall,
  ILog,
  IReactorTime,
  IStreamHandler,
  Seconds,
} from '@sennit/interfaces'
import { asError, isThenable } from '@sennit/runtime/internal'
import { bytesGone } from './bytes-gone.ts'
import { ConnectionAborted } from './connection-errors.ts'
import { ConnectionContext } from './connection-context.ts'
import type { ServedConnection } from './connection-set.ts'
import { cut } from './cut.ts'

/** Options of a `StreamSession`. */
export interface StreamSessionOptions {
  readonly peer: () => IAddress
  readonly host: () => IAddress
  readonly clock: IReactorTime
  readonly log: ILog
  /** Told once, when the handler has settled and the stream is closed; never inside the constructor. */
  readonly ended?: (() => void) | undefined
}

/**
 * How long the other side may take to close after this side has. Closing at once, with bytes unread, would reset the
 * connection and could destroy what was written last.
 */
const LINGER: Seconds = 1

/** Codes with which Node tells a reader or writer that the stream is gone. */
const GONE = new Set(['ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED'])

/**
 * One connection that a stream handler serves.
 *
 * When the handler returns, what was written is flushed and the connection ended; when it rejects, the stream is destroyed
 * and the error logged. After `requestStop`, a rejection with the signal's reason counts as returning.
 */
export class StreamSession implements ServedConnection {
  /** @internal */ seat = -1
  readonly #stream: Duplex
  readonly #options: StreamSessionOptions
  readonly #context: ConnectionContext
  #settled = false
  #closed = false
  #linger: IDelayedCall | undefined

  constructor(handler: IStreamHandler, stream: Duplex, options: StreamSessionOptions) {
    this.#stream = stream
    this.#options = options
    this.#context = new ConnectionContext(options)
    // The handler learns of an error by what it awaits; without a listener, the process would end.
    stream.on('error', () => {})
    if (stream.closed) queueMicrotask(() => this.#onClose())
    else stream.once('close', () => this.#onClose())
    this.#serve(handler)
  }

  get bytesRead(): number {
    return (this.#stream as Partial<ICountedTransport>).bytesRead ?? 0
  }

  get bytesWritten(): number {
    return bytesGone(this.#stream)
  }

  requestStop(): void {
    this.#context.abort()
  }

  abort(): void {
    this.#context.abort()
    cut(this.#stream, new ConnectionAborted())
  }

  #serve(handler: IStreamHandler): void {
    try {
      const result = handler.handleStream(this.#stream, this.#context)
      if (isThenable(result)) {
        result.then(
          () => this.#returned(),
          (error: unknown) => this.#rejected(error),
        )
      } else this.#returned()
    } catch (error) {
      this.#rejected(error)
    }
  }

  #returned(): void {
    const stream = this.#stream
    this.#settled = true
    if (stream.destroyed) return this.#overIfDone()
    stream.end()
    stream.resume()
    if (stream.writableFinished) this.#lingerNow()
    else stream.once('finish', () => this.#lingerNow())
  }

  #rejected(thrown: unknown): void {
    if (this.#context.explains(thrown)) return this.#returned()
    const stream = this.#stream
    const error = asError(thrown)
    this.#settled = true
    this.#report(error)
    if (stream.destroyed) this.#overIfDone()
    else cut(stream, error)
  }

  #report(error: Error): void {
    const { log } = this.#options
    const isLoss = error === this.#stream.errored || GONE.has((error as { code?: string }).code ?? '')
    const fields = { err: error, peer: this.#peerText() }
    if (this.#stream.destroyed && isLoss) log.debug(fields, 'A connection was lost')
    else log.error(fields, 'A stream handler failed')
  }

  #peerText(): string | undefined {
    try {
      return this.#context.peer.toString()
    } catch {
      // A socket that is gone may not know its peer any more.
      return undefined
    }
  }

  #lingerNow(): void {
    const stream = this.#stream
    if (stream.destroyed) return
    if (stream.readableEnded) stream.destroy()
    else this.#linger = this.#options.clock.callLater(LINGER, () => stream.destroy())
  }

  #onClose(): void {
    this.#closed = true
    if (this.#linger?.active()) this.#linger.cancel()
    this.#overIfDone()
  }

  #overIfDone(): void {
    if (this.#settled && this.#closed) this.#options.ended?.()
  }
}
