/**
 * The parsers of the types `tcp` and `tcp6`.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_parseTCP`, `_TCP6ServerParser`, `_parseClientTCP`.
 * Differs: a `tcp` client reaches a name by either family; there is a `tcp6` client; a timeout may have a fraction or a unit.
 *
 * @module
 */
import { isIPv4, isIPv6 } from 'node:net'
import {
  countArgument,
  durationArgument,
  hostArgument,
  interfaceArgument,
  ipv6InterfaceArgument,
  portArgument,
  remotePortArgument,
  type ArgumentKind,
} from './argument-kinds.ts'
import type { EndpointArguments } from './endpoint-arguments.ts'
import {
  HostnameEndpoint,
  TCP4ClientEndpoint,
  TCP6ClientEndpoint,
  type TCPClientEndpointOptions,
} from './tcp-client-endpoint.ts'
import { TCP4ServerEndpoint, TCP6ServerEndpoint } from './tcp-server-endpoint.ts'

/** A `tcp6` client can be told everything but an IPv4 address. */
const ipv6HostArgument: ArgumentKind<string> = {
  wanted: 'a host name or an IPv6 address in brackets',
  read: (text) => (isIPv4(text) ? undefined : hostArgument.read(text)),
}

/** `tcp:PORT[:interface=ADDRESS][:backlog=N]`. */
export function tcpServer(args: EndpointArguments): TCP4ServerEndpoint {
  return new TCP4ServerEndpoint(args.required('port', portArgument), {
    interface: args.optional('interface', interfaceArgument),
    backlog: args.optional('backlog', countArgument),
    reactor: args.reactor,
  })
}

/** `tcp6:PORT[:backlog=N][:interface=ADDRESS]`. */
export function tcp6Server(args: EndpointArguments): TCP6ServerEndpoint {
  return new TCP6ServerEndpoint(args.required('port', portArgument), {
    backlog: args.optional('backlog', countArgument),
    interface: args.optional('interface', ipv6InterfaceArgument),
    reactor: args.reactor,
  })
}

/** `tcp:HOST:PORT[:timeout=DURATION][:bindAddress=ADDRESS]`. */
export function tcpClient(
  args: EndpointArguments,
): TCP4ClientEndpoint | TCP6ClientEndpoint | HostnameEndpoint {
  const host = args.required('host', hostArgument)
  const port = args.required('port', remotePortArgument)
  const options = clientOptions(args)
  if (isIPv4(host)) return new TCP4ClientEndpoint(host, port, options)
  if (isIPv6(host)) return new TCP6ClientEndpoint(host, port, options)
  return new HostnameEndpoint(host, port, options)
}

/** `tcp6:HOST:PORT[:timeout=DURATION][:bindAddress=ADDRESS]`. */
export function tcp6Client(args: EndpointArguments): TCP6ClientEndpoint {
  const host = args.required('host', ipv6HostArgument)
  return new TCP6ClientEndpoint(host, args.required('port', remotePortArgument), clientOptions(args))
}

function clientOptions(args: EndpointArguments): TCPClientEndpointOptions {
  return {
    timeout: args.keyword('timeout', durationArgument),
    bindAddress: args.keyword('bindAddress', interfaceArgument),
    reactor: args.reactor,
  }
}
