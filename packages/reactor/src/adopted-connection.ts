/**
 * Connections that somebody else has made or accepted.
 *
 * Source: Twisted, `twisted/internet/posixbase.py`, `adoptStreamConnection`; `twisted/internet/tcp.py`, `Server._fromConnectedSocket`.
 * Differs: the descriptor is the reactor's from then on, as Node cannot duplicate one; what it is, is checked.
 *
 * @module
 */
import { Socket, type SocketConstructorOpts } from 'node:net'
import type { DuplexOptions } from 'node:stream'
import type { ILog, IProtocol, IProtocolFactory, IReactorTime, SocketFamily } from '@sennit/interfaces'
import { ReactorOptionError, UNIXAddress } from '@sennit/protocol'
import { tellClosed, tellOpened } from '@sennit/protocol/internal'
import { asError } from '@sennit/runtime/internal'
import type { ConnectionKind } from './connection-kind.ts'
import { HIGH_WATER_MARK } from './producer-slot.ts'
import type { Remaining } from './reactor-core.ts'
import { checkedSocket } from './socket-facts.ts'
import type { SocketTransport, TransportOwner } from './socket-transport.ts'
import { toldTransport } from './told-connection.ts'
import { TCPConnections } from './tcp-transport.ts'
import { UNIXConnections } from './unix-transport.ts'

/** The connections of one reactor that somebody else has made or accepted. */
export class AdoptedConnections implements TransportOwner, Remaining {
  readonly clock: IReactorTime
  readonly log: ILog
  readonly #transports = new Set<SocketTransport>()
  #emptied: () => void = () => {}
  #ending: Promise<void> | undefined

  constructor(clock: IReactorTime, log: ILog) {
    this.clock = clock
    this.log = log
  }

  /**
   * Serves a socket that is connected.
   *
   * @returns nothing when the factory builds no protocol; the socket is closed then
   */
  adopt(fd: number, family: SocketFamily, factory: IProtocolFactory): SocketTransport | undefined {
    const facts = checkedSocket(fd, family, 'stream')
    if (facts !== undefined && facts.state !== 'connected') {
      throw new ReactorOptionError('adopt', 'fd', 'a socket that is connected', fd)
    }
    const options: SocketConstructorOpts & DuplexOptions = {
      fd,
      allowHalfOpen: true,
      readable: true,
      writable: true,
      highWaterMark: HIGH_WATER_MARK,
    }
    const socket = new Socket(options)
    const kind: ConnectionKind =
      family === 'UNIX' ? new UNIXConnections(new UNIXAddress(facts?.path ?? '')) : new TCPConnections()
    const peer = kind.peer(socket)
    let protocol: IProtocol | undefined
    try {
      protocol = factory.buildProtocol(peer)
    } catch (error) {
      this.log.error({ err: asError(error) }, 'buildProtocol threw; the connection is closed')
    }
    if (!protocol) {
      socket.destroy()
      return undefined
    }
    const transport = kind.transport(socket, this, peer)
    this.#transports.add(transport)
    transport.start(protocol)
    tellOpened(() => toldTransport('server', transport, socket))
    return transport
  }

  transportLost(transport: SocketTransport, reason: Error): void {
    this.#transports.delete(transport)
    tellClosed(transport, reason)
    if (this.#transports.size > 0) return
    this.#ending = undefined
    this.#emptied()
  }

  /** @returns settles when they are gone */
  shutDown(reason: Error): Promise<void> | undefined {
    if (this.#transports.size === 0) return undefined
    this.#ending ??= new Promise((resolve) => (this.#emptied = resolve))
    for (const transport of this.#transports) transport.closeNow(reason)
    return this.#ending
  }
}
