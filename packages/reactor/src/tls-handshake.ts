/**
 * A handshake that goes on.
 *
 * | event                                            | told    |
 * |--------------------------------------------------|---------|
 * | both sides agree, and trust what they want to    | secured |
 * | they do not, the time is over, the socket closes | failed  |
 * | cancelled                                        | nothing |
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { IDelayedCall, IReactorTime, Seconds } from '@sennit/interfaces'
import { SSLError, sslErrorFrom } from '@sennit/protocol'
import { takeOver } from './take-over.ts'
import { completed } from './tls-socket.ts'

/** What is told of a handshake: one of the two, once, and never inside the call that begins it. */
export interface HandshakeOutcome {
  /** @param socket - in the place of the one underneath */
  secured(socket: TLSSocket): void
  /** The socket underneath is being closed. */
  failed(error: SSLError): void
}

/** How long a handshake may take. */
export interface HandshakeLimit {
  readonly clock: IReactorTime
  /** `Infinity` for no limit. */
  readonly timeout: Seconds
}

/** A side of TLS: what begins handshakes. */
export interface TLSSide {
  /** @param socket - connected; nobody listens for its data */
  begin(socket: Socket, outcome: HandshakeOutcome, limit: HandshakeLimit): Handshake
}

/** One handshake; made by a side. */
export class Handshake {
  /** The socket underneath. */
  readonly socket: Socket
  readonly #outcome: HandshakeOutcome
  readonly #timer: IDelayedCall | undefined
  #over = false

  constructor(socket: Socket, outcome: HandshakeOutcome, { clock, timeout }: HandshakeLimit) {
    this.socket = socket
    this.#outcome = outcome
    // An end within the handshake shall end it. Node copies this to the encrypted socket.
    socket.allowHalfOpen = false
    socket.on('close', this.#onClose)
    if (timeout !== Infinity) this.#timer = clock.callLater(timeout, () => this.#timeOut(timeout))
  }

  done(secure: TLSSocket): void {
    this.#hand(completed(secure, this.socket))
  }

  /**
   * The same, a turn later. Node sends a server's last words of the handshake by itself; an end that is written while they are on
   * their way is never said to the other side, which then takes the connection for cut.
   */
  doneSoon(secure: TLSSocket): void {
    setImmediate(handLater, this, completed(secure, this.socket))
  }

  /** @internal */
  hand(secure: TLSSocket): void {
    // What is gone meanwhile has failed, and is told so.
    if (secure.destroyed) return
    takeOver(secure, () => this.#hand(secure))
  }

  #hand(secure: TLSSocket): void {
    if (!this.#settle()) return
    this.socket.off('close', this.#onClose)
    this.#outcome.secured(secure)
  }

  fail(error: Error): void {
    if (!this.#settle()) return
    this.socket.destroy()
    this.#outcome.failed(sslErrorFrom(error))
  }

  /** Nothing is told any more. What becomes of the socket is the caller's to say. */
  cancel(): void {
    this.#settle()
  }

  #settle(): boolean {
    if (this.#over) return false
    this.#over = true
    if (this.#timer?.active()) this.#timer.cancel()
    return true
  }

  #timeOut(timeout: Seconds): void {
    this.fail(
      new SSLError(`the handshake took longer than ${timeout} s`, { code: 'ERR_SENNIT_HANDSHAKE_TIMEOUT' }),
    )
  }

  /** Node tells why a moment later, when it knows. */
  readonly #onClose = (): void => {
    setImmediate(() =>
      this.fail(new SSLError('the connection ended during the handshake', { code: 'ECONNRESET' })),
    )
  }
}

const handLater = (handshake: Handshake, secure: TLSSocket): void => handshake.hand(secure)
