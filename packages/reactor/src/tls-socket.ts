/**
 * What Node's encrypted sockets lack: they tell when the other side has ended without saying so, can be reset, and close when
 * something is wrong.
 *
 * The end of an encrypted connection is said in the encrypted stream itself (`close_notify`), so that nobody on the way can cut off the
 * rest unnoticed. Node makes the same of both ends. They differ in when the end is told: one that was said is told while
 * the connection underneath is still read, one that was not said when that has been read to its end. Whether it is
 * still read only its handle knows; where Node has none, every end counts as said.
 *
 * Source: Twisted, `twisted/protocols/tls.py`, `TLSMemoryBIOProtocol.connectionLost`.
 *
 * @module
 */
import { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { TLSInfo } from '@sennit/interfaces'
import { ConnectionLost } from '@sennit/protocol'
import { cut } from '@sennit/protocol/internal'

/** Of one event, Node has so many listeners of its own, and its limit shall be for those of others. */
const OWN_LISTENERS = 5

const BELOW = Symbol('below')
const TRUNCATED = Symbol('truncated')
const FAILS = Symbol('fails')

/** An encrypted socket that has gone through `completed`. */
interface Completed extends Socket {
  readonly [BELOW]: Socket
  /** The other side has ended without saying so. */
  [TRUNCATED]?: boolean
  /** It fails when that happens, once all that came has been read. */
  [FAILS]?: boolean
}

/**
 * Completes a socket whose handshake is done.
 *
 * @param below - the socket underneath
 */
export function completed(secure: TLSSocket, below: Socket): TLSSocket {
  const room = secure.getMaxListeners()
  if (room > 0) secure.setMaxListeners(room + OWN_LISTENERS)
  return Object.assign(secure.on('error', close), {
    [BELOW]: below,
    allowHalfOpen: true,
    push,
    resetAndDestroy,
  })
}

/** Makes a socket fail when it is cut: for who reads it as a stream, and takes its end for the end of everything. */
export function failWhenTruncated(socket: Socket): void {
  ;(socket as Completed)[FAILS] = true
  if (isTruncated(socket)) socket.destroy(truncation())
}

/** Whether a socket is encrypted. */
export function isSecure(socket: Socket): socket is TLSSocket {
  return (socket as Partial<TLSSocket>).encrypted === true
}

/** Whether the end of an encrypted socket was not said. */
export function isTruncated(socket: Socket): boolean {
  return (socket as Completed)[TRUNCATED] === true
}

/** Why a connection is lost whose end was not said. */
export function truncation(): ConnectionLost {
  const detail =
    'the other side ended it without saying so, as when somebody cuts it; what has come may not be all'
  return new ConnectionLost(detail, { code: 'ERR_SENNIT_TLS_TRUNCATED' })
}

/** What is known of a socket that is connected and encrypted. */
export function tlsInfoOf(socket: TLSSocket): TLSInfo | undefined {
  const version = socket.getProtocol()
  if (version === null) return undefined
  const { alpnProtocol, authorized } = socket
  const { servername } = socket as { servername?: string | false | null }
  return {
    version,
    alpnProtocol: alpnProtocol || undefined,
    authorized,
    servername: servername || undefined,
    peerCertificate: socket.getPeerX509Certificate()?.raw,
  }
}

/** Node tells that the other side has refused, or cannot be understood any more, and leaves the connection open. */
function close(this: Socket): void {
  this.destroy()
}

/** Node pushes what has come, and `null` at the end. */
function push(this: Completed, chunk: unknown, encoding?: BufferEncoding): boolean {
  if (chunk === null && !wasSaid(this[BELOW])) {
    this[TRUNCATED] = true
    if (this[FAILS] && !isFlushing(this)) return fail(this)
  }
  return Socket.prototype.push.call(this, chunk, encoding)
}

/** Called when the end of an encrypted stream is told: whether the stream underneath is still read. */
function wasSaid(below: Socket): boolean {
  const { _handle: handle } = below as { _handle?: { reading?: boolean; readStart?: () => number } | null }
  // Who does not read has read the end before, so it stood in the encrypted stream.
  if (handle?.reading !== true || handle.readStart === undefined) return true
  // The system is asked to read what it reads already, which it refuses, or what has ended, which changes nothing.
  return handle.readStart() !== 0
}

/** The other side has ended, and is still sent the rest. */
function isFlushing(socket: Socket): boolean {
  return socket.writableEnded && !socket.writableFinished
}

function fail(socket: Completed): boolean {
  if (socket.readableLength === 0) socket.destroy(truncation())
  else Object.assign(socket, { read: readThenFail })
  return false
}

function readThenFail(this: Completed, size?: number): unknown {
  const chunk: unknown = Socket.prototype.read.call(this, size)
  if (this.readableLength === 0) process.nextTick(() => this.destroy(truncation()))
  return chunk
}

/** Node's own refuses, because the handle is no TCP handle. */
function resetAndDestroy(this: Completed): Socket {
  cut(this[BELOW])
  return this
}
