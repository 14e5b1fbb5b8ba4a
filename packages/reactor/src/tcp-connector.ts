/**
 * One outgoing TCP connection, in the making or made.
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
 * Differs: the time allowed includes finding the addresses of a name; every address is tried.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type {
  IClientFactory,
  IConnector,
  IDelayedCall,
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
  type InternetAddress,
  internetAddress,
  NotConnectingError,
  UserError,
} from '@sennit/protocol'
import { asError } from '@sennit/runtime/internal'
import { guarded } from './guarded.ts'
import { PeerAddress } from './peer-address.ts'
import type { TransportOwner } from './socket-transport.ts'
import { type AttemptOptions, type AttemptOutcome, TCPAttempt } from './tcp-attempt.ts'
import { TCPTransport } from './tcp-transport.ts'

/** What a connector is made of. */
export interface ConnectorOptions extends AttemptOptions {
  /** `Infinity` for none. */
  readonly timeout: Seconds
  readonly signal: AbortSignal | undefined
  readonly log: ILog
}

/** Made by the reactor's `connectTCP`. */
export class TCPConnector implements IConnector, AttemptOutcome, TransportOwner {
  readonly clock: IReactorTime
  readonly log: ILog
  readonly #factory: IClientFactory
  readonly #options: ConnectorOptions
  #state: 'disconnected' | 'connecting' | 'connected' = 'disconnected'
  #inUse = false
  #attempt: TCPAttempt | undefined
  #timer: IDelayedCall | undefined
  #transport: TCPTransport | undefined

  constructor(factory: IClientFactory, options: ConnectorOptions) {
    this.clock = options.clock
    this.log = options.log
    this.#factory = factory
    this.#options = options
  }

  /** Where it is in its life. */
  get state(): 'disconnected' | 'connecting' | 'connected' {
    return this.#state
  }

  connect(): void {
    if (this.#state !== 'disconnected') throw new ConnectInProgressError()
    const { timeout, signal } = this.#options
    if (!this.#inUse) {
      this.#factory.doStart()
      this.#inUse = true
    }
    this.#state = 'connecting'
    const attempt = new TCPAttempt(this.#options, this)
    this.#attempt = attempt
    if (timeout !== Infinity) {
      this.#timer = this.clock.callLater(timeout, () => this.#giveUp(new ConnectionTimeoutError()))
    }
    signal?.addEventListener('abort', this)
    this.#tell('startedConnecting', () => this.#factory.startedConnecting(this))
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

  getDestination(): InternetAddress {
    return internetAddress('TCP', this.#options.host, this.#options.port)
  }

  /** The signal is aborted. */
  handleEvent(): void {
    const { signal } = this.#options
    this.#giveUp(new ConnectingCancelledError(this.getDestination(), { cause: signal?.reason }))
  }

  connected(socket: Socket, address: InternetAddress): void {
    this.#settled()
    this.#state = 'connected'
    const transport = new TCPTransport(socket, this, new PeerAddress(address))
    this.#transport = transport
    let protocol: IProtocol | undefined
    try {
      protocol = this.#factory.buildProtocol(address)
    } catch (thrown) {
      this.#refused(transport, asError(thrown))
      return
    }
    if (protocol) transport.start(protocol)
    else transport.closeNow()
  }

  failed(error: Error): void {
    this.#failed(connectErrorFrom(error))
  }

  transportLost(transport: TCPTransport, reason: Error): void {
    if (this.#transport !== transport) return
    this.#transport = undefined
    this.#state = 'disconnected'
    this.#tell('clientConnectionLost', () => this.#factory.clientConnectionLost(this, reason))
    this.#leaveFactory()
  }

  #refused(transport: TCPTransport, error: Error): void {
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
    this.#tell('clientConnectionFailed', () => this.#factory.clientConnectionFailed(this, reason))
    this.#leaveFactory()
  }

  /** The attempt is over. */
  #settled(): void {
    this.#attempt = undefined
    if (this.#timer?.active()) this.#timer.cancel()
    this.#timer = undefined
    this.#options.signal?.removeEventListener('abort', this)
  }

  #leaveFactory(): void {
    if (this.#state !== 'disconnected' || !this.#inUse) return
    this.#inUse = false
    this.#tell('doStop', () => this.#factory.doStop())
  }

  #tell(hook: string, call: () => void): void {
    guarded(this.log, `${hook} threw`, call)
  }
}
