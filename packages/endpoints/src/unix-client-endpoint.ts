/**
 * A place to connect to by a UNIX socket.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `UNIXClientEndpoint`.
 * Differs: the reactor may be left out.
 *
 * @module
 */
import type {
  ConnectOptions,
  Duration,
  IProtocol,
  IProtocolFactory,
  IReactorTime,
  IReactorUNIX,
  IStreamClientEndpoint,
} from '@sennit/interfaces'
import { UNIXAddress } from '@sennit/protocol'
import { reactorWith } from '@sennit/reactor'
import { toSeconds, type Seconds } from '@sennit/runtime'
import { connectBy } from './connect-attempt.ts'
import { endpointText } from './endpoint-text.ts'
import { checkedPath } from './option-checks.ts'

/** How long an attempt may take unless it is told otherwise. */
const TIMEOUT: Seconds = 30

/** Options of an endpoint that connects by a UNIX socket. */
export interface UNIXClientEndpointOptions {
  /** How long an attempt may take. @defaultValue '30s' */
  readonly timeout?: Duration | undefined
  /** Connects only when `PATH.lock` names a process that lives. @defaultValue false */
  readonly checkPID?: boolean | undefined
  /** The reactor. @defaultValue the `context`'s, in the options of `connect`, else the global one */
  readonly reactor?: IReactorTime | undefined
}

/**
 * Connects to a path.
 *
 * @example
 * ```ts
 * const socket = await new UNIXClientEndpoint('/run/relay/control.sock').connect(duplexFactory())
 * ```
 */
export class UNIXClientEndpoint implements IStreamClientEndpoint {
  readonly path: string
  readonly #timeout: Seconds
  readonly #checkPID: boolean
  readonly #reactor: IReactorTime | undefined

  /**
   * @param path - at most 107 bytes
   * @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`) when the path is none
   * @throws DurationError (`ERR_SENNIT_DURATION`) when the timeout is none
   */
  constructor(path: string, options: UNIXClientEndpointOptions = {}) {
    const { timeout = TIMEOUT, checkPID = false, reactor } = options
    this.path = checkedPath(path)
    this.#timeout = toSeconds(timeout, 'timeout')
    this.#checkPID = checkPID
    this.#reactor = reactor
  }

  /**
   * Connects, and yields the protocol that the factory built, after its `makeConnection`.
   *
   * @param options - what they say stands above what the endpoint says
   * @throws ConnectError, as a rejection, or what else the reactor says
   * @throws ConnectingCancelledError, as a rejection, when the signal is aborted
   * @throws NoProtocolError, as a rejection, when the factory builds no protocol
   * @throws MissingRoleError (`ERR_SENNIT_MISSING_ROLE`), as a rejection, when the reactor has no UNIX sockets
   */
  connect<P extends IProtocol>(factory: IProtocolFactory<P>, options: ConnectOptions = {}): Promise<P> {
    const { signal, timeout = this.#timeout, context } = options
    return connectBy(
      factory,
      signal,
      () => new UNIXAddress(this.path),
      (attempt) => {
        const reactor = reactorWith<IReactorUNIX>(this.#reactor ?? context?.reactor, 'IReactorUNIX', [
          'connectUNIX',
        ])
        return reactor.connectUNIX(this.path, attempt, { timeout, checkPID: this.#checkPID, context })
      },
    )
  }

  /** The string that describes it. */
  toString(): string {
    return endpointText('unix', [this.path], {
      timeout: this.#timeout === TIMEOUT ? undefined : this.#timeout,
      lockfile: this.#checkPID || undefined,
    })
  }
}
