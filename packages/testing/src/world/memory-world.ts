/**
 * A world for a whole program: a clock that a test moves, and a network of machines that exist only here.
 *
 * What a program asks of its machine (`memory-host.ts`, which opens and connects) is answered in these rooms:
 *
 * | room         | what is in it                                                                              |
 * |--------------|--------------------------------------------------------------------------------------------|
 * | `time/`      | time that passes only when it is told to                                                   |
 * | `network/`   | machines, and the wires between them: how long things travel, what is cut                  |
 * | `streams/`   | connections: how they are made, what both ends send and read, ports, and who serves        |
 * | `tls/`       | handshakes and records on a connection, and who trusts whom                                |
 * | `datagrams/` | UDP, multicast, and datagrams over UNIX sockets                                            |
 * | `names/`     | names and their addresses                                                                  |
 * | `files/`     | the files of a machine, those of UNIX sockets and their locks included                     |
 * | `inherited/` | sockets that are open before the program knows them                                        |
 * | `peers/`     | whom the test plays: clients, servers, and who sends datagrams                             |
 *
 * @module
 */
import type {
  Duration,
  ILog,
  IStreamTransport,
  IWallClock,
  Seconds,
  TLSClientOptions,
  TLSServerOptions,
} from '@sennit/interfaces'
import { defaultLog, toSeconds } from '@sennit/runtime'
import { WorldNotQuietError } from '../errors.ts'
import { seededRandom } from '../seeded-random.ts'
import { DatagramSender } from './datagrams/datagram-sender.ts'
import { MemoryHost } from './memory-host.ts'
import { WorldNames } from './names/world-names.ts'
import { Network } from './network/network.ts'
import { DatagramSink } from './peers/datagram-sink.ts'
import { MemorySink } from './peers/memory-sink.ts'
import { connectPeer } from './peers/test-dial.ts'
import { type WorldAddress, worldAddress } from './peers/world-address.ts'
import type { WorldPeer } from './peers/world-peer.ts'
import { MemoryTransport } from './streams/memory-transport.ts'
import { VirtualTime, type WaitOptions } from './time/virtual-time.ts'
import { TLSServer } from './tls/tls-side.ts'

/** The name of the machine on which the program runs. */
const HERE = 'here'

/** 2000-01-01T00:00:00Z, a Saturday. */
const EPOCH: Seconds = 946_684_800

/** Options of `MemoryWorld`. */
export interface MemoryWorldOptions {
  /** The same seed and the same program give the same run. @defaultValue 0 */
  readonly seed?: number | undefined
  /** How long something travels from one machine to another: one duration, or the shortest and the longest. @defaultValue ['0.1ms', '1ms'] */
  readonly latency?: Duration | readonly [shortest: Duration, longest: Duration] | undefined
  /** Where errors of delayed calls, and of handlers without a log of their own, go. @defaultValue the default log */
  readonly log?: ILog | undefined
  /** The time of day when the world begins, in seconds since 1970. @defaultValue 2000-01-01T00:00:00Z */
  readonly epoch?: Seconds | undefined
  /**
   * How long to wait, in real time, for work outside of the world (a file that is read) before a wait is given up because
   * nothing in the world can move any more. @defaultValue '100ms'
   */
  readonly patience?: Duration | undefined
  /** How long a reactor's shutdown waits for the promises of its triggers of `'before'`. @defaultValue '8s' */
  readonly shutdownTimeout?: Duration | undefined
}

/** Options of what a test does to the program. */
export interface FromOptions {
  /** The machine on which the test is; the program's own unless told otherwise. */
  readonly from?: string | undefined
}

/** Options of a connection that a test makes: where from, and for `tls:`, what it trusts and is known by. */
export interface ConnectFromOptions extends FromOptions, TLSClientOptions {}

/** Options of `world.host`. */
export interface HostOptions {
  /** Its IP literals. @defaultValue one of IPv4 and one of IPv6 */
  readonly addresses?: readonly string[] | undefined
}

