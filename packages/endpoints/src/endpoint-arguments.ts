/**
 * The arguments of one endpoint string, as the parser of its type reads them.
 *
 * Source: Twisted, `twisted/internet/endpoints.py`, `_parse` and the parsers' signatures.
 * Differs: arguments are asked for by name and kind, so that an error names the argument, what it must be, and its position.
 *
 * @module
 */
import type { IReactorTime } from '@sennit/interfaces'
import { type ArgumentKind, textArgument } from './argument-kinds.ts'
import type { EndpointField } from './endpoint-fields.ts'
import { EndpointSyntaxError } from './errors.ts'

/** Reads endpoint strings of one kind, for the types that have another endpoint inside. */
export interface EndpointReader<E> {
  /** @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`) */
  read(description: string, options: { readonly reactor?: IReactorTime | undefined }): E
  /** @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`) */
  readFields(
    description: string,
    fields: readonly EndpointField[],
    options: { readonly reactor?: IReactorTime | undefined },
  ): E
}

/**
 * Hands out arguments: for each name the keyword of that name, else the next plain field. The order in which a parser asks
 * is therefore the order of the plain fields.
 *
 * @example
 * ```ts
 * clientEndpointTypes.register('gateway', (args) => new GatewayEndpoint(args.required('host', hostArgument)))
 * ```
 */
export class EndpointArguments<E = unknown> {
  /** The type, in lower case. */
  readonly type: string
  /** The whole endpoint string. */
  readonly description: string
  /** The reactor that was given beside the string, if one was. */
  readonly reactor: IReactorTime | undefined
  readonly #fields: readonly EndpointField[]
  readonly #reader: EndpointReader<E>
  readonly #plain: readonly EndpointField[]
  readonly #keywords: Map<string, EndpointField> = new Map()
  readonly #asked: Set<string> = new Set()
  readonly #read: Map<string, EndpointField> = new Map()
  #next = 0

  /** @internal */
  constructor(
    type: string,
    description: string,
    fields: readonly EndpointField[],
    reactor: IReactorTime | undefined,
    reader: EndpointReader<E>,
  ) {
    this.type = type
    this.description = description
    this.reactor = reactor
    this.#fields = fields
    this.#reader = reader
    this.#plain = fields.filter(({ keyword }) => keyword === undefined)
    for (const field of fields) if (field.keyword !== undefined) this.#keywords.set(field.keyword, field)
  }

  /**
   * An argument that must be there.
   *
   * @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`) when it is missing or not of the kind
   */
  required<T>(name: string, kind: ArgumentKind<T>): T {
    const field = this.#take(name) ?? this.#nextPlain()
    if (field !== undefined) return this.#value(name, kind, field)
    for (const [keyword, { position }] of this.#keywords) {
      if (keyword.toLowerCase() === name.toLowerCase()) this.#fail('keyword', `'${name}'`, keyword, position)
    }
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
    return field && this.#value(name, kind, field)
  }

  /**
   * An argument that may be missing, and that is only ever written as `name=value`.
   *
   * @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`) when it is not of the kind
   */
  keyword<T>(name: string, kind: ArgumentKind<T>): T | undefined {
    const field = this.#take(name)
    return field && this.#value(name, kind, field)
  }

  /**
   * The endpoint that the value of a keyword describes.
   *
   * @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`) when that cannot be read
   */
  endpoint(name: string): E | undefined {
    const text = this.keyword(name, textArgument)
    return text === undefined ? undefined : this.#reader.read(text, { reactor: this.reactor })
  }

  /**
   * The endpoint that all arguments describe that were not asked for, the first plain one being its type.
   *
   * @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`) when they describe none
   * @example
   * ```ts
   * serverEndpointTypes.register('logged', (args) => new LoggedEndpoint(args.rest()))
   * ```
   */
  rest(): E {
    const plain = new Set(this.#plain.slice(this.#next))
    const fields = this.#fields.filter((field) =>
      field.keyword === undefined ? plain.has(field) : this.#keywords.has(field.keyword),
    )
    this.#next = this.#plain.length
    this.#keywords.clear()
    return this.#reader.readFields(this.description, fields, { reactor: this.reactor })
  }

  /**
   * An error about an argument, for a parser that checks more than the kinds do.
   *
   * @param expected - what was expected
   * @param got - what there is instead, nothing when it is missing
   */
  fault(name: string, expected: string, got?: string): EndpointSyntaxError {
    const position = this.#read.get(name)?.valuePosition ?? this.description.length
    return new EndpointSyntaxError(this.description, { position, what: name, expected, got })
  }

  /**
   * Checks that every argument was asked for.
   *
   * @throws EndpointSyntaxError (`ERR_SENNIT_ENDPOINT_SYNTAX`)
   * @internal
   */
  finish(): void {
    const names = [...this.#asked].join(', ') || 'none'
    for (const [keyword, { position }] of this.#keywords) {
      this.#fail('keyword', `one of those that '${this.type}' has (${names})`, keyword, position)
    }
    const extra = this.#nextPlain()
    if (extra)
      this.#fail('argument', `one of those that '${this.type}' has (${names})`, extra.value, extra.position)
  }

  #take(name: string): EndpointField | undefined {
    this.#asked.add(name)
    const field = this.#keywords.get(name)
    if (field) this.#keywords.delete(name)
    return field
  }

  #nextPlain(): EndpointField | undefined {
    return this.#plain[this.#next++]
  }

  #value<T>(name: string, kind: ArgumentKind<T>, field: EndpointField): T {
    const { value, valuePosition } = field
    const result = kind.read(value)
    this.#read.set(name, field)
    if (result === undefined) this.#fail(name, kind.wanted, value, valuePosition)
    return result as T
  }

  #fail(what: string, expected: string, got: string, position: number): never {
    throw new EndpointSyntaxError(this.description, { position, what, expected, got })
  }
}
