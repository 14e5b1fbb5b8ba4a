/**
 * Connecting from a simulated machine: by an address, by TLS, by a path; and taking over what is connected already.
 *
 * @module
 */
import type {
  IClientFactory,
  IConnectedDatagramProtocol,
  IProtocol,
  IProtocolFactory,
  SocketFamily,
  SSLConnectOptions,
  TCPConnectOptions,
  TLSClientOptions,
  UNIXConnectOptions,
  UNIXDatagramConnectOptions,
} from '@sennit/interfaces'
import {
  BadFileError,
  internetAddress,
  ReactorOptionError,
  ServiceNameUnknownError,
  UNIXAddress,
} from '@sennit/protocol'
import { hasRole, toSeconds } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import { MemoryUNIXDatagramClient } from './datagrams/memory-unix-datagram.ts'
import { isLocked } from './files/path-lock.ts'
import type { Descriptors } from './inherited/descriptors.ts'
import { UNIXEnds } from './network/ends.ts'
import { checkCount, checkMode, checkPath } from './option-checks.ts'
import { Dial, type DialResult } from './streams/dial.ts'
import { type ConnectorSurroundings, MemoryConnector } from './streams/memory-connector.ts'
import type { MemoryTransport } from './streams/memory-transport.ts'
import { dialTCP, dialTLS, type TCPTarget, tcpTarget } from './streams/tcp-dial.ts'
import { TLSClient } from './tls/tls-side.ts'

/** What connectors by TCP take from their reactor besides. */
export type TCPSurroundings = ConnectorSurroundings & { readonly names: TCPTarget['names'] }

/** A connector that has yet to connect. */
export function tcpConnector(
  host: string,
  port: number,
  factory: IClientFactory,
  options: TCPConnectOptions,
  surroundings: TCPSurroundings,
): MemoryConnector {
  const target = checkedTarget(host, port, options, surroundings)
  return new MemoryConnector(factory, {
    destination: internetAddress('TCP', host, port),
    begin: (result) => dialTCP(target, surroundings, result),
    timeout: toSeconds(options.timeout ?? 30, 'timeout'),
    signal: options.signal,
    surroundings,
  })
}

/** A connector that has yet to connect, and speaks TLS. */
export function sslConnector(
  host: string,
  port: number,
  factory: IClientFactory,
  tls: TLSClientOptions,
  options: SSLConnectOptions,
  surroundings: TCPSurroundings,
): MemoryConnector {
  const { network } = surroundings
  const target = checkedTarget(host, port, options, surroundings)
  const client = new TLSClient('connect', tls, host)
  const handshakeTimeout = toSeconds(options.handshakeTimeout ?? 10, 'handshakeTimeout')
  const side = () => client.side(() => network.now())
  const dial = (result: DialResult) => dialTCP(target, surroundings, result)
  return new MemoryConnector(factory, {
    destination: internetAddress('TCP', host, port),
    begin: (result) => dialTLS(dial, side, handshakeTimeout, surroundings, result),
    timeout: toSeconds(options.timeout ?? 30, 'timeout'),
    signal: options.signal,
    surroundings,
  })
}

/** A connector to a path that has yet to connect. */
export function unixConnector(
  path: string,
  factory: IClientFactory,
  options: UNIXConnectOptions,
  surroundings: ConnectorSurroundings,
): MemoryConnector {
  const { timeout = 30, checkPID = false, signal } = options
  checkPath('connect', path)
  return new MemoryConnector(factory, {
    destination: new UNIXAddress(path),
    begin: (result) => dialUNIX(path, checkPID, surroundings, result),
    timeout: toSeconds(timeout, 'timeout'),
    signal,
    surroundings,
  })
}

function dialUNIX(
  path: string,
  checkPID: boolean,
  { network, machine }: ConnectorSurroundings,
  result: DialResult,
): () => void {
  if (checkPID && !isLocked(machine, path)) {
    const error = new BadFileError(`no process that lives holds ${path}.lock`, { address: path })
    const event = network.time.soon(() => result.failed(error))
    return () => {
      if (event.active()) event.cancel()
    }
  }
  const dial = new Dial(
    {
      ...unixDial(path),
      network,
      from: machine,
      to: machine,
      isOurs: true,
      find: () => machine.sockets.acceptor(path),
    },
    result,
  )
  return () => dial.cancel()
}

/** The ends of a connection to a path. */
export function unixDial(path: string): { readonly client: UNIXEnds; readonly server: UNIXEnds } {
  return { client: new UNIXEnds('', path), server: new UNIXEnds(path, '') }
}

/** A socket for datagrams with a fixed peer. */
export function unixDatagramClient(
  path: string,
  protocol: IConnectedDatagramProtocol,
  options: UNIXDatagramConnectOptions,
  surroundings: ConnectorSurroundings,
): MemoryUNIXDatagramClient {
  const { bindAddress, mode = 0o660, maxPacketSize, signal } = options
  checkPath('connect', path)
  if (bindAddress !== undefined) checkPath('connect', bindAddress, 'bindAddress')
  checkMode('connect', mode)
  checkCount('connect', maxPacketSize, 'maxPacketSize', 1)
  const hooks = ['makeConnection', 'datagramReceived', 'connectionFailed', 'doStop'] as const
  if (!hasRole<IConnectedDatagramProtocol>(protocol, hooks))
    throw new ReactorOptionError('connect', 'protocol', 'a protocol for a fixed peer', protocol)
  return new MemoryUNIXDatagramClient(
    protocol,
    { path, bindAddress, mode, maxPacketSize, signal },
    surroundings,
  )
}

/** Serves a socket that is connected already. @returns nothing when the factory builds no protocol; the socket is closed then */
export function adoptConnection(
  fd: number,
  family: SocketFamily,
  factory: IProtocolFactory,
  { log, clock, descriptors }: ConnectorSurroundings & { readonly descriptors: Descriptors },
): MemoryTransport | undefined {
  const { transport } = descriptors.take(fd, family, 'connection')
  let protocol: IProtocol | undefined
  try {
    protocol = factory.buildProtocol(transport.getPeer())
  } catch (error) {
    log.error({ err: asError(error) }, 'buildProtocol threw; the connection is closed')
  }
  transport.attach(protocol, { side: 'server', log, clock, onLost: () => {} })
  if (protocol !== undefined) return transport
  transport.loseConnection()
  return undefined
}

function checkedTarget(
  host: string,
  port: number,
  options: TCPConnectOptions,
  { names }: TCPSurroundings,
): TCPTarget {
  if (typeof port === 'string') throw new ServiceNameUnknownError(port)
  return tcpTarget(host, port, options, names)
}
