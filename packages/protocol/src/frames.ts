/**
 * The strings of a stream that have their length before them, and netstrings; and making them.
 *
 * @module
 */
import { assertBytes } from './bytes.ts'
import { ChunkIterator } from './chunk-iterator.ts'
import { framed, type Framing, netstringFraming, prefixFraming } from './framing.ts'
import { IncompleteStringError } from './framing-errors.ts'
import { StringCutter, type StringOptions } from './string-cutter.ts'

/** Options of `netstrings`. */
export interface NetstringsOptions extends StringOptions {
  /** Ends the reading; the iteration then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined
}

/** Options of `frame`. */
export interface FrameOptions {
  /** The bytes that the length before each string takes, from 1 to 6; the highest byte comes first. @defaultValue 4 */
  readonly prefixLength?: number | undefined
}

/** Options of `frames`. */
export interface FramesOptions extends NetstringsOptions, FrameOptions {}

/**
 * The strings of a stream that have their length before them.
 *
 * The stream is not destroyed when the iteration is left early: it is paused, and what was not handed out can be read from
 * it. (This needs a Node stream; any other iterable is closed.)
 *
 * @param from - a Node stream, or an async iterable of bytes
 * @throws StringLengthError (`ERR_SENNIT_STRING_LENGTH`) after the strings before one that is too long
 * @throws IncompleteStringError (`ERR_SENNIT_INCOMPLETE_STRING`) when the stream ends in the middle of a string
 * @throws PrefixLengthError (`ERR_SENNIT_PREFIX_LENGTH`), MaxLengthError (`ERR_SENNIT_MAX_LENGTH`) at once
 * @throws the signal's reason when it is aborted
 * @throws the stream's error when it ends with one; a `ConnectionLost` (`ERR_STREAM_PREMATURE_CLOSE`) when it is closed
 *   before its end
 * @example
 * ```ts
 * for await (const request of frames(socket, { maxLength: 4096 })) socket.write(frame(request))
 * ```
 */
export function frames(
  from: AsyncIterable<Uint8Array | string>,
  { prefixLength = 4, signal, maxLength }: FramesOptions = {},
): AsyncIterableIterator<Buffer> {
  return new StringIterator(from, prefixFraming(prefixLength), maxLength, signal)
}

/**
 * The netstrings of a stream: `5:hello,`.
 *
 * The stream is left as `frames` leaves it.
 *
 * @param from - a Node stream, or an async iterable of bytes
 * @throws NetstringParseError (`ERR_SENNIT_NETSTRING`) when something comes that is none
 * @throws StringLengthError, IncompleteStringError, MaxLengthError, and the others that `frames` throws
 * @example
 * ```ts
 * for await (const request of netstrings(socket)) socket.write(netstring(request))
 * ```
 */
export function netstrings(
  from: AsyncIterable<Uint8Array | string>,
  { signal, maxLength }: NetstringsOptions = {},
): AsyncIterableIterator<Buffer> {
  return new StringIterator(from, netstringFraming, maxLength, signal)
}

/**
 * A string with its length before it, to be written to a stream.
 *
 * @throws StringTooLongError (`ERR_SENNIT_STRING_TOO_LONG`) when its length does not fit before it
 * @throws BytesError (`ERR_SENNIT_BYTES`) when it is neither bytes nor text
 * @throws PrefixLengthError (`ERR_SENNIT_PREFIX_LENGTH`)
 * @example
 * ```ts
 * frame('hello', { prefixLength: 2 }) // <Buffer 00 05 68 65 6c 6c 6f>
 * ```
 */
export function frame(string: Uint8Array | string, { prefixLength = 4 }: FrameOptions = {}): Buffer {
  return joined(string, prefixFraming(prefixLength))
}

/**
 * A netstring, to be written to a stream.
 *
 * @throws BytesError (`ERR_SENNIT_BYTES`) when it is neither bytes nor text
 * @example
 * ```ts
 * netstring('hello').toString() // '5:hello,'
 * ```
 */
export function netstring(string: Uint8Array | string): Buffer {
  return joined(string, netstringFraming)
}

function joined(string: Uint8Array | string, framing: Framing): Buffer {
  const data = typeof string === 'string' ? Buffer.from(string) : string
  assertBytes(data)
  return Buffer.concat(framed(data, framing))
}

class StringIterator extends ChunkIterator<Buffer> {
  readonly #cutter: StringCutter
  #ended = false
  #fault: Error | undefined

  constructor(
    from: AsyncIterable<Uint8Array | string>,
    framing: Framing,
    maxLength: number | undefined,
    signal: AbortSignal | undefined,
  ) {
    super(from, signal)
    this.#cutter = new StringCutter(framing, { maxLength })
  }

  protected override get fault(): Error | undefined {
    return this.#fault
  }

  protected override push(chunk: Buffer): void {
    this.#cutter.append(chunk)
  }

  protected override last(): void {
    this.#ended = true
  }

  protected override shift(): Buffer | undefined {
    if (this.#fault !== undefined) return undefined
    const string = this.#cutter.cut()
    if (string === undefined) this.#fault = this.#cutter.takeError() ?? this.#incomplete()
    return string
  }

  protected override takeBack(): readonly Buffer[] {
    return [this.#cutter.takeAll()]
  }

  #incomplete(): Error | undefined {
    return this.#ended && this.#cutter.length > 0 ? new IncompleteStringError() : undefined
  }
}
