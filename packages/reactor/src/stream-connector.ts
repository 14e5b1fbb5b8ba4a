/**
 * One outgoing connection, in the making or made.
 *
 * | state        | connect()  | attempt succeeds | attempt fails, time is over, signal | stopConnecting() | disconnect()   | lost         |
 * |--------------|------------|------------------|-------------------------------------|------------------|----------------|--------------|
 * | disconnected | connecting | -                | -                                   | throws           | -              | -            |
 * | connecting   | throws     | connected        | disconnected                        | disconnected     | disconnected   | -            |
 * | connected    | throws     | -                | -                                   | throws           | loseConnection | disconnected |
 *
 * The factory is told of each step; when it does not connect again inside `clientConnectionFailed` or
 * `clientConnectionLost`, it goes out of use.
 *
 * Source: Twisted, `twisted/internet/base.py`, `BaseConnector`.
 * Differs: the time allowed bounds the whole attempt, with all that belongs to it.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type {
  IAddress,
  IClientFactory,
  IConnector,
  IDelayedCall,
  IHostnameResolver,
  ILog,
  IProtocol,
  IReactorTime,
  Seconds,
} from '@sennit/interfaces'
import {
  ConnectError,
  connectErrorFrom,
  ConnectInProgressError,
  ConnectingCancelledError,
  ConnectionTimeoutError,
  DNSLookupError,
  NotConnectingError,
  UserError,
} from '@sennit/protocol'
import { tellClosed, tellOpened } from '@sennit/protocol/internal'
import { asError, type Seats } from '@sennit/runtime/internal'
import type { ConnectionKind } from './connection-kind.ts'
import type { SocketTransport, TransportOwner } from './socket-transport.ts'
import { toldTransport } from './told-connection.ts'

/** What is told of an attempt: one of the two, once, and never inside the call that begins it. */
export interface AttemptOutcome {
  /** @param address - where the socket leads to, for the factory */
  connected(socket: Socket, address: IAddress): void
  failed(error: Error): void
}

/** An attempt that goes on. */
export interface Attempt {
  /** Gives it up: nothing is told any more, and what is on its way is closed. */
  cancel(): void
}

/** Where to connect to, and how. */
export interface Dialling {
  begin(outcome: AttemptOutcome): Attempt
}

/** What a connector takes from its reactor. */
export interface ConnectorSurroundings {
  readonly clock: IReactorTime
  readonly log: ILog
  /** Asked for when an attempt begins. */
  readonly names: { readonly nameResolver: IHostnameResolver }
  /** The connectors that are in use. */
  readonly connectors: Seats<StreamConnector>
}

/** What a connector is made of. */
export interface ConnectorOptions<A extends IAddress> {
  readonly destination: A
  readonly dialling: Dialling
  /** What the connections are. */
  readonly kind: ConnectionKind
  /** `Infinity` for none. */
  readonly timeout: Seconds
  readonly signal: AbortSignal | undefined
  readonly surroundings: ConnectorSurroundings
}

