/**
 * A socket that the process was started with, as a place to listen at.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_SystemdParser`; `twisted/python/systemd.py`.
 * Differs: the sockets are asked for by a role when the endpoint listens, not when its string is read.
 *
 * @module
 */
import type {
  ConnectionHandler,
  IInheritedSockets,
  IListeningPort,
  InheritedSocket,
  IReactorTime,
  IStreamServerEndpoint,
  SocketFamily,
  StreamListenOptions,
} from '@sennit/interfaces'
import { reactorWith } from '@sennit/reactor'
import { AdoptedStreamServerEndpoint } from './adopted-stream-server-endpoint.ts'
import { endpointText } from './endpoint-text.ts'
import { InheritedSocketError } from './errors.ts'
import { checkedFamily } from './option-checks.ts'

/** Which of the inherited sockets: by its place, from 0, or by the name that the service manager gave it. */
export type InheritedSocketChoice =
  | { readonly index: number; readonly name?: undefined }
  | { readonly name: string; readonly index?: undefined }

/** Options of an endpoint over an inherited socket. */
export interface InheritedStreamServerEndpointOptions {
  /** The reactor. @defaultValue the `context`'s, in the options of `listen`, else the global one */
  readonly reactor?: IReactorTime | undefined
}

/**
 * Listens at a socket that a service manager such as systemd has opened; only once.
 *
 * @example
 * ```ts
 * const port = await new InheritedStreamServerEndpoint('INET6', { name: 'http' }).listen(handler(serve))
 * ```
 */
export class InheritedStreamServerEndpoint implements IStreamServerEndpoint {
  readonly family: SocketFamily
  readonly choice: InheritedSocketChoice
  readonly #reactor: IReactorTime | undefined
  #adopted: AdoptedStreamServerEndpoint | undefined

  /** @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`) when the family is none */
  constructor(
    family: SocketFamily,
    choice: InheritedSocketChoice,
    { reactor }: InheritedStreamServerEndpointOptions = {},
  ) {
    this.family = checkedFamily(family)
    this.choice = choice
    this.#reactor = reactor
  }

  /**
   * Takes the socket over.
   *
   * @param options - passed on to the reactor
   * @throws InheritedSocketError (`ERR_SENNIT_INHERITED_SOCKET`), as a rejection, when there is no such socket,
   * or when several have the name
   * @throws AlreadyListened (`ERR_SENNIT_ALREADY_LISTENED`), as a rejection, when the socket was taken over before
   * @throws CannotListenError, UnsupportedAddressFamily, UnsupportedSocketType, as a rejection
   * @throws MissingRoleError (`ERR_SENNIT_MISSING_ROLE`), as a rejection, when the reactor knows no inherited sockets
   */
  async listen(handler: ConnectionHandler, options: StreamListenOptions = {}): Promise<IListeningPort> {
    if (this.#adopted === undefined) {
      const given = this.#reactor ?? options.context?.reactor
      const reactor = reactorWith<IInheritedSockets>(given, 'IInheritedSockets', ['inheritedSockets'])
      const { fd } = this.#chosen(reactor.inheritedSockets())
      this.#adopted = new AdoptedStreamServerEndpoint(fd, this.family, { reactor: this.#reactor })
    }
    return this.#adopted.listen(handler, options)
  }

  #chosen(sockets: readonly InheritedSocket[]): InheritedSocket {
    const { index, name } = this.choice
    if (index !== undefined) {
      const socket = sockets[index]
      if (socket) return socket
      const wanted = sockets.length === 0 ? 'that of a socket (there is none)' : `below ${sockets.length}`
      throw new InheritedSocketError('index', wanted, index)
    }
    const [socket, other] = sockets.filter((each) => each.name === name)
    // All sockets of one unit have the same name. Of those that nobody serves, clients would wait for ever.
    if (other) throw new InheritedSocketError('name', "that of a single socket, or an 'index' instead", name)
    if (socket) return socket
    const names = sockets.map((each) => JSON.stringify(each.name)).join(', ')
    throw new InheritedSocketError('name', `one of those that there are (${names || 'none'})`, name)
  }

  /** The string that describes it. */
  toString(): string {
    const { index, name } = this.choice
    return endpointText('systemd', [], { domain: this.family, index, name })
  }
}
