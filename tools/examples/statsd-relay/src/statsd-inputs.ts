/**
 * The two ways in: datagrams over UDP, lines over TCP.
 *
 * @module
 */
import type { IStreamHandler } from '@sennit/interfaces'
import { DatagramProtocol, handler, lines } from '@sennit/protocol'
import type { Metrics } from './metrics.ts'

/** Takes each datagram as one or more StatsD lines. */
export class StatsdDatagrams extends DatagramProtocol {
  readonly #metrics: Metrics

  constructor(metrics: Metrics) {
    super()
    this.#metrics = metrics
  }

  override datagramReceived(datagram: Uint8Array): void {
    this.#metrics.take(
      Buffer.from(datagram.buffer, datagram.byteOffset, datagram.byteLength).toString('utf8'),
    )
  }
}

/** Takes each line of a connection as a StatsD line. A line that is too long ends its connection. */
export function statsdLines(metrics: Metrics): IStreamHandler {
  return handler(async (socket, { signal }) => {
    for await (const line of lines(socket, { signal, maxLength: 8192 })) metrics.take(line)
  })
}
