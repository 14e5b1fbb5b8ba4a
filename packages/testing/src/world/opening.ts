/**
 * Opening ports on a simulated machine: by an address, by a path, and of sockets that are open already.
 *
 * @module
 */
import { isIP } from 'node:net'
import type {
  ConnectionHandler,
  IDatagramProtocol,
  IMulticastScope,
  IMulticastTransport,
  IPathAddress,
  ITLSPort,
  IUNIXDatagramTransport,
  MulticastListenOptions,
  SocketFamily,
  SSLListenOptions,
  StreamListenOptions,
  TCPListenOptions,
  TLSServerOptions,
  UDPListenOptions,
  UNIXDatagramListenOptions,
  UNIXListenOptions,
} from '@sennit/interfaces'
import { CannotListenError, handlerKind, internetAddress, UNIXAddress } from '@sennit/protocol'
import { MemoryMulticastPort } from './datagrams/memory-multicast-port.ts'
import { MemoryUDPPort } from './datagrams/memory-udp-port.ts'
import { MemoryUNIXDatagramPort } from './datagrams/memory-unix-datagram.ts'
import { takeLock } from './files/path-lock.ts'
import type { Descriptors } from './inherited/descriptors.ts'
import type { Acceptor } from './network/network.ts'
import {
  checkCount,
  checkKeepAlive,
  checkMode,
  checkPath,
  checkPort,
  interfaceAddress,
} from './option-checks.ts'
import {
  type Bound,
  MemoryStreamPort,
  type PortSurroundings,
  type StreamPortKind,
} from './streams/memory-stream-port.ts'
import { TLSIntake } from './tls/tls-intake.ts'

/** A TLS port, whose credentials can be exchanged while it listens. */
export class MemorySSLPort extends MemoryStreamPort implements ITLSPort {
  readonly #intake: TLSIntake

  constructor(
    kind: StreamPortKind & { readonly intake: TLSIntake },
    handler: ConnectionHandler,
    options: SSLListenOptions,
    surroundings: PortSurroundings,
  ) {
    super(kind, handler, options, surroundings)
    this.#intake = kind.intake
  }

  setTLSOptions(tls: TLSServerOptions): void {
    this.#intake.setOptions(tls)
  }
}

export function openTCPPort(
  port: number,
  handler: ConnectionHandler,
  options: TCPListenOptions,
  surroundings: PortSurroundings,
): MemoryStreamPort {
  const bind = tcpBinding(port, options, surroundings)
  options.signal?.throwIfAborted()
  return cannotListen(options.interface ?? '', port, () => {
    return new MemoryStreamPort({ kind: 'TCPPort', bind }, handler, options, surroundings)
  })
}

export function openSSLPort(
  port: number,
  handler: ConnectionHandler,
  tls: TLSServerOptions,
  options: SSLListenOptions,
  surroundings: PortSurroundings,
): MemorySSLPort {
  const intake = new TLSIntake(tls, options.handshakeTimeout)
  const bind = tcpBinding(port, options, surroundings)
  options.signal?.throwIfAborted()
  return cannotListen(options.interface ?? '', port, () => {
    return new MemorySSLPort({ kind: 'SSLPort', bind, intake }, handler, options, surroundings)
  })
}

export function openUNIXPort(
  path: string,
  handler: ConnectionHandler,
  options: UNIXListenOptions,
  surroundings: PortSurroundings,
): MemoryStreamPort {
  const { mode = 0o660, wantPID = false, signal } = options
  checkPath('listen', path)
  checkMode('listen', mode)
  signal?.throwIfAborted()
  const { machine } = surroundings
  const bind = (acceptor: Acceptor): Bound => {
    const unlock = wantPID ? takeLock(machine, path) : undefined
    try {
      const unbind = machine.sockets.bind(path, mode, { stream: acceptor })
      const release = () => {
        unbind()
        unlock?.()
      }
      return { host: new UNIXAddress(path), release }
    } catch (error) {
      unlock?.()
      throw error
    }
  }
  return cannotListen(
    '',
    path,
    () => new MemoryStreamPort({ kind: 'UNIXPort', bind }, handler, options, surroundings),
  )
}

