/**
 * Serving the connections of a port, by each kind of handler.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type {
  ConnectionHandler,
  ILog,
  IProtocol,
  IProtocolFactory,
  IReactorTime,
  ISocketHandler,
  IStreamHandler,
  Seconds,
} from '@sennit/interfaces'
import { ConnectionLost, handlerKind } from '@sennit/protocol'
import {
  ConnectionContext,
  type ConnectionContextOptions,
  type ConnectionSet,
  type ServedConnection,
  StreamSession,
} from '@sennit/protocol/internal'
import { asError } from '@sennit/runtime/internal'
import { cut } from './cut.ts'
import { guarded } from './guarded.ts'
import { IdleWatch } from './idle-watch.ts'
import type { LateKeepAlive } from './late-keep-alive.ts'
import { PeerAddress } from './peer-address.ts'
import type { TransportOwner } from './socket-transport.ts'
import { localAddress, TCPTransport } from './tcp-transport.ts'

/** What connections are served with. */
export interface ServingOptions {
  readonly connections: ConnectionSet
  readonly clock: IReactorTime
  readonly log: ILog
  /** `Infinity` for none. */
  readonly idleTimeout: Seconds
  /** For protocols; the others get sockets on which it is on already. */
  readonly keepAlive: LateKeepAlive | undefined
}

/** Serves a connection that was admitted. */
export type Serve = (socket: Socket) => void

/**
 * How a handler serves connections.
 *
 * @throws HandlerError (`ERR_SENNIT_HANDLER`) when it cannot
 */
export function serveConnections(handler: ConnectionHandler, options: ServingOptions): Serve {
  const { idleTimeout, clock } = options
  const idle = idleTimeout === Infinity ? undefined : new IdleWatch(clock, idleTimeout)
  switch (handlerKind(handler)) {
    case 'protocol':
      return byProtocol(handler as IProtocolFactory, options, idle)
    case 'stream':
      return byStream(handler as IStreamHandler, options, idle)
    case 'socket':
      return bySocket(handler as ISocketHandler, options, idle)
  }
}

function byProtocol(
  factory: IProtocolFactory,
  { connections, clock, log, idleTimeout, keepAlive }: ServingOptions,
  idle: IdleWatch | undefined,
): Serve {
  const owner: TransportOwner = {
    clock,
    log,
    transportLost(transport: TCPTransport) {
      connections.delete(transport)
      keepAlive?.delete(transport)
    },
  }
  return (socket) => {
    const peer = new PeerAddress(socket)
    let protocol: IProtocol | undefined
    try {
      protocol = factory.buildProtocol(peer)
    } catch (error) {
      log.error({ err: asError(error) }, 'buildProtocol threw; the connection is closed')
    }
    if (!protocol) {
      connections.refused++
      socket.destroy()
      return
    }
    const transport = new TCPTransport(socket, owner, peer)
    transport.start(protocol)
    connections.add(transport)
    keepAlive?.add(transport)
    idle?.add(socket, () => transport.closeNow(idleError(idleTimeout)))
  }
}

function byStream(
  handler: IStreamHandler,
  { connections, clock, log, idleTimeout }: ServingOptions,
  idle: IdleWatch | undefined,
): Serve {
  return (socket) => {
    Object.assign(socket, { [Symbol.asyncIterator]: iterate })
    const session: StreamSession = new StreamSession(handler, socket, {
      ...surroundings(socket, clock, log),
      ended: () => connections.delete(session),
    })
    connections.add(session)
    idle?.add(socket, () => socket.destroy(idleError(idleTimeout)))
  }
}

function bySocket(
  handler: ISocketHandler,
  { connections, clock, log }: ServingOptions,
  idle: IdleWatch | undefined,
): Serve {
  return (socket) => {
    const context = new ConnectionContext(surroundings(socket, clock, log))
    const served: ServedConnection = { requestStop: () => context.abort(), abort: () => cut(socket) }
    // A handler that listens for no errors shall not end the process.
    socket.on('error', () => {})
    socket.once('close', () => connections.delete(served))
    connections.add(served)
    idle?.add(socket, () => socket.destroy())
    const error = guarded(log, 'handleSocket threw; the connection is closed', () =>
      handler.handleSocket(socket, context),
    )
    if (error !== undefined) socket.destroy()
  }
}

/** Node 20 would destroy the stream at the end of a loop over it, with what was written last and has yet to be sent. */
function iterate(this: Socket): NodeJS.AsyncIterator<unknown> {
  return this.iterator({ destroyOnReturn: false })
}

function surroundings(socket: Socket, clock: IReactorTime, log: ILog): ConnectionContextOptions {
  return { peer: () => new PeerAddress(socket).value, host: () => localAddress(socket), clock, log }
}

function idleError(timeout: Seconds): ConnectionLost {
  return new ConnectionLost(`nothing came or went for ${timeout} s`, { code: 'ERR_SENNIT_IDLE' })
}
