/**
 * Connecting to a path.
 *
 * Source: Twisted, `twisted/internet/unix.py`, `Connector`, `Client`.
 *
 * @module
 */
import type { IClientFactory, UNIXConnectOptions } from '@sennit/interfaces'
import { UNIXAddress } from '@sennit/protocol'
import { toSeconds } from '@sennit/runtime'
import { type ConnectorSurroundings, StreamConnector } from './stream-connector.ts'
import { UNIXAttempt } from './unix-attempt.ts'
import { checkedPath } from './unix-path.ts'
import { UNIXConnections, UNNAMED } from './unix-transport.ts'

const kind = new UNIXConnections(UNNAMED)

/** A connector that has yet to connect. */
export function unixConnector(
  path: string,
  factory: IClientFactory,
  { timeout = 30, checkPID = false, signal }: UNIXConnectOptions,
  surroundings: ConnectorSurroundings,
): StreamConnector<UNIXAddress> {
  const { clock } = surroundings
  const destination = new UNIXAddress(checkedPath('connect', path))
  return new StreamConnector(factory, {
    destination,
    dialling: { begin: (outcome) => new UNIXAttempt({ destination, checkPID, clock }, outcome) },
    kind,
    timeout: toSeconds(timeout, 'timeout'),
    signal,
    surroundings,
  })
}
