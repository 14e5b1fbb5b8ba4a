/**
 * A machine of the simulated world, as the reactor of a program that runs on it.
 *
 * @module
 */
import type {
  ConnectionHandler,
  IClientFactory,
  IConnector,
  IDatagramProtocol,
  IDelayedCall,
  IListeningPort,
  ILog,
  IRandomSource,
  IReactorTCP,
  IReactorTime,
  IReactorUDP,
  IServiceContext,
  Random,
  Seconds,
  TCPConnectOptions,
  TCPListenOptions,
  UDPListenOptions,
} from '@sennit/interfaces'
import { CannotListenError, ServiceNameUnknownError } from '@sennit/protocol'
import type { Machine } from './machine.ts'
import { MemoryTCPConnector } from './memory-tcp-connector.ts'
import { MemoryTCPPort } from './memory-tcp-port.ts'
import { MemoryUDPPort } from './memory-udp-port.ts'
import type { Network } from './network.ts'
import { checkAddress, checkCount, checkHost, checkPort, interfaceAddress } from './option-checks.ts'

/** What a host is made of. */
export interface MemoryHostOptions {
  readonly network: Network
  readonly machine: Machine
  readonly random: Random
}

/**
 * The reactor of one machine of a `MemoryWorld`; made by `world.host(name)`.
 *
 * All hosts of a world share its time. What a program opens here counts for `world.assertQuiet()`.
 */
export class MemoryHost implements IReactorTime, IReactorTCP, IReactorUDP, IRandomSource {
  /** Repeats with the seed of the world. */
  readonly random: Random
  readonly #network: Network
  readonly #machine: Machine

  constructor({ network, machine, random }: MemoryHostOptions) {
    this.#network = network
    this.#machine = machine
    this.random = random
  }

  /** The name of the machine. */
  get name(): string {
    return this.#machine.name
  }

  /** The IPv4 address by which other machines reach it. */
  get address(): string {
    return this.#machine.ipv4
  }

  seconds(): Seconds {
    return this.#network.time.seconds()
  }

  callLater<A extends readonly unknown[]>(delay: Seconds, f: (...args: A) => void, ...args: A): IDelayedCall {
    return this.#network.time.callLater(delay, f, ...args)
  }

  /** The calls of all programs of the world. */
  getDelayedCalls(): readonly IDelayedCall[] {
    return this.#network.time.getDelayedCalls()
  }

  /**
   * Listens.
   *
   * @throws CannotListenError (with `code` `EADDRINUSE` or `EADDRNOTAVAIL`), as a rejection
   */
  async listenTCP(
    port: number,
    handler: ConnectionHandler,
    options: TCPListenOptions = {},
  ): Promise<IListeningPort> {
    checkPort('listen', port)
    const address = interfaceAddress('listen', options.interface)
    checkCount('listen', options.backlog, 'backlog', 1)
    checkCount('listen', options.maxConnections, 'maxConnections', 0)
    options.signal?.throwIfAborted()
    const surroundings = this.#surroundings(options.context)
    return cannotListen(options.interface, port, () => {
      return new MemoryTCPPort(port, address, handler, options, surroundings)
    })
  }

  connectTCP(
    host: string,
    port: number,
    factory: IClientFactory,
    options: TCPConnectOptions = {},
  ): IConnector {
    if (typeof port === 'string') throw new ServiceNameUnknownError(port)
    checkHost('connect', host)
    checkPort('connect', port)
    const { bindAddress } = options
    if (bindAddress !== undefined) {
      const [local, localPort] = typeof bindAddress === 'string' ? [bindAddress, 0] : bindAddress
      checkAddress('connect', local, 'bindAddress')
      checkPort('connect', localPort)
    }
    const connector = new MemoryTCPConnector(
      host,
      port,
      factory,
      options,
      this.#surroundings(options.context),
    )
    connector.connect()
    return connector
  }

  /**
   * Listens.
   *
   * @throws CannotListenError (with `code` `EADDRINUSE` or `EADDRNOTAVAIL`), as a rejection
   */
  async listenUDP(
    port: number,
    protocol: IDatagramProtocol,
    options: UDPListenOptions = {},
  ): Promise<IListeningPort> {
    checkPort('listen', port)
    const address = interfaceAddress('listen', options.interface)
    checkCount('listen', options.maxPacketSize, 'maxPacketSize', 1)
    options.signal?.throwIfAborted()
    const surroundings = this.#surroundings(options.context)
    const opened = cannotListen(options.interface, port, () => {
      return new MemoryUDPPort(port, address, protocol, options, surroundings)
    })
    if (!options.held) opened.serve()
    return opened
  }

  #surroundings(context: Partial<IServiceContext> = {}): {
    network: Network
    machine: Machine
    clock: IReactorTime
    log: ILog
  } {
    const { clock = this, log = this.#network.log } = context
    return { network: this.#network, machine: this.#machine, clock, log }
  }
}

/** Makes what the system says about binding a `CannotListenError`. */
function cannotListen<T>(local: string | undefined, port: number, bind: () => T): T {
  try {
    return bind()
  } catch (error) {
    if ((error as { syscall?: unknown }).syscall === 'bind')
      throw new CannotListenError(local ?? '', port, error)
    throw error
  }
}
