/**
 * Places to listen at by TCP.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `TCP4ServerEndpoint`, `TCP6ServerEndpoint`.
 * Differs: the reactor may be left out; the backlog is the platform's unless told otherwise.
 *
 * @module
 */
import type {
  ConnectionHandler,
  IListeningPort,
  IReactorTCP,
  IReactorTime,
  IStreamServerEndpoint,
  TCPListenOptions,
} from '@sennit/interfaces'
import { reactorWith } from '@sennit/reactor'
import { endpointText } from './endpoint-text.ts'
import { checkedPort } from './option-checks.ts'

/** Options of an endpoint that listens by TCP. */
export interface TCPServerEndpointOptions {
  /** The local address. @defaultValue all of IPv4; for `TCP6ServerEndpoint` all of IPv6 */
  readonly interface?: string | undefined
  /** How many connections wait to be accepted, at most. @defaultValue the platform's */
  readonly backlog?: number | undefined
  /** The reactor. @defaultValue the `context`'s, in the options of `listen`, else the global one */
  readonly reactor?: IReactorTime | undefined
}

/**
 * Listens at an IPv4 port.
 *
 * @example
 * ```ts
 * const port = await new TCP4ServerEndpoint(8080, { interface: '127.0.0.1' }).listen(handler(serve))
 * ```
 */
export class TCP4ServerEndpoint implements IStreamServerEndpoint {
  readonly port: number
  readonly interface: string
  readonly #backlog: number | undefined
  readonly #reactor: IReactorTime | undefined

  /**
   * @param port - 0 picks a free one
   * @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`) when the port is none
   */
  constructor(port: number, { interface: local = '', backlog, reactor }: TCPServerEndpointOptions = {}) {
    this.port = checkedPort(port)
    this.interface = local
    this.#backlog = backlog
    this.#reactor = reactor
  }

  /**
   * Listens.
   *
   * @param options - passed on to the reactor; what they say stands above what the endpoint says
   * @throws CannotListenError, as a rejection
   * @throws MissingRoleError (`ERR_SENNIT_MISSING_ROLE`), as a rejection, when the reactor has no TCP
   */
  async listen(handler: ConnectionHandler, options: TCPListenOptions = {}): Promise<IListeningPort> {
    const reactor = this.#reactor ?? options.context?.reactor
    return reactorWith<IReactorTCP>(reactor, 'IReactorTCP', ['listenTCP']).listenTCP(this.port, handler, {
      ...options,
      interface: options.interface ?? this.interface,
      backlog: options.backlog ?? this.#backlog,
    })
  }

  /** The string that describes it. */
  toString(): string {
    return endpointText('tcp', [this.port], {
      interface: this.interface || undefined,
      backlog: this.#backlog,
    })
  }
}

/**
 * Listens at an IPv6 port.
 *
 * @example
 * ```ts
 * const port = await new TCP6ServerEndpoint(8080, { interface: '::1' }).listen(handler(serve))
 * ```
 */
export class TCP6ServerEndpoint extends TCP4ServerEndpoint {
  constructor(port: number, { interface: local = '::', ...options }: TCPServerEndpointOptions = {}) {
    super(port, { ...options, interface: local })
  }

  override toString(): string {
    return super.toString().replace(/^tcp:/, 'tcp6:')
  }
}
