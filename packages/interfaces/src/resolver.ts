/**
 * Roles of finding the addresses of a name.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `IHostnameResolver`, `IResolutionReceiver`, `IHostResolution`,
 * `IReactorPluggableNameResolver`, `IResolverSimple`.
 * Differs: a resolution can be cancelled, and says what went wrong.
 *
 * @module
 */
import type { IHostPort } from './address.ts'

/** A resolution that goes on. */
export interface IHostResolution {
  /** What is looked up. */
  readonly name: string
  /** The receiver is told nothing any more. */
  cancel(): void
}

/** Is told the addresses of a name. */
export interface IResolutionReceiver {
  /** Told first, inside `resolveHostName`. */
  resolutionBegan(resolution: IHostResolution): void
  /** One of the addresses; in the order in which they are to be tried. */
  addressResolved(address: IHostPort): void
  /** There are no more. @param error - why there are none, or not all */
  resolutionComplete(error?: Error): void
}

/** Options of a resolution. */
export interface ResolutionOptions {
  /** The port that the addresses shall have. @defaultValue 0 */
  readonly port?: number | undefined
  /** Only addresses of this family. @defaultValue both */
  readonly family?: 4 | 6 | undefined
}

/** Finds the addresses of names. */
export interface IHostnameResolver {
  /** Begins to look a name up. An IP literal is its own address. */
  resolveHostName(receiver: IResolutionReceiver, name: string, options?: ResolutionOptions): IHostResolution
}

/** A reactor whose way of finding addresses can be exchanged. */
export interface IReactorPluggableNameResolver {
  readonly nameResolver: IHostnameResolver
  /** @returns the one before */
  installNameResolver(resolver: IHostnameResolver): IHostnameResolver
}

/** Finds one address of a name. */
export interface IReactorResolve {
  /**
   * The first IPv4 address; `0.0.0.0` for the empty name, a literal for itself.
   *
   * @throws DNSLookupError (as a rejection)
   */
  resolve(name: string): Promise<string>
}
