/**
 * Endpoints from their strings.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `serverFromString`, `clientFromString`.
 * Differs: the reactor is an option, and found when the endpoint is used if there is none.
 *
 * @module
 */
import type { IStreamClientEndpoint, IStreamServerEndpoint } from '@sennit/interfaces'
import type { FromStringOptions } from './endpoint-types.ts'
import { clientEndpointTypes, serverEndpointTypes } from './known-types.ts'

/**
 * A place to listen at, from its description. No I/O happens.
 *
 * - `tcp:PORT[:interface=ADDRESS][:backlog=N]`
 * - `tcp6:PORT[:backlog=N][:interface=ADDRESS]`
 * - `tls:PORT:privateKey=FILE[:certificate=FILE][:serverNames=FOLDER][:reload=DURATION]` and more; see the README
 * - `ssl:PORT[:privateKey=FILE][:certKey=FILE]` and more
 * - `unix:PATH[:mode=OCTAL][:backlog=N][:lockfile=0|1]`
 * - `systemd:domain=INET|INET6|UNIX`, and `index=N` or `name=NAME`
 * - `fd:DESCRIPTOR[:domain=INET|INET6|UNIX]`
 * - `haproxy:[trusted=NETWORK,NETWORK:]DESCRIPTION`
 *
 * Files are read, and sockets looked for, when the endpoint listens.
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
 * - `tcp4:HOST:PORT` and `tcp6:HOST:PORT`, over one family only
 * - `tls:HOST:PORT[:certificate=FILE][:privateKey=FILE][:trustRoots=FOLDER|FILE]` and what `tcp` has
 * - `tls:HOST:endpoint=DESCRIPTION`, over another endpoint
 * - `ssl:HOST:PORT[:certKey=FILE][:privateKey=FILE][:caCertsDir=FOLDER][:hostname=NAME]` and what `tcp` has
 * - `unix:PATH[:lockfile=0|1][:timeout=DURATION]`
 *
 * Files are read whenever the endpoint connects.
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
