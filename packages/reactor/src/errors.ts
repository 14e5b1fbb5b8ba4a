/**
 * Errors of the reactor that are not those of a connection (these are in `@sennit/protocol`).
 *
 * @module
 */
import { inspect } from 'node:util'

/** An argument or an option is not what it must be. */
export class ReactorOptionError extends TypeError {
  override readonly name = 'ReactorOptionError'
  readonly code = 'ERR_SENNIT_REACTOR_OPTION'
  /** The argument or option, such as `'port'`. */
  readonly option: string
  constructor(action: string, option: string, wanted: string, value: unknown) {
    super(`Cannot ${action}: '${option}' must be ${wanted}, got ${inspect(value, { breakLength: Infinity })}`)
    this.option = option
  }
}

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

/** A UDP port that has a fixed peer was to be given another. */
export class AlreadyConnectedError extends Error {
  override readonly name = 'AlreadyConnectedError'
  readonly code = 'ERR_SENNIT_ALREADY_CONNECTED'
  constructor() {
    super('Cannot connect: the port has a fixed peer already')
  }
}
