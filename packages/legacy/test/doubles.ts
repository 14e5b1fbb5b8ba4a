/** What several suites need besides `@sennit/testing`. */
import type {
  IAddress,
  IClientFactory,
  IConnectedDatagramProtocol,
  IConnector,
  IDatagramConnector,
  IListeningPort,
} from '@sennit/interfaces'
import { ClientFactory, DatagramProtocol, internetAddress, Protocol, UNIXAddress } from '@sennit/protocol'
import { Clock, hasRole } from '@sennit/runtime'
import { MemoryLog, RecordedConnector, RecordedPort } from '@sennit/testing'

/** A factory that remembers what it was told. */
export class RecorderFactory extends ClientFactory<Protocol> {
  readonly events: string[] = []
  readonly built: Protocol[] = []
  connector: IConnector | undefined
  reason: Error | undefined

  override doStart(): void {
    this.events.push('doStart')
  }

  override doStop(): void {
    this.events.push('doStop')
  }

  override startedConnecting(connector: IConnector): void {
    this.events.push('startedConnecting')
    this.connector = connector
  }

  override buildProtocol(): Protocol {
    this.events.push('buildProtocol')
    const protocol = new Protocol()
    this.built.push(protocol)
    return protocol
  }

  override clientConnectionFailed(connector: IConnector, reason: Error): void {
    this.events.push('clientConnectionFailed')
    this.connector = connector
    this.reason = reason
  }

  override clientConnectionLost(connector: IConnector, reason: Error): void {
    this.events.push('clientConnectionLost')
    this.connector = connector
    this.reason = reason
  }
}

/** A datagram protocol that remembers what it was told. */
export class DatagramRecorder extends DatagramProtocol {
  readonly datagrams: string[] = []
  readonly events: string[] = []

  override startProtocol(): void {
    this.events.push('start')
  }

  override stopProtocol(): void {
    this.events.push('stop')
  }

  override datagramReceived(datagram: Uint8Array): void {
    this.datagrams.push(Buffer.from(datagram).toString())
  }
}

/** A protocol of a datagram client that remembers what it was told. */
export class DatagramClientRecorder implements IConnectedDatagramProtocol {
  readonly datagrams: string[] = []
  readonly errors: Error[] = []
  transport: Parameters<IConnectedDatagramProtocol['makeConnection']>[0] | undefined

  makeConnection(transport: NonNullable<typeof this.transport>): void {
    this.transport = transport
  }

  datagramReceived(datagram: Uint8Array): void {
    this.datagrams.push(Buffer.from(datagram).toString())
  }

  connectionFailed(error: Error): void {
    this.errors.push(error)
  }

  doStart(): void {}

  doStop(): void {}
}

/** A connector of datagrams that remembers whether it was told to disconnect. */
export class RecordedDatagramConnector implements IDatagramConnector {
  disconnected = false
  /** What `disconnect` waits for. */
  closing: Promise<void> | undefined
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  disconnect(): void | Promise<void> {
    this.disconnected = true
    return this.closing
  }

  getDestination(): UNIXAddress {
    return new UNIXAddress(this.#path)
  }
}

/** One call of a listen or connect method. */
export interface Call {
  readonly method: string
  /** All that came before the options. */
  readonly args: readonly unknown[]
  readonly options: object
}

/** A reactor with every listen and connect method there is: it records the calls and does nothing. */
export class CallRecorder extends Clock {
  readonly calls: Call[] = []
  readonly ports: RecordedPort[] = []
  readonly connectors: RecordedConnector[] = []
  readonly datagramConnectors: RecordedDatagramConnector[] = []
  /** What a listen call returns. */
  listening: (port: RecordedPort) => Promise<IListeningPort> = (port) => Promise.resolve(port)
  /** What a connect call throws. */
  connectError: Error | undefined

  constructor() {
    super()
    for (const suffix of ['TCP', 'UNIX', 'SSL', 'UDP', 'UNIXDatagram', 'Multicast']) {
      this.#add(`listen${suffix}`, ([place]) => {
        const port = new RecordedPort(addressOf(place))
        this.ports.push(port)
        return this.listening(port)
      })
    }
    for (const suffix of ['TCP', 'UNIX', 'SSL']) {
      this.#add(`connect${suffix}`, (args) => {
        if (this.connectError) throw this.connectError
        const factory = args.find((each) => hasRole<IClientFactory>(each, ['startedConnecting']))!
        const connector = new RecordedConnector(addressOf(args[0]), factory, new MemoryLog())
        this.connectors.push(connector)
        connector.connect()
        return connector
      })
    }
    this.#add('connectUNIXDatagram', ([path]) => {
      if (this.connectError) throw this.connectError
      const connector = new RecordedDatagramConnector(String(path))
      this.datagramConnectors.push(connector)
      return connector
    })
  }

  #add(method: string, act: (args: readonly unknown[]) => unknown): void {
    const call = (...all: unknown[]) => {
      const [args, options] = [all.slice(0, -1), all.at(-1) as object]
      this.calls.push({ method, args, options })
      return act(args)
    }
    Object.assign(this, { [method]: call })
  }
}

function addressOf(place: unknown): IAddress {
  return typeof place === 'number'
    ? internetAddress('TCP', '127.0.0.1', place)
    : new UNIXAddress(String(place))
}
