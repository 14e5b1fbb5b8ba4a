/**
 * What every connector does, whatever it connects: states, and the order in which the factory is told.
 *
 * | state        | connect         | stopConnecting        | disconnect       | built           | failed        | lost         |
 * |--------------|-----------------|-----------------------|------------------|-----------------|---------------|--------------|
 * | disconnected | connecting      | NotConnectingError    | -                | -               | -             | -            |
 * | connecting   | refused         | disconnected, told    | stopConnecting   | connected       | disconnected  | -            |
 * | connected    | refused         | NotConnectingError    | closes           | -               | -             | disconnected |
 *
 * The factory's `doStop` follows a failure or a loss, unless the factory has connected again inside the callback.
 *
 * @module
 */
import type { IAddress, IClientFactory, IConnector, ILog, IProtocol } from '@sennit/interfaces'
import { ConnectError, ConnectInProgressError, NotConnectingError, UserError } from '@sennit/protocol'
import { asError } from '@sennit/runtime/internal'

/** A connector without a way to connect. */
export abstract class ConnectorCore implements IConnector {
  #state: 'disconnected' | 'connecting' | 'connected' = 'disconnected'
  readonly #factory: IClientFactory
  readonly #log: ILog
  #factoryStarted = false
  #cancelAttempt: (() => void) | undefined

  constructor(factory: IClientFactory, log: ILog) {
    this.#factory = factory
    this.#log = log
  }

  /** Begins an attempt. @returns what gives it up */
  protected abstract attempt(): () => void
  /** Closes the connection in an orderly way; `lost` follows. */
  protected abstract close(): void
  abstract getDestination(): IAddress

  get state(): 'disconnected' | 'connecting' | 'connected' {
    return this.#state
  }

  /** @throws ConnectInProgressError (`ERR_SENNIT_CONNECT_IN_PROGRESS`) unless it is disconnected */
  connect(): void {
    if (this.#state !== 'disconnected') throw new ConnectInProgressError()
    if (!this.#factoryStarted) {
      this.#factory.doStart()
      this.#factoryStarted = true
    }
    this.#state = 'connecting'
    this.#cancelAttempt = this.attempt()
    this.#tell('startedConnecting', () => this.#factory.startedConnecting(this))
  }

  /** @throws NotConnectingError (`ERR_SENNIT_NOT_CONNECTING`) unless it is connecting */
  stopConnecting(): void {
    if (this.#state !== 'connecting') throw new NotConnectingError()
    this.failed(new UserError())
  }

  disconnect(): void {
    if (this.#state === 'connecting') this.stopConnecting()
    else if (this.#state === 'connected') this.close()
  }

  /** The attempt is over; the factory is told, now. */
  protected failed(reason: Error): void {
    if (this.#state !== 'connecting') return
    this.#cancel()
    this.#state = 'disconnected'
    this.#over('clientConnectionFailed', reason)
  }

  /** The connection stands: the factory builds a protocol. `undefined` when it does not want it; then close it. */
  protected build(address: IAddress): IProtocol | undefined {
    this.#cancelAttempt = undefined
    this.#state = 'connected'
    try {
      return this.#factory.buildProtocol(address)
    } catch (thrown) {
      const error = asError(thrown)
      this.#log.error({ err: error }, 'buildProtocol threw')
      this.#state = 'connecting'
      this.failed(new ConnectError('The factory could not build a protocol', { cause: error }))
      return undefined
    }
  }

  /** The connection is gone, and its protocol has been told. */
  protected lost(reason: Error): void {
    if (this.#state !== 'connected') return
    this.#state = 'disconnected'
    this.#over('clientConnectionLost', reason)
  }

  #cancel(): void {
    const cancel = this.#cancelAttempt
    this.#cancelAttempt = undefined
    cancel?.()
  }

  /** Tells of an end, after which the factory goes out of use unless it has connected again. */
  #over(event: 'clientConnectionFailed' | 'clientConnectionLost', reason: Error): void {
    this.#tell(event, () => this.#factory[event](this, reason))
    if (this.#state !== 'disconnected') return
    this.#factoryStarted = false
    this.#tell('doStop', () => this.#factory.doStop())
  }

  #tell(event: string, call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#log.error({ err: error }, `${event} threw`)
    }
  }
}