/**
 * A reactor with a clock and a network that are simulated.
 *
 * The program gets the world as its reactor; the test moves the time, and plays whoever the program talks to. Host names are
 * the names of machines of the world, unless `names` says otherwise; `localhost` and `127.0.0.1` mean the machine of the program.
 *
 * @example
 * ```ts
 * const world = new MemoryWorld({ seed: 1 })
 * const app = relay()
 * app.reactor = world
 * await world.run(app.startService())
 * const client = await world.run(world.connect('tcp:127.0.0.1:8126'))
 * client.write('a 1\n')
 * await world.advance('1m')
 * await world.run(app.stopService())
 * world.assertQuiet()
 * ```
 */
export class MemoryWorld extends MemoryHost implements IWallClock {
  /** What names stand for. */
  readonly names: WorldNames
  readonly #time: VirtualTime
  readonly #network: Network
  readonly #seed: number
  readonly #shutdownTimeout: Duration | undefined
  readonly #hosts = new Map<string, MemoryHost>()

  constructor({
    seed = 0,
    latency = ['0.1ms', '1ms'],
    log = defaultLog,
    epoch = EPOCH,
    patience = '100ms',
    shutdownTimeout,
  }: MemoryWorldOptions = {}) {
    const time: VirtualTime = new VirtualTime({
      log,
      patience: toSeconds(patience, 'patience'),
      pending: () => pendingOf(time, network),
    })
    const network = new Network({ time, log, seed, latency: latencyOf(latency), epoch })
    super({ network, machine: network.machine(HERE), random: seededRandom(seed, HERE), shutdownTimeout })
    this.names = new WorldNames(network.names)
    this.#time = time
    this.#network = network
    this.#seed = seed
    this.#shutdownTimeout = shutdownTimeout
    this.#hosts.set(HERE, this)
  }

  /** The time of day in the world, in seconds since 1970. */
  now(): Seconds {
    return this.#network.now()
  }

  /** Lets so much time pass: timers, network and promises take their turns in order. */
  advance(amount: Duration): Promise<void> {
    return this.#time.advance(amount, this.advance)
  }

