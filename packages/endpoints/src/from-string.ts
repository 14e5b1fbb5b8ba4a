/**
 * Endpoints from their strings.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `serverFromString`, `clientFromString`.
 * Differs: the reactor is an option, and found when the endpoint is used if there is none.
 *
 * @module
 */
import type { IStreamClientEndpoint, IStreamServerEndpoint } from '@sennit/interfaces'
import { clientEndpointTypes, serverEndpointTypes, type FromStringOptions } from './endpoint-types.ts'

/**
 * A place to listen at, from its description. No I/O happens.
 *
 * - `tcp:PORT[:interface=ADDRESS][:backlog=N]`
 * - `tcp6:PORT[:backlog=N][:interface=ADDRESS]`
 *
 * @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`)
 * @example
 * ```ts
 * const endpoint = serverFromString('tcp:8080:interface=127.0.0.1')
 * ```
 */
export function serverFromString(
  description: string,
  options: FromStringOptions = {},
): IStreamServerEndpoint {
  return serverEndpointTypes.read(description, options)
}

/**
 * A place to connect to, from its description. No I/O happens.
 *
 * - `tcp:HOST:PORT[:timeout=DURATION][:bindAddress=ADDRESS]`, where HOST is a name, an IPv4 address, or an IPv6 address in brackets
 * - `tcp6:HOST:PORT[:timeout=DURATION][:bindAddress=ADDRESS]`, over IPv6 only
 *
 * @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`)
 * @example
 * ```ts
 * const endpoint = clientFromString('tcp:[2001:db8::7]:2003:timeout=500ms')
 * ```
 */
export function clientFromString(
  description: string,
  options: FromStringOptions = {},
): IStreamClientEndpoint {
  return clientEndpointTypes.read(description, options)
}
