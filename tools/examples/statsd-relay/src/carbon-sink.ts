/**
 * A carbon server for those who have none: takes plain-text lines over TCP and counts them.
 *
 * @module
 */
import { type StreamServerEndpointService, service } from '@sennit/endpoints'
import { handler, lines } from '@sennit/protocol'

/** Options of `carbonSink`. */
export interface CarbonSinkOptions {
  /** The port on 127.0.0.1; 0 picks a free one. @defaultValue 0 */
  readonly port?: number | undefined
  /** Gets each line, without its end. */
  readonly onLine?: ((line: string) => void) | undefined
}

/** A service that listens as a carbon server would. */
export function carbonSink({
  port = 0,
  onLine = () => {},
}: CarbonSinkOptions = {}): StreamServerEndpointService {
  const take = handler(async (socket, { signal }) => {
    for await (const line of lines(socket, { signal })) onLine(line)
  })
  return service(`tcp:${port}:interface=127.0.0.1`, take, { name: 'carbon sink' })
}