/** Made by the reactor's `connect…` methods. */
export class StreamConnector<A extends IAddress = IAddress>
  implements IConnector, AttemptOutcome, TransportOwner
{
  readonly #factory: IClientFactory
  readonly #destination: A
  readonly #dialling: Dialling
  readonly #kind: ConnectionKind
  readonly #timeout: Seconds
  readonly #signal: AbortSignal | undefined
  readonly #surroundings: ConnectorSurroundings
  #state: 'disconnected' | 'connecting' | 'connected' = 'disconnected'
  /** Where it is among those in use; less than 0 when it is not. */
  #seat = -1
  #attempt: Attempt | undefined
  #timer: IDelayedCall | undefined
  #transport: SocketTransport | undefined
  #gone: () => void = noop
  #ending: Promise<void> | undefined

  constructor(factory: IClientFactory, options: ConnectorOptions<A>) {
    this.#factory = factory
    this.#destination = options.destination
    this.#dialling = options.dialling
    this.#kind = options.kind
    this.#timeout = options.timeout
    this.#signal = options.signal
    this.#surroundings = options.surroundings
  }

  get clock(): IReactorTime {
    return this.#surroundings.clock
  }

  get log(): ILog {
    return this.#surroundings.log
  }

  /** Where it is in its life. */
  get state(): 'disconnected' | 'connecting' | 'connected' {
    return this.#state
  }

  connect(): void {
    if (this.#state !== 'disconnected') throw new ConnectInProgressError()
    const timeout = this.#timeout
    const signal = this.#signal
    if (this.#seat < 0) {
      this.#factory.doStart()
      this.#seat = this.#surroundings.connectors.take(this)
    }
    this.#state = 'connecting'
    const attempt = this.#dialling.begin(this)
    this.#attempt = attempt
    if (timeout !== Infinity) {
      this.#timer = this.clock.callLater(timeout, () => this.#giveUp(new ConnectionTimeoutError()))
    }
    signal?.addEventListener('abort', this)
    this.#tell('startedConnecting')
    if (signal?.aborted && this.#attempt === attempt) this.handleEvent()
  }

  stopConnecting(): void {
    if (this.#state !== 'connecting') throw new NotConnectingError()
    this.#giveUp(new UserError())
  }

  disconnect(): void {
    if (this.#state === 'connecting') this.stopConnecting()
    else this.#transport?.loseConnection()
  }

  /**
   * Gives the attempt up, or closes the connection now, for a reason.
   *
   * @returns settles when the connection is gone
   */
  shutDown(reason: Error): Promise<void> | undefined {
    if (this.#state === 'connecting') this.stopConnecting()
    const transport = this.#transport
    if (transport === undefined) return undefined
    this.#ending ??= new Promise((resolve) => (this.#gone = resolve))
    transport.closeNow(reason)
    return this.#ending
  }

  getDestination(): A {
    return this.#destination
  }

  /** The signal is aborted. */
  handleEvent(): void {
    const cause: unknown = this.#signal?.reason
    this.#giveUp(new ConnectingCancelledError(this.getDestination(), { cause }))
  }

  connected(socket: Socket, address: IAddress): void {
    this.#settled()
    this.#state = 'connected'
    const transport = this.#kind.transport(socket, this, address)
    this.#transport = transport
    let protocol: IProtocol | undefined
    try {
      protocol = this.#factory.buildProtocol(address)
    } catch (thrown) {
      this.#refused(transport, asError(thrown))
      return
    }
    if (protocol) {
      transport.start(protocol)
      tellOpened(() => toldTransport('client', transport, socket))
    } else transport.closeNow()
  }

  failed(error: Error): void {
    this.#failed(error instanceof DNSLookupError ? error : connectErrorFrom(error))
  }

  transportLost(transport: SocketTransport, reason: Error): void {
    if (this.#transport !== transport) return
    this.#transport = undefined
    this.#state = 'disconnected'
    tellClosed(transport, reason)
    this.#tell('clientConnectionLost', reason)
    this.#leaveFactory()
    this.#ending = undefined
    this.#gone()
  }

  #refused(transport: SocketTransport, error: Error): void {
    this.log.error({ err: error }, 'buildProtocol threw; the connection is closed')
    this.#transport = undefined
    transport.closeNow()
    this.#failed(new ConnectError('the factory could build no protocol', { cause: error }))
  }

  #giveUp(reason: Error): void {
    this.#attempt?.cancel()
    this.#failed(reason)
  }

  #failed(reason: Error): void {
    this.#settled()
    this.#state = 'disconnected'
    this.#tell('clientConnectionFailed', reason)
    this.#leaveFactory()
  }

  /** The attempt is over. */
  #settled(): void {
    this.#attempt = undefined
    if (this.#timer?.active()) this.#timer.cancel()
    this.#timer = undefined
    this.#signal?.removeEventListener('abort', this)
  }

  #leaveFactory(): void {
    if (this.#state !== 'disconnected' || this.#seat < 0) return
    this.#surroundings.connectors.leave(this.#seat)
    this.#seat = -1
    this.#tell('doStop')
  }

  /** The hooks are named here, so that an attempt needs no closure for each. */
  #tell(hook: 'startedConnecting' | 'doStop'): void
  #tell(hook: 'clientConnectionFailed' | 'clientConnectionLost', reason: Error): void
  #tell(hook: keyof IClientFactory, reason?: Error): void {
    const factory = this.#factory
    try {
      if (hook === 'startedConnecting') factory.startedConnecting(this)
      else if (hook === 'clientConnectionFailed') factory.clientConnectionFailed(this, reason!)
      else if (hook === 'clientConnectionLost') factory.clientConnectionLost(this, reason!)
      else factory.doStop()
    } catch (thrown) {
      this.log.error({ err: asError(thrown) }, `${hook} threw`)
    }
  }
}

function noop(): void {}
