/**
 * TCP ports.
 *
 * Source: Twisted, `twisted/internet/tcp.py`, `Port`.
 *
 * @module
 */
import type { AddressInfo, Server, ServerOpts } from 'node:net'
import type { ConnectionHandler, TCPListenOptions } from '@sennit/interfaces'
import { CannotListenError, handlerKind, type InternetAddress, internetAddress } from '@sennit/protocol'
import { keepAliveDelay } from './keep-alive.ts'
import { LateKeepAlive } from './late-keep-alive.ts'
import { listening, openStreamPort, type StreamPortKind } from './open-stream-port.ts'
import { checkedInterface, checkedPort } from './option-checks.ts'
import type { PortSurroundings } from './port-surroundings.ts'
import { serveConnections, type ServingOptions } from './serve-connections.ts'
import type { StreamPort } from './stream-port.ts'
import { TCPConnections } from './tcp-transport.ts'

/** Binds, and listens. */
export async function openTCPPort(
  port: number,
  handler: ConnectionHandler,
  options: TCPListenOptions,
  surroundings: PortSurroundings,
): Promise<StreamPort<InternetAddress>> {
  const { connections, ...kind } = tcpPortKind(port, handler, options)
  const serving = (serving: ServingOptions) => serveConnections(handler, connections, serving)
  return openStreamPort({ kind: 'TCPPort', ...kind, serving }, handler, options, surroundings)
}

/**
 * What makes a port one of TCP; what is underneath TLS, too.
 *
 * @throws ReactorOptionError (`ERR_SENNIT_REACTOR_OPTION`), HandlerError (`ERR_SENNIT_HANDLER`)
 */
export function tcpPortKind(
  port: number,
  handler: ConnectionHandler,
  options: TCPListenOptions,
): Pick<StreamPortKind<InternetAddress>, 'accepting' | 'listen'> & { readonly connections: TCPConnections } {
  const { interface: local = '' } = options
  checkedPort('listen', port)
  const { host, family } = checkedInterface('listen', local)
  return {
    ...tcpAccepting(handler, options),
    async listen(server, { backlog }) {
      try {
        await listening(server, { port, host, backlog, ipv6Only: family === 6 })
      } catch (error) {
        throw new CannotListenError(local, port, error)
      }
      return { host: addressOf(server) }
    },
  }
}

/** How a server accepts TCP connections, and what kind of connections they are. */
export function tcpAccepting(
  handler: ConnectionHandler,
  { noDelay = true, keepAlive = '15s' }: TCPListenOptions,
): { readonly accepting: ServerOpts; readonly connections: TCPConnections } {
  const keepAliveInitialDelay = keepAliveDelay(keepAlive)
  const late = handlerKind(handler) === 'protocol' ? LateKeepAlive.for(keepAliveInitialDelay) : undefined
  return {
    accepting: {
      noDelay,
      keepAlive: keepAliveInitialDelay !== undefined && late === undefined,
      ...(keepAliveInitialDelay === undefined ? {} : { keepAliveInitialDelay }),
    },
    connections: new TCPConnections(late),
  }
}

/** Where a TCP server listens. */
export function addressOf(server: Server): InternetAddress {
  const { address, port } = server.address() as AddressInfo
  return internetAddress('TCP', address, port)
}
