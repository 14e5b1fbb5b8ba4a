/**
 * One HTTP/2 connection in a drain: first the client is told to begin nothing more, then what it had begun is finished.
 *
 * | state    | drain                                | quiet for a while         | last stream closed |
 * |----------|--------------------------------------|---------------------------|--------------------|
 * | serving  | warned: GOAWAY with the highest id   | -                         | -                  |
 * | warned   | -                                    | closing: GOAWAY, no more  | -                  |
 * | closing  | -                                    | -                         | ended, by Node     |
 *
 * Streams that arrive between the two are served (RFC 9113, 6.8).
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
}

/** So long after the warning the client has heard it. */
const WARNED: Seconds = 0.05

/** The highest id that a stream can have. */
const HIGHEST = 2 ** 31 - 1

/** Drains a session. */
export function drainSession(session: ISession, clock: IReactorTime): void {
  if (session.closed || session.destroyed) return
  session.goaway(0, HIGHEST)
  clock.callLater(WARNED, () => {
    if (!session.destroyed) session.close()
  })
}
