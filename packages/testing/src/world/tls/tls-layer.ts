/**
 * What makes one end of a simulated connection private: a handshake, then records.
 *
 * | state   | start            | record of a handshake        | write | data comes  | alert or nonsense comes | end comes | time is over |
 * |---------|------------------|------------------------------|-------|-------------|-------------------------|-----------|--------------|
 * | talking | the client: hello | heard; maybe secure, or failed | waits | failed      | failed                  | failed    | failed       |
 * | secure  | -                | -                            | sent  | handed on   | failed (1)              | cut (2)   | -            |
 * | over    | -                | -                            | -     | -           | -                       | -         | -            |
 *
 * (1) But for the alert that says the end: it is handed on. (2) Unless it was said before, since somebody may have cut the rest off.
 *
 * @module
 */
import type { Duration, IDelayedCall, IReactorTime, TLSInfo } from '@sennit/interfaces'
import { ConnectionLost, SSLError, sslErrorFrom } from '@sennit/protocol'
import { toSeconds } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import { alertError, HandshakeFailure, wentAway } from './tls-errors.ts'
import { ALERT, DATA, HANDSHAKE, RecordReader, recordsOf } from './tls-records.ts'
import type { TLSSide } from './tls-side.ts'

/** The alert that says the end. */
const CLOSE_NOTIFY = Buffer.from([1, 0])

/** Whose layer it is. */
export interface TLSLayerOwner {
  /** Puts records on the wire, after what was written before. */
  sendRecords(records: Buffer): void
  /** A record of data was opened. */
  opened(chunk: Buffer): void
  /** The other side has said that nothing more will come; or has not, but nothing more comes. */
  openedEnd(truncation?: Error): void
  /** There will be no private connection, or none any more. */
  closeNow(reason: Error): void
}

/** How a layer is begun. */
export interface TLSLayerOptions {
  readonly side: TLSSide
  /** @defaultValue '10s' */
  readonly timeout: Duration | undefined
  readonly clock: IReactorTime
  /** Told when the handshake is done. */
  readonly done: () => void
  /** Makes of what failed the error that the connection is closed with. */
  readonly failed: (error: SSLError) => Error
}

/** Between an end and its wire. */
export class TLSLayer {
  readonly #owner: TLSLayerOwner
  readonly #options: TLSLayerOptions
  readonly #reader = new RecordReader()
  #timer: IDelayedCall | undefined
  #info: TLSInfo | undefined
  #isOver = false
  #isEndSaid = false
  /** What was written during the handshake. */
  #waiting: Buffer[] = []

  constructor(owner: TLSLayerOwner, options: TLSLayerOptions) {
    this.#owner = owner
    this.#options = options
  }

  /** What is known of the connection, once the handshake is done. */
  get info(): TLSInfo | undefined {
    return this.#info
  }

  /** Whether the handshake goes on. */
  get isTalking(): boolean {
    return this.#info === undefined && !this.#isOver
  }

  start(): void {
    const { side, timeout = 10, clock } = this.#options
    const seconds = toSeconds(timeout, 'handshakeTimeout')
    if (seconds !== Infinity) this.#timer = clock.callLater(seconds, () => this.#fail(tooSlow(seconds)))
    const first = side.begin()
    if (first !== undefined) this.#say(first)
  }

  write(data: Uint8Array): void {
    if (this.#info === undefined) this.#waiting.push(Buffer.from(data))
    else this.#owner.sendRecords(recordsOf(DATA, data))
  }

  /**
   * Bytes have come.
   *
   * @returns how many bytes of data were in it, all of which were handed on
   */
  receive(chunk: Buffer): number {
    let size = 0
    const data: Buffer[] = []
    const handOn = () => {
      const whole = Buffer.concat(data.splice(0))
      size += whole.length
      if (whole.length > 0) this.#owner.opened(whole)
    }
    try {
      this.#reader.push(chunk)
      for (let record = this.#next(); record !== undefined; record = this.#next()) {
        const { type, content } = record
        if (type === DATA && this.#info !== undefined) data.push(content)
        else {
          handOn()
          this.#hear(type, content)
        }
      }
      handOn()
    } catch (thrown) {
      if (thrown instanceof HandshakeFailure) this.#refuse(thrown)
      else this.#fail(asError(thrown))
    }
    return size
  }

  /** Says that nothing more will come. */
  sayEnd(): void {
    if (this.#info !== undefined) this.#owner.sendRecords(recordsOf(ALERT, CLOSE_NOTIFY))
  }

  /** The other side has ended. */
  ended(): void {
    if (this.#info === undefined) this.#fail(wentAway())
    else if (!this.#isEndSaid) this.#owner.openedEnd(truncation())
  }

  /** The connection is gone. */
  close(): void {
    this.#isOver = true
    this.#waiting = []
    this.#rest()
  }

  #next(): ReturnType<RecordReader['next']> {
    return this.#isOver ? undefined : this.#reader.next()
  }

  #hear(type: number, content: Buffer): void {
    if (type === ALERT && content[1] === 0 && this.#info !== undefined) {
      this.#isEndSaid = true
      this.#owner.openedEnd()
      return
    }
    if (type !== HANDSHAKE) throw alertError(content[1]!)
    const info = this.#options.side.hear(JSON.parse(content.toString()) as never, (message) =>
      this.#say(message),
    )
    if (info === undefined) return
    this.#info = info
    this.#rest()
    for (const data of this.#waiting.splice(0)) this.#owner.sendRecords(recordsOf(DATA, data))
    this.#options.done()
  }

  #say(message: object): void {
    this.#owner.sendRecords(recordsOf(HANDSHAKE, Buffer.from(JSON.stringify(message))))
  }

  #refuse({ error, alert }: HandshakeFailure): void {
    if (alert !== undefined) this.#owner.sendRecords(recordsOf(ALERT, Buffer.from([2, alert])))
    this.#fail(error)
  }

  #fail(error: Error): void {
    if (this.#isOver) return
    this.close()
    const reason = sslErrorFrom(error)
    this.#owner.closeNow(this.#info === undefined ? this.#options.failed(reason) : lostFrom(reason))
  }

  #rest(): void {
    if (this.#timer?.active()) this.#timer.cancel()
    this.#timer = undefined
  }
}

function tooSlow(seconds: number): SSLError {
  return new SSLError(`the handshake took longer than ${seconds} s`, { code: 'ERR_SENNIT_HANDSHAKE_TIMEOUT' })
}

/** Why a connection is lost that was private. */
export function lostFrom(error: SSLError, what = ''): ConnectionLost {
  const why = error.message.replace(`${SSLError.sentence}: `, '')
  return new ConnectionLost(`${what}${why}`, { code: error.code, cause: error })
}

function truncation(): ConnectionLost {
  const detail =
    'the other side ended it without saying so, as when somebody cuts it; what has come may not be all'
  return new ConnectionLost(detail, { code: 'ERR_SENNIT_TLS_TRUNCATED' })
}
