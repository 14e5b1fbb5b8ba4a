/**
 * Telling the diagnostics channels of connections; as long as nobody listens it costs nothing but the question.
 *
 * @module
 */
import type { IAddress, ICountedTransport } from '@sennit/interfaces'
import { channels, type ConnectionOpenMessage } from '@sennit/runtime'

/** A connection that is told of. */
export interface ToldConnection {
  readonly side: 'server' | 'client'
  /** What its handler has. */
  readonly connection: object
  readonly isSecure: boolean
  readonly host: IAddress
  readonly peer: IAddress
}

/** What was told of connections that are not gone. */
const opened = new WeakMap<object, ConnectionOpenMessage>()

/**
 * A connection stands, and its handler has it.
 *
 * @param make - called only when somebody listens, since addresses have to be asked for
 */
export function tellOpened(make: () => ToldConnection): void {
  if (!channels.connectionOpen.hasSubscribers && !channels.connectionClose.hasSubscribers) return
  const { side, connection, isSecure, host, peer } = make()
  const plain = 'path' in host ? 'unix' : 'tcp'
  const message = { side, transport: isSecure ? 'tls' : plain, connection, host, peer } as const
  opened.set(connection, message)
  channels.connectionOpen.publish(message)
}

/** A connection is gone; told only if somebody listened when it was opened. */
export function tellClosed(connection: object & ICountedTransport, reason: Error): void {
  if (!channels.connectionClose.hasSubscribers) return
  const message = opened.get(connection)
  if (message === undefined) return
  opened.delete(connection)
  const { bytesRead, bytesWritten } = connection
  channels.connectionClose.publish({ ...message, bytesRead, bytesWritten, reason })
}
