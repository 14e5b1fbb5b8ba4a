/**
 * One HTTP/2 connection in a drain: first nothing more may begin, then the client is told what had begun, and that is finished.
 *
 * | state    | drain                                | a moment later               | closed    | last stream closed |
 * |----------|--------------------------------------|------------------------------|-----------|--------------------|
 * | serving  | shut: GOAWAY with the highest id     | -                            | -         | -                  |
 * | shut     | -                                    | closing: GOAWAY, the real id | forgotten | -                  |
 * | closing  | -                                    | -                            | -         | ended, by Node     |
 *
 * After any GOAWAY Node serves no new stream, whatever id it names, so that this is not the warning of RFC 9113, 6.8: what comes
 * between the two is refused by the second, and a client may ask elsewhere without fear. One GOAWAY alone would name an id
 * before it is sent; a stream that came in between would be served, and disowned.
 *
 * @module
 */
import type { IReactorTime, Seconds } from '@sennit/interfaces'

/** What is needed of a session of `node:http2`. */
export interface ISession {
  readonly closed: boolean
  readonly destroyed: boolean
  goaway(code: number, lastStreamID: number): void
  close(): void
  once(event: 'close', listener: () => void): unknown
}

/** So long after the first GOAWAY it has been sent. */
const SENT: Seconds = 0.05

/** The highest id that a stream can have. */
const HIGHEST = 2 ** 31 - 1

/** Drains a session. */
export function drainSession(session: ISession, clock: IReactorTime): void {
  if (session.closed || session.destroyed) return
  session.goaway(0, HIGHEST)
  const closing = clock.callLater(SENT, () => {
    if (!session.destroyed) session.close()
  })
  session.once('close', () => {
    if (closing.active()) closing.cancel()
  })
}
