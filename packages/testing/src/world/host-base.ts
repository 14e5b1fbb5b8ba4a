/**
 * What a simulated machine's reactor has besides its transports: time, names, files, inherited sockets, and a life.
 *
 * @module
 */
import type {
  Duration,
  IAddress,
  IDelayedCall,
  IHostnameResolver,
  IInheritedSockets,
  InheritedSocket,
  IRandomSource,
  IReactorCore,
  IReactorFiles,
  IReactorPluggableNameResolver,
  IReactorResolve,
  IReactorTime,
  IServiceContext,
  ISystemEvents,
  Random,
  Seconds,
  SystemEventPhase,
  SystemEventTrigger,
  WatchFileOptions,
} from '@sennit/interfaces'
import { firstAddress, type ReactorCore } from '@sennit/protocol/internal'
import { toSeconds } from '@sennit/runtime'
import { FileWatch } from './files/file-watch.ts'
import { HostFiles } from './files/host-files.ts'
import { hostCore } from './host-core.ts'
import { Descriptors } from './inherited/descriptors.ts'
import { openSocket, socketPair } from './inherited/inheritance.ts'
import { MemoryResolver } from './names/memory-resolver.ts'
import type { Machine } from './network/machine.ts'
import type { Network } from './network/network.ts'
import type { WorldPeer } from './peers/world-peer.ts'

/** What a host is made of. */
export interface MemoryHostOptions {
  readonly network: Network
  readonly machine: Machine
  readonly random: Random
  /** How long a shutdown waits for the promises of its triggers of `'before'`. @defaultValue '8s' */
  readonly shutdownTimeout?: Duration | undefined
}

/** What ports, connectors and the like take from a host. */
export interface HostSurroundings {
  readonly network: Network
  readonly machine: Machine
  readonly names: { readonly nameResolver: IHostnameResolver }
  readonly descriptors: Descriptors
  readonly clock: IReactorTime
  readonly log: IServiceContext['log']
}

/** Where a reactor is, if it is that of a machine of a world. */
export let placeOf: (
  reactor: IReactorTime | undefined,
) => { readonly network: Network; readonly machine: Machine } | undefined

/** A reactor without transports. */
export class HostBase
  implements
    IReactorTime,
    IInheritedSockets,
    IReactorPluggableNameResolver,
    IReactorResolve,
    IReactorFiles,
    IReactorCore,
    ISystemEvents,
    IRandomSource
{
  static {
    placeOf = (reactor) =>
      reactor !== undefined && #machine in reactor
        ? { network: (reactor as HostBase).#network, machine: (reactor as HostBase).#machine }
        : undefined
  }

  /** Repeats with the seed of the world. */
  readonly random: Random
  /** The files of the machine, in the hands of the test. */
  readonly files: HostFiles
  readonly #network: Network
  readonly #machine: Machine
  readonly #descriptors = new Descriptors()
  readonly #core: ReactorCore
  #nameResolver: IHostnameResolver

  /** @internal */
  constructor({ network, machine, random, shutdownTimeout = 8 }: MemoryHostOptions) {
    this.#network = network
    this.#machine = machine
    this.random = random
    this.files = new HostFiles(machine.disk)
    this.#core = hostCore(network, machine, this, toSeconds(shutdownTimeout, 'shutdownTimeout'))
    this.#nameResolver = new MemoryResolver(network)
  }

  /** The name of the machine. */
  get name(): string {
    return this.#machine.name
  }

  /** The address by which other machines reach it: the IPv4 one, if it has one. */
  get address(): string {
    return this.#machine.ipv4 ?? this.#machine.addresses[0]!
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

  inheritedSockets(): readonly InheritedSocket[] {
    return this.#descriptors.inherited
  }

  get nameResolver(): IHostnameResolver {
    return this.#nameResolver
  }

  /** @returns the one before */
  installNameResolver(resolver: IHostnameResolver): IHostnameResolver {
    const before = this.#nameResolver
    this.#nameResolver = resolver
    return before
  }

  resolve(name: string): Promise<string> {
    return firstAddress(this.#nameResolver, name)
  }

  async readFile(path: string): Promise<Uint8Array> {
    return this.#machine.disk.read(path)
  }

  async readDirectory(path: string): Promise<readonly string[]> {
    return this.#machine.disk.list(path)
  }

  watchFile(path: string, changed: () => void, options: WatchFileOptions = {}): () => void {
    const surroundings = { network: this.#network, disk: this.#machine.disk, log: this.#network.log }
    const watch = new FileWatch(surroundings, path, changed, options)
    return () => watch.end()
  }

  /** Writes the whole of a file of the machine; more can be done with `files`. */
  writeFile(path: string, data: string | Uint8Array): void {
    this.files.write(path, data)
  }

  /**
   * Opens a socket as a service manager does: the program finds it among its `inheritedSockets()`, and can adopt it.
   *
   * @param address - such as `'tcp:0.0.0.0:80'`, `'udp:0.0.0.0:53'`, `'unix:/run/app.sock'`
   * @param name - the name that the service manager gives it
   * @returns its descriptor
   */
  inherit(address: string, name = ''): number {
    const fd = this.openSocket(address)
    this.#descriptors.inherit(fd, name)
    return fd
  }

  /** Opens a socket that somebody gives the program later. @returns its descriptor */
  openSocket(address: string): number {
    return openSocket(this.surroundings(), address)
  }

  /** Where a socket listens that nobody has adopted. */
  addressOf(fd: number): IAddress {
    return this.#descriptors.listener(fd).bound.host
  }

  /** Waits for the next connection to such a socket, as one that hands connections to programs does. @returns its descriptor */
  async acceptFrom(fd: number): Promise<number> {
    const { listener, family } = this.#descriptors.listener(fd)
    return this.#descriptors.add({ kind: 'connection', family, transport: await listener.next() })
  }

  /** Makes two sockets that are connected: the descriptor is for the program, the peer for the test. */
  socketPair(): { readonly fd: number; readonly peer: WorldPeer } {
    return socketPair(this.surroundings())
  }

  get running(): boolean {
    return this.#core.running
  }

  run(): Promise<void> {
    return this.#core.run()
  }

  stop(): void {
    this.#core.stop()
  }

  crash(): void {
    this.#core.crash()
  }

  callWhenRunning<A extends readonly unknown[]>(
    f: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger | undefined {
    return this.#core.callWhenRunning(f, ...args)
  }

  addSystemEventTrigger<A extends readonly unknown[]>(
    phase: SystemEventPhase,
    event: string,
    f: (...args: A) => unknown,
    ...args: A
  ): SystemEventTrigger {
    return this.#core.addSystemEventTrigger(phase, event, f, ...args)
  }

  removeSystemEventTrigger(trigger: SystemEventTrigger): void {
    this.#core.removeSystemEventTrigger(trigger)
  }

  fireSystemEvent(event: string): void {
    this.#core.fireSystemEvent(event)
  }

  protected surroundings(context: Partial<IServiceContext> = {}): HostSurroundings {
    const { clock = this, log = this.#network.log } = context
    const [network, machine, descriptors] = [this.#network, this.#machine, this.#descriptors]
    return { network, machine, descriptors, names: this, clock, log }
  }
}
