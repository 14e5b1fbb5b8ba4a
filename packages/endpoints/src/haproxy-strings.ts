/**
 * The parser of the type `haproxy`.
 *
 * Source: Twisted, `twisted/protocols/haproxy/_parser.py`, `HAProxyServerParser`.
 *
 * @module
 */
import type { IStreamServerEndpoint } from '@sennit/interfaces'
import { type ArgumentKind, durationArgument } from './argument-kinds.ts'
import type { EndpointArguments } from './endpoint-arguments.ts'
import { HAProxyServerEndpoint } from './haproxy-server-endpoint.ts'
import { NETWORKS_WANTED, parsedNetwork } from './trusted-networks.ts'

const networksArgument: ArgumentKind<readonly string[]> = {
  wanted: `${NETWORKS_WANTED}, separated by commas`,
  read: (text) => {
    const networks = text.split(',')
    return networks.every((network) => parsedNetwork(network)) ? networks : undefined
  },
}

/** `haproxy:[trusted=NETWORK,NETWORK:][headerTimeout=DURATION:]DESCRIPTION`, where DESCRIPTION is that of any other server. */
export function haproxyServer(args: EndpointArguments<IStreamServerEndpoint>): HAProxyServerEndpoint {
  const trusted = args.keyword('trusted', networksArgument)
  const headerTimeout = args.keyword('headerTimeout', durationArgument)
  return new HAProxyServerEndpoint(args.rest(), { trusted, headerTimeout, reactor: args.reactor })
}
