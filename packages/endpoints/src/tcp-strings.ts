/**
 * The parsers of the types `tcp`, `tcp4` and `tcp6`.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_parseTCP`, `_TCP6ServerParser`, `_parseClientTCP`.
 * Differs: a `tcp` client reaches a name by either family; there are clients for one family, `tcp4` and `tcp6`; a timeout may have a fraction or a unit.
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
  keepAliveArgument,
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

/** A `tcp4` client can be told everything but an IPv6 address. */
const ipv4HostArgument: ArgumentKind<string> = {
  wanted: 'a host name or an IPv4 address',
  read: (text) => (isIPv6(text) ? undefined : hostArgument.read(text)),
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

/**
 * `tcp:HOST:PORT[:timeout=DURATION][:bindAddress=ADDRESS][:bindPort=PORT][:attemptDelay=DURATION][:keepAlive=DURATION|false]`.
 */
export function tcpClient(
  args: EndpointArguments,
): TCP4ClientEndpoint | TCP6ClientEndpoint | HostnameEndpoint {
  const host = args.required('host', hostArgument)
  const port = args.required('port', remotePortArgument)
  const options = tcpClientOptions(args)
  if (isIPv4(host)) return new TCP4ClientEndpoint(host, port, options)
  if (isIPv6(host)) return new TCP6ClientEndpoint(host, port, options)
  return new HostnameEndpoint(host, port, options)
}

/** `tcp4:HOST:PORT` and what `tcp` has. */
export function tcp4Client(args: EndpointArguments): TCP4ClientEndpoint {
  const host = args.required('host', ipv4HostArgument)
  return new TCP4ClientEndpoint(host, args.required('port', remotePortArgument), tcpClientOptions(args))
}

/** `tcp6:HOST:PORT` and what `tcp` has. */
export function tcp6Client(args: EndpointArguments): TCP6ClientEndpoint {
  const host = args.required('host', ipv6HostArgument)
  return new TCP6ClientEndpoint(host, args.required('port', remotePortArgument), tcpClientOptions(args))
}

/** The options that all clients over TCP have. */
export function tcpClientOptions(args: EndpointArguments): TCPClientEndpointOptions {
  const timeout = args.keyword('timeout', durationArgument)
  const local = args.keyword('bindAddress', interfaceArgument)
  const port = args.keyword('bindPort', portArgument)
  if (port !== undefined && !local) throw args.fault('bindAddress', 'there when bindPort is', local)
  return {
    timeout,
    bindAddress: local && port !== undefined ? [local, port] : local || undefined,
    attemptDelay: args.keyword('attemptDelay', durationArgument),
    keepAlive: args.keyword('keepAlive', keepAliveArgument),
    reactor: args.reactor,
  }
}
