/**
 * A place to listen at by a UNIX socket.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `UNIXServerEndpoint`.
 * Differs: the reactor may be left out; only user and group may connect unless told otherwise.
 *
 * @module
 */
import type {
  ConnectionHandler,
  IListeningPort,
  IReactorTime,
  IReactorUNIX,
  IStreamServerEndpoint,
  UNIXListenOptions,
} from '@sennit/interfaces'
import { reactorWith } from '@sennit/reactor'
import { endpointText } from './endpoint-text.ts'
import { checkedMode, checkedPath } from './option-checks.ts'

/** Options of an endpoint that listens by a UNIX socket. */
export interface UNIXServerEndpointOptions {
  /** Who may connect: the mode of the socket's file. @defaultValue 0o660 */
  readonly mode?: number | undefined
  /** How many connections wait to be accepted, at most. @defaultValue the platform's */
  readonly backlog?: number | undefined
  /** Holds `PATH.lock`, so that a second process cannot take the path over. @defaultValue false */
  readonly wantPID?: boolean | undefined
  /** The reactor. @defaultValue the `context`'s, in the options of `listen`, else the global one */
  readonly reactor?: IReactorTime | undefined
}

/**
 * Listens at a path.
 *
 * @example
 * ```ts
 * const port = await new UNIXServerEndpoint('/run/app/control.sock', { mode: 0o600 }).listen(handler(serve))
 * ```
 */
export class UNIXServerEndpoint implements IStreamServerEndpoint {
  readonly path: string
  readonly #options: Pick<UNIXListenOptions, 'mode' | 'backlog' | 'wantPID'>
  readonly #reactor: IReactorTime | undefined

  /**
   * @param path - at most 107 bytes
   * @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`) when the path or the mode is none
   */
  constructor(path: string, { mode, backlog, wantPID, reactor }: UNIXServerEndpointOptions = {}) {
    this.path = checkedPath(path)
    this.#options = { mode: checkedMode(mode), backlog, wantPID }
    this.#reactor = reactor
  }

  /**
   * Listens.
   *
   * @param options - passed on to the reactor; what they say stands above what the endpoint says
   * @throws CannotListenError, as a rejection
   * @throws MissingRoleError (`ERR_SENNIT_MISSING_ROLE`), as a rejection, when the reactor has no UNIX sockets
   */
  async listen(handler: ConnectionHandler, options: UNIXListenOptions = {}): Promise<IListeningPort> {
    const reactor = this.#reactor ?? options.context?.reactor
    return reactorWith<IReactorUNIX>(reactor, 'IReactorUNIX', ['listenUNIX']).listenUNIX(this.path, handler, {
      ...options,
      mode: options.mode ?? this.#options.mode,
      backlog: options.backlog ?? this.#options.backlog,
      wantPID: options.wantPID ?? this.#options.wantPID,
    })
  }

  /** The string that describes it. */
  toString(): string {
    const { mode, backlog, wantPID = false } = this.#options
    return endpointText('unix', [this.path], {
      mode: mode?.toString(8),
      backlog,
      // In a string it is on unless told otherwise.
      lockfile: wantPID ? undefined : false,
    })
  }
}
