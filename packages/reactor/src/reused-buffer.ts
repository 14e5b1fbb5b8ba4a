/**
 * Reading from sockets into one buffer. Left to itself, Node gives each chunk memory of its own that is as large as a chunk can be, and then less of it:
 * with short messages, that is a fifth of what a round trip costs.
 *
 * | read into | a chunk that fills it      | half of it or more | less   |
 * |-----------|----------------------------|--------------------|--------|
 * | `SHARED`  | copied; a fresh one next   | copied             | copied |
 * | a fresh one | given away; a fresh one next | given away; `SHARED` next | copied; `SHARED` next |
 *
 * A chunk belongs to whoever receives it, so it is copied out of the shared buffer before the next can come. What comes in bulk is not copied.
 *
 * @module
 */
import type { OnReadOpts, Socket } from 'node:net'

/** How much comes at once at most, as with Node's own buffers. */
const SIZE = 64 * 1024

/** One serves all sockets, as it is filled and emptied in one go. */
const SHARED: Buffer = /* @__PURE__ */ Buffer.allocUnsafeSlow(SIZE)

/** What a socket is to read into from now on: a new one the shared buffer, another what its last chunk has led to; the same as before when `undefined`. */
let next: Buffer | undefined = SHARED

/** For sockets that are only listened to (`'data'`): nothing else that streams can do works with them. */
export const reusedBuffer: OnReadOpts = {
  buffer(): Uint8Array {
    const buffer = next
    next = SHARED
    // Node's types do not know that nothing need be said.
    return buffer as Buffer
  },
  callback(this: unknown, length: number, buffer: Buffer): boolean {
    const isShared = buffer === SHARED
    const data = isShared || length < SIZE / 2 ? copied(buffer, length) : buffer.subarray(0, length)
    // Node calls it as a method of the socket.
    ;(this as Socket).emit('data', data)
    // Behind the listeners, who may have made a socket.
    if (length === SIZE) next = Buffer.allocUnsafeSlow(SIZE)
    else next = isShared ? undefined : SHARED
    return true
  },
}

function copied(buffer: Buffer, length: number): Buffer {
  const data = Buffer.allocUnsafe(length)
  buffer.copy(data, 0, 0, length)
  return data
}
