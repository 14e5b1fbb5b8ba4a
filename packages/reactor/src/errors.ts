/**
 * Errors of the global reactor, and of what must be installed besides. All others are in `@sennit/protocol`.
 *
 * @module
 */

/** No reactor is registered under a name. */
export class NoSuchReactorError extends Error {
  override readonly name = 'NoSuchReactorError'
  readonly code = 'ERR_SENNIT_NO_SUCH_REACTOR'
  /** The name that was asked for. */
  readonly reactor: string
  constructor(reactor: string, known: readonly string[]) {
    const names = known.map((name) => JSON.stringify(name)).join(', ')
    super(`Cannot install a reactor: its name must be one of ${names}, got ${JSON.stringify(reactor)}`)
    this.reactor = reactor
  }
}

/** A package that is needed only for this is not installed, or does not run on this system. */
export class MissingPeerError extends Error {
  override readonly name = 'MissingPeerError'
  readonly code = 'ERR_SENNIT_MISSING_PEER'
  /** The package. */
  readonly package: string
  constructor(action: string, package_: string, options?: ErrorOptions) {
    super(
      `Cannot ${action}: the package ${package_} cannot be loaded, install it by 'npm install ${package_}'`,
      options,
    )
    this.package = package_
  }
}
