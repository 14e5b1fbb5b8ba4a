/**
 * The arguments of one endpoint string, as the parser of its type reads them.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_parse` and the parsers' signatures.
 * Differs: arguments are asked for by name and kind, so that an error names the argument, what it must be, and its position.
 *
 * @module
 */
import type { IReactorTime } from '@sennit/interfaces'
import type { ArgumentKind } from './argument-kinds.ts'
import type { EndpointField } from './endpoint-fields.ts'
import { EndpointSyntaxError } from './errors.ts'

/**
 * Hands out arguments: for each name the keyword of that name, else the next plain field. The order in which a parser asks
 * is therefore the order of the plain fields.
 *
 * @example
 * ```ts
 * clientEndpointTypes.register('gateway', (args) => new GatewayEndpoint(args.required('host', hostArgument)))
 * ```
 */
export class EndpointArguments {
  /** The type, in lower case. */
  readonly type: string
  /** The whole endpoint string. */
  readonly description: string
  /** The reactor that was given beside the string, if one was. */
  readonly reactor: IReactorTime | undefined
  readonly #plain: EndpointField[] = []
  readonly #keywords: Map<string, EndpointField> = new Map()
  readonly #asked: string[] = []
  #next = 0

  /** @internal */
  constructor(
    type: string,
    description: string,
    fields: Iterable<EndpointField>,
    reactor: IReactorTime | undefined,
  ) {
    this.type = type
    this.description = description
    this.reactor = reactor
    for (const field of fields) {
      if (field.keyword === undefined) this.#plain.push(field)
      else this.#keywords.set(field.keyword, field)
    }
  }

  /**
   * An argument that must be there.
   *
   * @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`) when it is missing or not of the kind
   */
  required<T>(name: string, kind: ArgumentKind<T>): T {
    const field = this.#take(name) ?? this.#nextPlain()
    if (field !== undefined) return this.#read(name, kind, field)
    throw new EndpointSyntaxError(this.description, {
      position: this.description.length,
      what: name,
      expected: kind.wanted,
    })
  }

  /**
   * An argument that may be missing.
   *
   * @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`) when it is not of the kind
   */
  optional<T>(name: string, kind: ArgumentKind<T>): T | undefined {
    const field = this.#take(name) ?? this.#nextPlain()
    return field && this.#read(name, kind, field)
  }

  /**
   * An argument that may be missing, and that is only ever written as `name=value`.
   *
   * @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`) when it is not of the kind
   */
  keyword<T>(name: string, kind: ArgumentKind<T>): T | undefined {
    const field = this.#take(name)
    return field && this.#read(name, kind, field)
  }

  /**
   * Checks that every argument was asked for.
   *
   * @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`)
   * @internal
   */
  finish(): void {
    const names = this.#asked.join(', ') || 'none'
    for (const [keyword, { position }] of this.#keywords) {
      this.#fail('keyword', `one of those that '${this.type}' has (${names})`, keyword, position)
    }
    const extra = this.#nextPlain()
    if (extra)
      this.#fail('argument', `one of those that '${this.type}' has (${names})`, extra.value, extra.position)
  }

  #take(name: string): EndpointField | undefined {
    this.#asked.push(name)
    const field = this.#keywords.get(name)
    if (field) this.#keywords.delete(name)
    return field
  }

  #nextPlain(): EndpointField | undefined {
    return this.#plain[this.#next++]
  }

  #read<T>(name: string, kind: ArgumentKind<T>, { value, valuePosition }: EndpointField): T {
    const result = kind.read(value)
    if (result === undefined) this.#fail(name, kind.wanted, value, valuePosition)
    return result as T
  }

  #fail(what: string, expected: string, got: string, position: number): never {
    throw new EndpointSyntaxError(this.description, { position, what, expected, got })
  }
}
