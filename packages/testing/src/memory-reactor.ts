/**
 * A reactor that records what it is asked for and does nothing.
 *
 * Source: Twisted, `twisted/internet/testing.py`, `MemoryReactor`.
 * Differs: calls are recorded as objects; its connectors tell their factories; UDP, `resolve`, `fireSystemEvent` and
 * `removeSystemEventTrigger` work.
 *
 * @module
 */
import type {
  ConnectionHandler,
  IClientFactory,
  IDatagramProtocol,
  IListeningPort,
  ILog,
  IReactorTCP,
  IReactorUDP,
  TCPConnectOptions,
  TCPListenOptions,
  UDPListenOptions,
} from '@sennit/interfaces'
import { type InternetType, internetAddress } from '@sennit/protocol'
import { defaultLog } from '@sennit/runtime'
import { DoubleStateError } from './errors.ts'
import { RecordedConnector } from './recorded-connector.ts'
import { RecordedPort } from './recorded-port.ts'

/** One call of `listenTCP`. */
export interface TCPServerRecord {
  readonly port: number
  readonly handler: ConnectionHandler
  readonly options: TCPListenOptions
  readonly listeningPort: RecordedPort
}

/** One call of `connectTCP`. */
export interface TCPClientRecord {
  readonly host: string
  readonly port: number
  readonly factory: IClientFactory
  readonly options: TCPConnectOptions
  readonly connector: RecordedConnector
}

/** One call of `listenUDP`. */
export interface UDPServerRecord {
  readonly port: number
  readonly protocol: IDatagramProtocol
  readonly options: UDPListenOptions
  readonly listeningPort: RecordedPort
}

/** When a trigger is called, in relation to its event. */
export type Phase = 'before' | 'during' | 'after'

/** One call of `addSystemEventTrigger`; also what takes it back. */
export interface TriggerRecord {
  readonly phase: Phase
  readonly event: string
  readonly call: () => void
}

/** Options of `MemoryReactor`. */
export interface MemoryReactorOptions {
  /** Where errors of factories go. @defaultValue the default log */
  readonly log?: ILog | undefined
}

/**
 * Records calls.
 *
 * @example
 * ```ts
 * const reactor = new MemoryReactor()
 * const connector = reactor.connectTCP('example.org', 80, factory)
 * assert.equal(reactor.tcpClients[0].host, 'example.org')
 * connector.succeed()                      // the factory builds its protocol, on a StringTransport
 * ```
 */
export class MemoryReactor implements IReactorTCP, IReactorUDP {
  /** `undefined` after a crash. */
  running: boolean | undefined = false
  hasRun = false
  hasStopped = false
  hasCrashed = false
  readonly tcpServers: TCPServerRecord[] = []
  readonly tcpClients: TCPClientRecord[] = []
  readonly udpServers: UDPServerRecord[] = []
  /** The connectors of all clients, in the order in which they were asked for. */
  readonly connectors: RecordedConnector[] = []
  readonly whenRunningHooks: (() => void)[] = []
  /** By phase, then by event. */
  readonly triggers: Readonly<Record<Phase, Map<string, TriggerRecord[]>>> = {
    before: new Map(),
    during: new Map(),
    after: new Map(),
  }
  readonly #log: ILog

  constructor({ log = defaultLog }: MemoryReactorOptions = {}) {
    this.#log = log
  }

  /** Records; the port says that it listens on the given port. */
  listenTCP(
    port: number,
    handler: ConnectionHandler,
    options: TCPListenOptions = {},
  ): Promise<IListeningPort> {
    const listeningPort = recordedPort('TCP', port, options.interface)
    this.tcpServers.push({ port, handler, options, listeningPort })
    return Promise.resolve(listeningPort)
  }

  /** Records, and tells the factory that it starts and connects. */
  connectTCP(
    host: string,
    port: number,
    factory: IClientFactory,
    options: TCPConnectOptions = {},
  ): RecordedConnector {
    const connector = new RecordedConnector(internetAddress('TCP', host, port), factory, this.#log)
    this.tcpClients.push({ host, port, factory, options, connector })
    this.connectors.push(connector)
    connector.connect()
    return connector
  }

  /** Records; the protocol is not connected. */
  listenUDP(
    port: number,
    protocol: IDatagramProtocol,
    options: UDPListenOptions = {},
  ): Promise<IListeningPort> {
    const listeningPort = recordedPort('UDP', port, options.interface)
    this.udpServers.push({ port, protocol, options, listeningPort })
    return Promise.resolve(listeningPort)
  }

  /** The name itself, as if every name were an address; the empty name is `0.0.0.0`. */
  resolve(name: string): Promise<string> {
    return Promise.resolve(name === '' ? '0.0.0.0' : name)
  }

  /**
   * Runs the hooks, then stops at once.
   *
   * @throws DoubleStateError (`ERR_SENNIT_DOUBLE_STATE`) when it runs already
   */
  run(): void {
    if (this.running === true) throw new DoubleStateError('Cannot run the reactor: it is running already')
    this.running = true
    this.hasRun = true
    for (const hook of this.whenRunningHooks) hook()
    this.stop()
  }

  stop(): void {
    this.running = false
    this.hasStopped = true
  }

  crash(): void {
    this.running = undefined
    this.hasCrashed = true
  }

  /** Records a function for `run`; while it runs, calls it at once. */
  callWhenRunning<A extends readonly unknown[]>(f: (...args: A) => void, ...args: A): void {
    if (this.running === true) f(...args)
    else this.whenRunningHooks.push(() => f(...args))
  }

  /** Records a function for an event; `fireSystemEvent` calls it. */
  addSystemEventTrigger<A extends readonly unknown[]>(
    phase: Phase,
    event: string,
    f: (...args: A) => void,
    ...args: A
  ): TriggerRecord {
    const trigger: TriggerRecord = { phase, event, call: () => f(...args) }
    const ofPhase = this.triggers[phase]
    const triggers = ofPhase.get(event)
    if (triggers === undefined) ofPhase.set(event, [trigger])
    else triggers.push(trigger)
    return trigger
  }

  /** @throws DoubleStateError (`ERR_SENNIT_DOUBLE_STATE`) when it is not recorded, or not any more */
  removeSystemEventTrigger(trigger: TriggerRecord): void {
    const triggers = this.triggers[trigger.phase].get(trigger.event) ?? []
    const place = triggers.indexOf(trigger)
    if (place < 0)
      throw new DoubleStateError(`Cannot remove a trigger of '${trigger.event}': it is not recorded`)
    triggers.splice(place, 1)
  }

  /** Calls what was recorded for an event: before, during, after, each in the order in which it was recorded, once. */
  fireSystemEvent(event: string): void {
    for (const phase of ['before', 'during', 'after'] as const) {
      for (const trigger of this.triggers[phase].get(event)?.splice(0) ?? []) trigger.call()
    }
  }
}

function recordedPort(type: InternetType, port: number, host: string | undefined): RecordedPort {
  return new RecordedPort(internetAddress(type, host === undefined || host === '' ? '0.0.0.0' : host, port))
}
