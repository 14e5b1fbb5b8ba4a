/**
 * Several places to listen at, as one.
 *
 * @module
 */
import type {
  ConnectionHandler,
  Description,
  Fact,
  IAddress,
  IInspectable,
  IListeningPort,
  IStreamServerEndpoint,
  StreamListenOptions,
} from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import { EndpointOptionError } from './errors.ts'

/**
 * Listens at several endpoints with one handler; at all of them, or at none.
 *
 * What the options say, such as `maxConnections`, is true of each port.
 *
 * @example
 * ```ts
 * const both = new CombinedServerEndpoint([new TCP4ServerEndpoint(8080), new TCP6ServerEndpoint(8080)])
 * ```
 */
export class CombinedServerEndpoint implements IStreamServerEndpoint {
  readonly #endpoints: readonly IStreamServerEndpoint[]

  /** @throws EndpointOptionError (`ERR_SENNIT_ENDPOINT_OPTION`) when there is no endpoint */
  constructor(endpoints: Iterable<IStreamServerEndpoint>) {
    this.#endpoints = [...endpoints]
    if (this.#endpoints.length === 0)
      throw new EndpointOptionError('endpoints', 'one endpoint or more', 'none')
  }

  /**
   * Listens at each, in order; when one fails, the ports of those before it are closed again.
   *
   * @throws what that one's `listen` throws, as a rejection
   */
  async listen(handler: ConnectionHandler, options?: StreamListenOptions): Promise<CombinedPort> {
    const ports: IListeningPort[] = []
    try {
      for (const endpoint of this.#endpoints) ports.push(await endpoint.listen(handler, options))
    } catch (error) {
      await Promise.allSettled(ports.map(async (port) => port.stopListening()))
      throw error
    }
    return new CombinedPort(ports)
  }

  toString(): string {
    return this.#endpoints.join(', ')
  }
}

/** Several ports, as one. */
export class CombinedPort implements IListeningPort, IInspectable {
  /** In the order of the endpoints. */
  readonly ports: readonly IListeningPort[]

  /** @internal */
  constructor(ports: readonly IListeningPort[]) {
    this.ports = ports
  }

  /** Where the first one listens. */
  getHost(): IAddress {
    return this.ports[0]!.getHost()
  }

  serve(): void {
    for (const port of this.ports) port.serve()
  }

  /**
   * Stops all at once, and settles when each is closed.
   *
   * @throws AggregateError, as a rejection, with the errors of those that could not be closed
   */
  async stopListening(): Promise<void> {
    const results = await Promise.allSettled(this.ports.map(async (port) => port.stopListening()))
    const errors = results.flatMap((result) => (result.status === 'rejected' ? [asError(result.reason)] : []))
    if (errors.length > 0)
      throw new AggregateError(errors, 'Cannot stop listening: not every port could be closed')
  }

  describe(): Description {
    const children = this.ports.flatMap((port) =>
      hasRole<IInspectable>(port, ['describe']) ? [port.describe()] : [],
    )
    const address = this.ports.map((port) => port.getHost().toString()).join(', ')
    return {
      kind: 'CombinedPort',
      name: undefined,
      state: children[0]?.state ?? 'serving',
      since: children[0]?.since,
      error: children.find(({ error }) => error !== undefined)?.error,
      facts: { ...sums(children), address },
      children,
    }
  }
}

/** What the ports count, together. */
function sums(descriptions: readonly Description[]): Record<string, Fact> {
  const total: Record<string, number> = {}
  for (const { facts } of descriptions) {
    for (const [name, fact] of Object.entries(facts)) {
      if (typeof fact === 'number') total[name] = (total[name] ?? 0) + fact
    }
  }
  return total
}
