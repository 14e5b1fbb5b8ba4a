/**
 * The connector of a simulated connection.
 *
 * @module
 */
import type { IClientFactory, ILog, IReactorTime, TCPConnectOptions } from '@sennit/interfaces'
import {
  ConnectingCancelledError,
  ConnectionTimeoutError,
  type InternetAddress,
  connectErrorFrom,
  internetAddress,
} from '@sennit/protocol'
import { toSeconds } from '@sennit/runtime'
import { ConnectorCore } from '../connector-core.ts'
import { Dial } from './dial.ts'
import type { Machine } from './machine.ts'
import type { MemoryTransport } from './memory-transport.ts'
import type { Network } from './network.ts'
import { systemError } from './system-error.ts'

/** Where a connector is, and what it takes from its reactor. */
export interface ConnectorSurroundings {
  readonly network: Network
  readonly machine: Machine
  readonly clock: IReactorTime
  readonly log: ILog
}

/** One outgoing connection, in the making or made. */
export class MemoryTCPConnector extends ConnectorCore {
  readonly #destination: InternetAddress
  readonly #options: TCPConnectOptions
  readonly #surroundings: ConnectorSurroundings
  readonly #timeout: number
  #transport: MemoryTransport | undefined

  constructor(
    host: string,
    port: number,
    factory: IClientFactory,
    options: TCPConnectOptions,
    surroundings: ConnectorSurroundings,
  ) {
    super(factory, surroundings.log)
    this.#destination = internetAddress('TCP', host, port)
    this.#options = options
    this.#surroundings = surroundings
    this.#timeout = toSeconds(options.timeout ?? 30, 'timeout')
  }

  override connect(): void {
    super.connect()
    if (this.#options.signal?.aborted) this.#abort()
  }

  override getDestination(): InternetAddress {
    return this.#destination
  }

  override toString(): string {
    return `attempt to connect to ${this.#destination.toString()}`
  }

  protected override attempt(): () => void {
    const { network, clock } = this.#surroundings
    const { signal } = this.#options
    const timeout = () => this.failed(timedOut(this.#destination, this.#timeout))
    const timer = this.#timeout === Infinity ? undefined : clock.callLater(this.#timeout, timeout)
    const over = () => {
      network.open.delete(this)
      signal?.removeEventListener('abort', this.#abort)
      if (timer?.active()) timer.cancel()
    }
    network.open.add(this)
    signal?.addEventListener('abort', this.#abort)
    const cancel = this.#dial(over)
    return () => {
      over()
      cancel()
    }
  }

  protected override close(): void {
    this.#transport?.loseConnection()
  }

  readonly #abort = (): void => {
    this.failed(new ConnectingCancelledError(this.#destination, { cause: this.#options.signal?.reason }))
  }

  /** @returns what gives it up */
  #dial(over: () => void): () => void {
    const { network, machine } = this.#surroundings
    const { host, port } = this.#destination
    const to = { ...network.find(host, machine, this.#options.family), port }
    const [local, localPort] = this.#local(machine.addressTowards(to.address))
    if (!machine.hasAddress(local)) {
      const error = connectErrorFrom(systemError('EADDRNOTAVAIL', 'connect', local, localPort))
      const event = network.time.soon(() => this.failed(error))
      return () => {
        if (event.active()) event.cancel()
      }
    }
    const dial = new Dial(
      { network, from: { machine, address: local, port: localPort || machine.nextPort() }, to, isOurs: true },
      {
        connected: (transport) => {
          over()
          this.#connected(transport)
        },
        failed: (error) => this.failed(error),
      },
    )
    return () => dial.cancel()
  }

  #local(usual: string): readonly [address: string, port: number] {
    const { bindAddress } = this.#options
    if (bindAddress === undefined) return [usual, 0]
    return typeof bindAddress === 'string' ? [bindAddress, 0] : bindAddress
  }

  #connected(transport: MemoryTransport): void {
    this.#transport = transport
    const protocol = this.build(transport.getPeer())
    const { log } = this.#surroundings
    const isWanted = this.state === 'connected'
    transport.attach(protocol, { log, onLost: (reason) => this.#lost(transport, isWanted, reason) })
    if (!isWanted) transport.abortConnection()
    else if (protocol === undefined) transport.loseConnection()
  }

  #lost(transport: MemoryTransport, isWanted: boolean, reason: Error): void {
    if (this.#transport === transport) this.#transport = undefined
    if (isWanted) this.lost(reason)
  }
}

function timedOut(destination: InternetAddress, timeout: number): Error {
  const { host, port } = destination
  const detail = `no connection to ${host}:${port} within ${timeout} s`
  return new ConnectionTimeoutError(detail, { syscall: 'connect', address: host, port })
}