  /**
   * Lets time pass until a promise settles, and gives what it gives. Anything else is given at once, after a turn.
   *
   * @throws WorldStuckError (`ERR_SENNIT_WORLD_STUCK`) when nothing is left in the world that could settle it
   * @throws WorldTimeoutError (`ERR_SENNIT_WORLD_TIMEOUT`) after `timeout`
   */
  override run<T>(work: T | PromiseLike<T>, options?: WaitOptions): Promise<T>
  /** Without work: runs the program's reactor, as the role `IReactorCore` says, until it is stopped. */
  override run(): Promise<void>
  override run(...args: [work?: unknown, options?: WaitOptions]): Promise<never> {
    const [work, options] = args
    // A promise of nothing is asked for by whoever runs the reactor itself.
    return (args.length === 0 ? super.run() : this.#time.run(work, options, this.run)) as Promise<never>
  }

  /**
   * Lets time pass until a condition holds; it is asked between any two steps.
   *
   * @throws WorldStuckError (`ERR_SENNIT_WORLD_STUCK`) when nothing is left in the world that could make it hold
   * @throws WorldTimeoutError (`ERR_SENNIT_WORLD_TIMEOUT`) after `timeout`
   */
  until(condition: () => unknown, options?: WaitOptions): Promise<void> {
    return this.#time.until(condition, options, this.until)
  }

  /**
   * Connects to the program, from the test.
   *
   * @param address - such as `'tcp:127.0.0.1:8126'`, `'tls:127.0.0.1:8443'` (with what the test trusts), `'unix:/run/app.sock'`
   * @returns give it to `world.run`; rejects like any attempt to connect
   */
  connect(address: string, { from = HERE, ...tls }: ConnectFromOptions = {}): Promise<WorldPeer> {
    const promise = connectPeer(this.#network, this.#machineOf(from), address, tls)
    promise.catch(() => {})
    return promise
  }

  /**
   * Listens for the program's connections, in the test.
   *
   * @param address - such as `'tcp:carbon:2003'`; port 0 picks a free one. Or `'tls:db:5432'` (with the test's key and certificate),
   * `'unix:/run/docker.sock'`
   * @throws CannotListenError (`EADDRINUSE`)
   */
  listen(address: string, tls: TLSServerOptions = {}): MemorySink {
    const place = worldAddress(address, 'tcp', 'tls', 'unix')
    const server = place.kind === 'tls' ? new TLSServer('listen', tls) : undefined
    return new MemorySink(this.#network, this.#machineOf(HERE), place, server)
  }

  /**
   * Takes the program's datagrams, in the test, or those to a group.
   *
   * @param address - such as `'udp:statsd:8125'`, where port 0 picks a free one, or `'udp:239.255.1.1:5000'`
   * @throws CannotListenError (`EADDRINUSE`)
   */
  bind(address: string): DatagramSink {
    const { host, port } = parsedUDP(address)
    return new DatagramSink(this.#network, this.#network.find(host, this.#machineOf(HERE)), port)
  }

  /** Sends the program a datagram, from a port that nobody listens on. */
  send(address: string, data: string | Uint8Array, { from = HERE }: FromOptions = {}): void {
    const { host, port } = parsedUDP(address)
    const network = this.#network
    const machine = this.#machineOf(from)
    const { address: towards } = network.find(host, machine)
    const place = { machine, address: machine.addressTowards(towards), port: machine.nextPort() }
    const bytes = typeof data === 'string' ? Buffer.from(data) : data
    new DatagramSender(network).send(bytes, place, { host, port }, () => {})
  }

  /** Another machine, as the reactor of another program. */
  host(name: string, { addresses = [] }: HostOptions = {}): MemoryHost {
    const machine = this.#machineOf(name)
    if (addresses.length > 0) this.#network.give(machine, addresses)
    let host = this.#hosts.get(machine.name)
    if (host === undefined) {
      host = new MemoryHost({
        network: this.#network,
        machine,
        random: seededRandom(this.#seed, machine.name),
        shutdownTimeout: this.#shutdownTimeout,
      })
      this.#hosts.set(machine.name, host)
    }
    return host
  }

  /** Cuts a machine off from all others, or from one: datagrams are lost, TCP waits. */
  partition(name: string, from?: string): void {
    this.#network.cut(this.#machineOf(name), from === undefined ? undefined : this.#machineOf(from))
  }

  /** Undoes a `partition`; what TCP has sent meanwhile arrives. */
  heal(name: string, from?: string): void {
    this.#network.heal(this.#machineOf(name), from === undefined ? undefined : this.#machineOf(from))
  }

  /**
   * Resets a connection from the middle: both sides see `ECONNRESET`.
   *
   * @param connection - the test's side, or what has the program's transport, such as its protocol
   */
  reset(
    connection: WorldPeer | IStreamTransport | { readonly transport: IStreamTransport | undefined },
  ): void {
    const transport = 'transport' in connection ? connection.transport : connection
    if (!(transport instanceof MemoryTransport))
      throw new TypeError(
        `Cannot reset: 'connection' must be a connection of the world, got ${String(transport)}`,
      )
    transport.sever()
  }

  /** What the program has open: timers, connections, attempts, listeners. */
  pending(): string[] {
    return pendingOf(this.#time, this.#network)
  }

  /** @throws WorldNotQuietError (`ERR_SENNIT_WORLD_NOT_QUIET`), which lists what the program has left open */
  assertQuiet(): void {
    const pending = this.pending()
    if (pending.length > 0) throw new WorldNotQuietError(pending)
  }

  #machineOf(name: string): ReturnType<Network['machine']> {
    const here = this.#network.machine(HERE)
    return this.#network.find(name, here).machine
  }
}

function pendingOf(time: VirtualTime, network: Network): string[] {
  return [...time.getDelayedCalls(), ...network.open].map(String)
}

function latencyOf(latency: Duration | readonly [Duration, Duration]): readonly [Seconds, Seconds] {
  const [shortest, longest] = typeof latency === 'object' ? latency : [latency, latency]
  return [toSeconds(shortest, 'latency'), toSeconds(longest, 'latency')]
}

function parsedUDP(text: string): { readonly host: string; readonly port: number } {
  return worldAddress(text, 'udp') as WorldAddress & { readonly kind: 'udp' }
}
