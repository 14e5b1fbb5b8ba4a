/** The least that is an endpoint over a reactor: the package of endpoints stands above this one. */
import type {
  ConnectOptions,
  IClientFactory,
  IProtocol,
  IProtocolFactory,
  IReactorTCP,
  IReactorTime,
  IStreamClientEndpoint,
  IStreamTransport,
} from '@sennit/interfaces'

export class TCPEndpoint implements IStreamClientEndpoint {
  readonly #reactor: IReactorTCP | undefined
  readonly #host: string
  readonly #port: () => number

  /** @param reactor - the one that the client inherits when there is none */
  constructor(reactor: IReactorTCP | undefined, host: string, port: number | (() => number)) {
    this.#reactor = reactor
    this.#host = host
    this.#port = typeof port === 'number' ? () => port : port
  }

  connect<P extends IProtocol>(factory: IProtocolFactory<P>, options: ConnectOptions = {}): Promise<P> {
    const reactor = this.#reactor ?? (options.context!.reactor as IReactorTime & IReactorTCP)
    return new Promise<P>((resolve, reject) => {
      const once: IClientFactory = {
        doStart: () => factory.doStart(),
        doStop: () => factory.doStop(),
        startedConnecting: () => {},
        clientConnectionFailed: (_connector, reason) => reject(reason),
        clientConnectionLost: (_connector, reason) => reject(reason),
        buildProtocol: (address) => {
          let protocol: P | undefined
          try {
            protocol = factory.buildProtocol(address)
          } catch (error) {
            reject(error as Error)
          }
          if (protocol === undefined) {
            reject(new Error('no protocol'))
            return undefined
          }
          const built = protocol
          const makeConnection = built.makeConnection.bind(built)
          built.makeConnection = (transport: IStreamTransport) => {
            makeConnection(transport)
            resolve(built)
          }
          return built
        },
      }
      const connector = reactor.connectTCP(this.#host, this.#port(), once, options)
      options.signal?.addEventListener('abort', () => {
        reject(options.signal!.reason as Error)
        connector.disconnect()
      })
    })
  }

  toString(): string {
    return `tcp:${this.#host}:${this.#port()}`
  }
}
