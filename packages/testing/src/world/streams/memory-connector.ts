/**
 * The connector of a simulated connection, whatever it connects by.
 *
 * @module
 */
import type { IAddress, IClientFactory, IHostPort, ILog, IReactorTime, Seconds } from '@sennit/interfaces'
import { ConnectingCancelledError, ConnectionTimeoutError } from '@sennit/protocol'
import { ConnectorCore } from '../../connector-core.ts'
import type { Machine } from '../network/machine.ts'
import type { Network } from '../network/network.ts'
import type { DialResult } from './dial.ts'
import type { MemoryTransport } from './memory-transport.ts'

/** Where a connector is, and what it takes from its reactor. */
export interface ConnectorSurroundings {
  readonly network: Network
  readonly machine: Machine
  readonly clock: IReactorTime
  readonly log: ILog
}

/** What a connector is made of. */
export interface MemoryConnectorOptions {
  readonly destination: IAddress
  /**
   * Begins an attempt.
   *
   * @param result - one of the two is told, once, and not inside the call
   * @returns what gives it up
   */
  readonly begin: (result: DialResult) => () => void
  /** `Infinity` for none. */
  readonly timeout: Seconds
  readonly signal: AbortSignal | undefined
  readonly surroundings: ConnectorSurroundings
}

/** One outgoing connection, in the making or made. */
export class MemoryConnector extends ConnectorCore {
  readonly #options: MemoryConnectorOptions
  #transport: MemoryTransport | undefined

  constructor(factory: IClientFactory, options: MemoryConnectorOptions) {
    super(factory, options.surroundings.log)
    this.#options = options
  }

  /** The machine that it is on. */
  get machine(): Machine {
    return this.#options.surroundings.machine
  }

  override connect(): void {
    super.connect()
    if (this.#options.signal?.aborted) this.#abort()
  }

  override getDestination(): IAddress {
    return this.#options.destination
  }

  /** Gives the attempt up, or closes the connection for a reason, now. */
  shutDown(reason: Error): void {
    if (this.state === 'connecting') this.stopConnecting()
    else this.#transport?.closeNow(reason)
  }

  override toString(): string {
    return `attempt to connect to ${this.getDestination().toString()}`
  }

  protected override attempt(): () => void {
    const { begin, timeout, signal, surroundings } = this.#options
    const { network, clock } = surroundings
    const timer =
      timeout === Infinity ? undefined : clock.callLater(timeout, () => this.failed(this.#timedOut(timeout)))
    const over = () => {
      network.open.delete(this)
      signal?.removeEventListener('abort', this.#abort)
      if (timer?.active()) timer.cancel()
    }
    network.open.add(this)
    signal?.addEventListener('abort', this.#abort)
    const cancel = begin({
      connected: (transport) => {
        over()
        this.#connected(transport)
      },
      failed: (error) => this.failed(error),
    })
    return () => {
      over()
      cancel()
    }
  }

  protected override close(): void {
    this.#transport?.loseConnection()
  }

  readonly #abort = (): void => {
    const { destination, signal } = this.#options
    this.failed(new ConnectingCancelledError(destination, { cause: signal?.reason }))
  }

  #connected(transport: MemoryTransport): void {
    this.#transport = transport
    const protocol = this.build(transport.getPeer())
    const { destination: to, surroundings } = this.#options
    const { log, clock } = surroundings
    const { host: destination } = to as Partial<IHostPort>
    const isWanted = this.state === 'connected'
    const onLost = (reason: Error) => this.#lost(transport, isWanted, reason)
    transport.attach(protocol, { side: 'client', log, clock, destination, onLost })
    if (!isWanted) transport.abortConnection()
    else if (protocol === undefined) transport.loseConnection()
  }

  #lost(transport: MemoryTransport, isWanted: boolean, reason: Error): void {
    if (this.#transport === transport) this.#transport = undefined
    if (isWanted) this.lost(reason)
  }

  #timedOut(timeout: Seconds): ConnectionTimeoutError {
    const { destination } = this.#options
    const { host, port } = destination as Partial<IHostPort>
    const detail = `no connection to ${destination.toString()} within ${timeout} s`
    return new ConnectionTimeoutError(detail, { syscall: 'connect', address: host, port })
  }
}
