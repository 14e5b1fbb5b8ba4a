/**
 * Ending a stream so that the other side cannot take what it got for the whole.
 *
 * @module
 */
import type { Duplex } from 'node:stream'

/** A stream that may know how to end so. */
type Cuttable = Duplex & { readonly resetAndDestroy?: () => unknown }

/**
 * Drops what is buffered, and resets the connection; closes it when all was sent and its end announced, and where there is no
 * reset, as over UNIX sockets.
 */
export function cut(stream: Cuttable, reason?: Error): void {
  if (stream.destroyed) return
  // The system refuses to reset what it is shutting down.
  const isEnding = stream.writableEnded && stream.writableLength === 0
  if (typeof stream.resetAndDestroy !== 'function' || isEnding) {
    stream.destroy(reason)
    return
  }
  try {
    stream.resetAndDestroy()
  } catch {
    stream.destroy(reason)
  }
}
