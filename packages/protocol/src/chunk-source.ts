/**
 * Where `lines` takes its chunks from: a Node stream, or any other async iterable. A chunk comes only when it was asked for.
 *
 * @module
 */
import type { Readable } from 'node:stream'
import { hasRole } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import { asBuffer } from './bytes.ts'
import { ConnectionLost } from './connection-errors.ts'

/** Told what a source yields; each `pull` is answered by one call, inside it or later. */
export interface ChunkSink {
  chunk(chunk: Buffer): void
  end(): void
  fail(error: Error): void
}

/** Yields chunks on demand. */
export interface ChunkSource {
  /** Asks for one chunk. */
  pull(): void
  /** Takes nothing more from the source, and gives back what was taken too much, where that is possible. */
  close(rest: readonly Buffer[]): void
}

/** A source of chunks. */
export function chunkSource(from: AsyncIterable<Uint8Array | string>, sink: ChunkSink): ChunkSource {
  if (hasRole<Readable>(from, ['on', 'pause', 'resume', 'unshift'])) return new ReadableSource(from, sink)
  return new IterableSource(from, sink)
}

function bytesOf(chunk: Uint8Array | string): Buffer {
  return typeof chunk === 'string' ? Buffer.from(chunk) : asBuffer(chunk)
}

/** Reads a stream by its events, which costs no promise; the stream is paused while nothing is asked for. */
class ReadableSource implements ChunkSource {
  readonly #stream: Readable
  readonly #sink: ChunkSink
  #queue: Buffer[] = []
  #asked = false
  #attached = false
  /** Says how the stream ended, once it has. */
  #last: (() => void) | undefined

  constructor(stream: Readable, sink: ChunkSink) {
    this.#stream = stream
    this.#sink = sink
  }

  pull(): void {
    this.#attach()
    const chunk = this.#queue.shift()
    if (chunk !== undefined) this.#sink.chunk(chunk)
    else if (this.#last !== undefined) this.#last()
    else {
      this.#asked = true
      if (this.#stream.readableFlowing !== true) this.#stream.resume()
    }
  }

  close(rest: readonly Buffer[]): void {
    const stream = this.#stream
    const back = [...rest, ...this.#queue]
    this.#queue = []
    this.#asked = false
    if (this.#attached) {
      stream.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onError)
      stream.off('close', this.#onClose)
    }
    if (stream.destroyed || stream.readableEnded) return
    if (this.#attached) stream.pause()
    const bytes = back.length === 1 ? back[0]! : Buffer.concat(back)
    const encoding = stream.readableEncoding
    if (bytes.length > 0)
      stream.unshift(encoding === null ? bytes : bytes.toString(encoding), encoding ?? undefined)
  }

  #attach(): void {
    if (this.#attached) return
    this.#attached = true
    const stream = this.#stream
    if (stream.readableEnded) this.#last = () => this.#sink.end()
    else if (stream.closed) this.#onClose()
    else {
      stream.on('end', this.#onEnd).on('error', this.#onError).on('close', this.#onClose)
      stream.on('data', this.#onData)
    }
  }

  readonly #onData = (chunk: Uint8Array | string): void => {
    const bytes = bytesOf(chunk)
    if (this.#asked) {
      this.#asked = false
      this.#sink.chunk(bytes)
    } else {
      this.#queue.push(bytes)
      this.#stream.pause()
    }
  }

  readonly #onEnd = (): void => this.#finish(() => this.#sink.end())

  readonly #onError = (error: Error): void => this.#finish(() => this.#sink.fail(error))

  readonly #onClose = (): void => {
    const error =
      this.#stream.errored ??
      new ConnectionLost('the stream was closed before its end', { code: 'ERR_STREAM_PREMATURE_CLOSE' })
    this.#finish(() => this.#sink.fail(error))
  }

  #finish(last: () => void): void {
    this.#last ??= last
    if (!this.#asked) return
    this.#asked = false
    this.#last()
  }
}

/** Reads an async iterable, with the promise that each of its chunks costs anyway. */
class IterableSource implements ChunkSource {
  readonly #iterator: AsyncIterator<Uint8Array | string>
  readonly #sink: ChunkSink

  constructor(from: AsyncIterable<Uint8Array | string>, sink: ChunkSink) {
    this.#iterator = from[Symbol.asyncIterator]()
    this.#sink = sink
  }

  pull(): void {
    const sink = this.#sink
    this.#iterator.next().then(
      ({ done, value }) => (done === true ? sink.end() : sink.chunk(bytesOf(value))),
      (error: unknown) => sink.fail(asError(error)),
    )
  }

  close(): void {
    this.#iterator.return?.().then(undefined, () => {})
  }
}