/** Serves a socket that listens already. */
export function adoptStreamPort(
  fd: number,
  family: SocketFamily,
  handler: ConnectionHandler,
  options: StreamListenOptions,
  surroundings: PortSurroundings & { readonly descriptors: Descriptors },
): MemoryStreamPort {
  options.signal?.throwIfAborted()
  // What cannot be served is not taken.
  handlerKind(handler)
  return cannotListen('', `the descriptor ${fd}`, () => {
    const { listener, bound, handOver } = surroundings.descriptors.take(fd, family, 'listener')
    const kind = family === 'UNIX' ? 'UNIXPort' : 'TCPPort'
    const bind = (acceptor: Acceptor): Bound => {
      handOver(acceptor)
      return bound
    }
    const port = new MemoryStreamPort({ kind, bind }, handler, options, surroundings)
    for (const connection of listener.taken()) port.accept(connection)
    return port
  })
}

export function openUDPPort(
  port: number,
  protocol: IDatagramProtocol,
  options: UDPListenOptions,
  surroundings: PortSurroundings,
): MemoryUDPPort {
  const address = checkedUDP(port, options)
  return cannotListen(options.interface ?? '', port, () => {
    return new MemoryUDPPort({ address, port }, protocol, options, surroundings)
  }).begin(options)
}

export function openMulticastPort(
  port: number,
  protocol: IDatagramProtocol<IMulticastTransport & IMulticastScope>,
  options: MulticastListenOptions,
  surroundings: PortSurroundings,
): MemoryMulticastPort {
  const address = checkedUDP(port, options)
  const { listenMultiple: isShared = false } = options
  return cannotListen(options.interface ?? '', port, () => {
    return new MemoryMulticastPort({ address, port, isShared }, protocol, options, surroundings)
  }).begin(options)
}

/** Receives the datagrams of a socket that is bound already. */
export function adoptDatagramPort(
  fd: number,
  family: SocketFamily,
  protocol: IDatagramProtocol,
  options: Omit<UDPListenOptions, 'interface'>,
  surroundings: PortSurroundings & { readonly descriptors: Descriptors },
): MemoryUDPPort {
  checkCount('adopt', options.maxPacketSize, 'maxPacketSize', 1)
  options.signal?.throwIfAborted()
  const { socket: from, address, port } = surroundings.descriptors.take(fd, family, 'datagram')
  return new MemoryUDPPort({ address, port, from }, protocol, options, surroundings).begin(options)
}

export function openUNIXDatagramPort(
  path: string,
  protocol: IDatagramProtocol<IUNIXDatagramTransport, IPathAddress>,
  options: UNIXDatagramListenOptions,
  surroundings: PortSurroundings,
): MemoryUNIXDatagramPort {
  const { mode = 0o660, maxPacketSize, signal } = options
  checkPath('listen', path)
  checkMode('listen', mode)
  checkCount('listen', maxPacketSize, 'maxPacketSize', 1)
  signal?.throwIfAborted()
  return cannotListen('', path, () => {
    return new MemoryUNIXDatagramPort(path, mode, protocol, maxPacketSize, surroundings)
  }).begin(options)
}

function tcpBinding(
  port: number,
  options: TCPListenOptions,
  { network, machine }: PortSurroundings,
): StreamPortKind['bind'] {
  checkPort('listen', port)
  const address = interfaceAddress('listen', options.interface)
  checkKeepAlive(options.keepAlive)
  return (acceptor) => {
    const ports = network.tcp(machine)
    const real = ports.bind(address, port, acceptor)
    return { host: internetAddress('TCP', address, real), release: () => ports.release(real, acceptor) }
  }
}

function checkedUDP(port: number, { interface: local, maxPacketSize, signal }: UDPListenOptions): string {
  checkPort('listen', port)
  const address = interfaceAddress('listen', local)
  checkCount('listen', maxPacketSize, 'maxPacketSize', 1)
  signal?.throwIfAborted()
  return address
}

/** The family of a literal. */
export function familyOf(address: string): SocketFamily {
  return isIP(address) === 6 ? 'INET6' : 'INET'
}

/** Makes what the system says a `CannotListenError`. */
function cannotListen<T>(local: string, port: number | string, open: () => T): T {
  try {
    return open()
  } catch (error) {
    if (typeof (error as { syscall?: unknown }).syscall === 'string')
      throw new CannotListenError(local, port, error)
    throw error
  }
}
