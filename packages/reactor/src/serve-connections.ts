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
import { ConnectionDone, ConnectionLost, connectionLostFrom, handlerKind } from '@sennit/protocol'
import {
  bytesGone,
  ConnectionContext,
  type ConnectionContextOptions,
  type ConnectionSet,
  cut,
  type ServedConnection,
  StreamSession,
  tellClosed,
  tellOpened,
} from '@sennit/protocol/internal'
import { asError } from '@sennit/runtime/internal'
import type { ConnectionKind } from './connection-kind.ts'
import { guarded } from './guarded.ts'
import { itself } from './peer-address.ts'
import { hasMoved, hasReceived, SilenceWatch } from './silence-watch.ts'
import type { SocketTransport, TransportOwner } from './socket-transport.ts'
import { isEncrypted, toldTransport } from './told-connection.ts'

/** What connections are served with. */
export interface ServingOptions {
  readonly connections: ConnectionSet
  readonly clock: IReactorTime
  readonly log: ILog
  /** `Infinity` for none. */
  readonly idleTimeout: Seconds
  /** `Infinity` for none. */
  readonly receiveTimeout: Seconds
}

/** Serves a connection that was admitted. */
export type Serve = (socket: Socket) => void

/**
 * How a handler serves connections.
 *
 * @throws HandlerError (`ERR_SENNIT_HANDLER`) when it cannot
 */
export function serveConnections(
  handler: ConnectionHandler,
  kind: ConnectionKind,
  options: ServingOptions,
): Serve {
  switch (handlerKind(handler)) {
    case 'protocol':
      return byProtocol(handler as IProtocolFactory, kind, options)
    case 'stream':
      return byStream(handler as IStreamHandler, kind, options)
    case 'socket':
      return bySocket(handler as ISocketHandler, kind, options)
  }
}

function byProtocol(factory: IProtocolFactory, kind: ConnectionKind, options: ServingOptions): Serve {
  const { connections, clock, log } = options
  const watch = watching(options)
  const owner: TransportOwner = {
    clock,
    log,
    transportLost(transport: SocketTransport, reason: Error) {
      connections.delete(transport)
      tellClosed(transport, reason)
      kind.lost?.(transport)
    },
  }
  return (socket) => {
    const peer = kind.peer(socket)
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
    const transport = kind.transport(socket, owner, peer)
    transport.start(protocol)
    connections.add(transport)
    tellOpened(() => toldTransport('server', transport, socket))
    watch?.(socket, (reason) => transport.closeNow(reason))
  }
}

function byStream(handler: IStreamHandler, kind: ConnectionKind, options: ServingOptions): Serve {
  const { connections } = options
  const watch = watching(options)
  return (socket) => {
    Object.assign(socket, { [Symbol.asyncIterator]: iterate })
    const session: StreamSession = new StreamSession(handler, socket, {
      ...surroundings(socket, kind, options),
      ended: () => connections.delete(session),
    })
    connections.add(session)
    tellSocket(socket, kind)
    watch?.(socket, (reason) => socket.destroy(reason))
  }
}

function bySocket(handler: ISocketHandler, kind: ConnectionKind, options: ServingOptions): Serve {
  const { connections, log } = options
  const watch = watching(options)
  return (socket) => {
    const context = new ConnectionContext(surroundings(socket, kind, options))
    const served: ServedConnection = {
      seat: -1,
      get bytesRead() {
        return socket.bytesRead
      },
      get bytesWritten() {
        return bytesGone(socket)
      },
      requestStop: () => context.abort(),
      abort: () => cut(socket),
    }
    // A handler that listens for no errors shall not end the process.
    socket.on('error', () => {})
    socket.once('close', () => connections.delete(served))
    connections.add(served)
    tellSocket(socket, kind)
    watch?.(socket, () => socket.destroy())
    const error = guarded(log, 'handleSocket threw; the connection is closed', () =>
      handler.handleSocket(socket, context),
    )
    if (error !== undefined) socket.destroy()
  }
}

/** Tells of a socket that its handler has by itself, and of its end. */
function tellSocket(socket: Socket, { host, peer }: ConnectionKind): void {
  tellOpened(() => {
    let lost: Error = new ConnectionDone()
    socket.on('error', (error) => (lost = connectionLostFrom(error)))
    socket.once('close', () => tellClosed(socket, lost))
    return {
      side: 'server',
      connection: socket,
      isSecure: isEncrypted(socket),
      host: host(socket),
      peer: itself(peer(socket)),
    }
  })
}

/** Node 20 would destroy the stream at the end of a loop over it, with what was written last and has yet to be sent. */
function iterate(this: Socket): NodeJS.AsyncIterator<unknown> {
  return this.iterator({ destroyOnReturn: false })
}

function surroundings(
  socket: Socket,
  { peer, host }: ConnectionKind,
  { clock, log }: ServingOptions,
): ConnectionContextOptions {
  return { peer: () => itself(peer(socket)), host: () => host(socket), clock, log }
}

/** Closes a socket on which too little happens; nothing when there is no limit. */
function watching({
  clock,
  idleTimeout,
  receiveTimeout,
}: ServingOptions): ((socket: Socket, close: (reason: Error) => void) => void) | undefined {
  const idle = idleTimeout === Infinity ? undefined : new SilenceWatch(clock, idleTimeout, hasMoved)
  const deaf = receiveTimeout === Infinity ? undefined : new SilenceWatch(clock, receiveTimeout, hasReceived)
  if (idle === undefined && deaf === undefined) return undefined
  return (socket, close) => {
    idle?.add(socket, () => close(silence(`nothing came or went for ${idleTimeout} s`, 'ERR_SENNIT_IDLE')))
    deaf?.add(socket, () => close(silence(`nothing came for ${receiveTimeout} s`, 'ERR_SENNIT_RECEIVE')))
  }
}

function silence(detail: string, code: string): ConnectionLost {
  return new ConnectionLost(detail, { code })
}
