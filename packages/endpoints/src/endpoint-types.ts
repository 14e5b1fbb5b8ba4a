/**
 * The types that endpoint strings can have.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_serverParsers`, `_endpointClientPlugins`; `twisted/internet/interfaces.py`,
 * `IStreamServerEndpointStringParser`, `IStreamClientEndpointStringParser`.
 * Differs: types are registered by a call; all names are compared without regard to case; an unknown type names the known ones.
 *
 * @module
 */
import type { IReactorTime } from '@sennit/interfaces'
import { EndpointArguments, type EndpointReader } from './endpoint-arguments.ts'
import { type EndpointField, splitEndpointFields } from './endpoint-fields.ts'
import { EndpointSyntaxError, EndpointTypeError } from './errors.ts'

/** Makes an endpoint from the arguments of its string; does no I/O. */
export type EndpointParser<E> = (args: EndpointArguments<E>) => E

/** Options of reading an endpoint string. */
export interface FromStringOptions {
  /** The reactor of the endpoint. @defaultValue what the service that uses it inherited, else the global one */
  readonly reactor?: IReactorTime | undefined
}

/** The types of one of the two kinds of endpoint. */
export class EndpointTypes<E> implements EndpointReader<E> {
  readonly #kind: string
  readonly #parsers: Map<string, EndpointParser<E>>

  /** @internal */
  constructor(kind: string, parsers: Readonly<Record<string, EndpointParser<E>>>) {
    this.#kind = kind
    this.#parsers = new Map(Object.entries(parsers))
  }

  /** The known types. */
  get names(): readonly string[] {
    return [...this.#parsers.keys()]
  }

  /**
   * Adds a type.
   *
   * @param type - letters, digits, '+', '-', '.', beginning with a letter; its case does not matter
   * @param parser - makes the endpoint; arguments that it does not ask for are errors
   * @returns a function that takes the type out again
   * @throws EndpointTypeError (`ERR_SENNIT_ENDPOINT_TYPE`) when the name is no such name, or taken
   * @example
   * ```ts
   * serverEndpointTypes.register('loopback', (args) =>
   *   new TCP4ServerEndpoint(args.required('port', portArgument), { interface: '127.0.0.1', reactor: args.reactor }))
   * ```
   */
  register(type: string, parser: EndpointParser<E>): () => void {
    const key = type.toLowerCase()
    if (!/^[a-z][a-z0-9+.-]*$/.test(key)) {
      throw new EndpointTypeError(
        type,
        "a name of letters, digits, '+', '-' and '.', beginning with a letter",
      )
    }
    if (this.#parsers.has(key)) throw new EndpointTypeError(type, 'a name that is not taken')
    this.#parsers.set(key, parser)
    return () => {
      if (this.#parsers.get(key) === parser) this.#parsers.delete(key)
    }
  }

  /** @internal */
  read(description: string, options: FromStringOptions): E {
    return this.readFields(description, splitEndpointFields(description), options)
  }

  /** @internal */
  readFields(description: string, fields: readonly EndpointField[], { reactor }: FromStringOptions): E {
    const typeField = fields.find(({ keyword }) => keyword === undefined)
    const type = typeField?.value.toLowerCase() ?? ''
    const parser = this.#parsers.get(type)
    if (!parser) {
      throw new EndpointSyntaxError(description, {
        position: typeField?.position ?? fields[0]?.position ?? description.length,
        what: 'type',
        expected: `one of the ${this.#kind} types (${this.names.join(', ')})`,
        got: typeField?.value,
      })
    }
    const rest = fields.filter((field) => field !== typeField)
    const args = new EndpointArguments(type, description, rest, reactor, this)
    const endpoint = parser(args)
    args.finish()
    return endpoint
  }
}
