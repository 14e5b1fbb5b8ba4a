/**
 * A socket that listens already, as a place to listen at.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `AdoptedStreamServerEndpoint`.
 * Differs: the descriptor is taken over, not copied, because Node cannot duplicate one: who gives it neither uses nor closes it
 * from the first `listen` on, unless that fails.
 *
 * @module
 */
import type {
  ConnectionHandler,
  IListeningPort,
  IReactorSocket,
  IReactorTime,
  IStreamServerEndpoint,
  SocketFamily,
  StreamListenOptions,
} from '@sennit/interfaces'
import { AlreadyListened } from '@sennit/protocol'
import { reactorWith } from '@sennit/reactor'
import { endpointText } from './endpoint-text.ts'
import { checkedDescriptor, checkedFamily } from './option-checks.ts'

/** Options of an endpoint over a socket that listens already. */
export interface AdoptedStreamServerEndpointOptions {
  /** The reactor. @defaultValue the `context`'s, in the options of `listen`, else the global one */
  readonly reactor?: IReactorTime | undefined
}

/**
 * Listens at a socket that somebody else has opened; only once.
 *
 * @example
 * ```ts
 * const port = await new AdoptedStreamServerEndpoint(3, 'INET').listen(handler(serve))
 * ```
 */
export class AdoptedStreamServerEndpoint implements IStreamServerEndpoint {
  readonly fd: number
  readonly family: SocketFamily
  readonly #reactor: IReactorTime | undefined
  #used = false

  /**
   * @param fd - the descriptor of a stream socket that listens
   * @param family - what kind of addresses it has
   * @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`) when either is none
   */
  constructor(fd: number, family: SocketFamily, { reactor }: AdoptedStreamServerEndpointOptions = {}) {
    this.fd = checkedDescriptor(fd)
    this.family = checkedFamily(family)
    this.#reactor = reactor
  }

  /**
   * Takes the socket over.
   *
   * @param options - passed on to the reactor
   * @throws AlreadyListened (`ERR_SENNIT_ALREADY_LISTENED`), as a rejection, from the second call on, whatever became of the first
   * @throws CannotListenError, UnsupportedAddressFamily, UnsupportedSocketType, as a rejection
   * @throws MissingRoleError (`ERR_SENNIT_MISSING_ROLE`), as a rejection, when the reactor can take no sockets over
   */
  async listen(handler: ConnectionHandler, options: StreamListenOptions = {}): Promise<IListeningPort> {
    if (this.#used) throw new AlreadyListened()
    this.#used = true
    const reactor = this.#reactor ?? options.context?.reactor
    const adopts = reactorWith<IReactorSocket>(reactor, 'IReactorSocket', ['adoptStreamPort'])
    return adopts.adoptStreamPort(this.fd, this.family, handler, options)
  }

  /** The string that describes it. */
  toString(): string {
    return endpointText('fd', [this.fd], { domain: this.family === 'INET' ? undefined : this.family })
  }
}
