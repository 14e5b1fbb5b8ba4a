/**
 * Errors of endpoint strings and of the options of endpoints.
 *
 * @module
 */

/** So much of an endpoint string is shown in a message. */
const SHOWN = 100

/** What is wrong with an endpoint string, and where. */
export interface EndpointSyntaxFault {
  /** Where the mistake begins, from 0. */
  readonly position: number
  /** What the mistake is about, such as `'port'`. */
  readonly what: string
  /** What was expected there. */
  readonly expected: string
  /** What stands there; nothing when the text ends. */
  readonly got?: string | undefined
}

/**
 * An endpoint string cannot be read.
 *
 * @example
 * ```ts
 * try {
 *   serverFromString('tcp:80abc')
 * } catch (error) {
 *   // Cannot read the endpoint string "tcp:80abc": 'port' must be a whole number from 0 to 65535, got "80abc" (position 4)
 * }
 * ```
 */
export class EndpointSyntaxError extends SyntaxError {
  override readonly name = 'EndpointSyntaxError'
  readonly code = 'ERR_SENNIT_ENDPOINT_SYNTAX'
  /** The whole endpoint string. */
  readonly description: string
  /** Where the mistake begins, from 0. */
  readonly position: number
  /** What was expected there. */
  readonly expected: string

  constructor(description: string, { position, what, expected, got }: EndpointSyntaxFault) {
    const found = got === undefined ? 'nothing' : quoted(got)
    super(
      `Cannot read the endpoint string ${quoted(description)}: ` +
        `'${shortened(what)}' must be ${expected}, got ${found} (position ${position})`,
    )
    this.description = description
    this.position = position
    this.expected = expected
  }
}

/** A type of endpoint cannot be registered. */
export class EndpointTypeError extends TypeError {
  override readonly name = 'EndpointTypeError'
  readonly code = 'ERR_SENNIT_ENDPOINT_TYPE'
  /** The name that was to be registered. */
  readonly type: string

  constructor(type: string, wanted: string) {
    super(`Cannot register a type of endpoint: 'type' must be ${wanted}, got ${quoted(type)}`)
    this.type = type
  }
}

/** An option of an endpoint has a value that it cannot have. */
export class EndpointOptionError extends RangeError {
  override readonly name = 'EndpointOptionError'
  readonly code = 'ERR_SENNIT_ENDPOINT_OPTION'
  /** The option, such as `'port'`. */
  readonly option: string

  constructor(option: string, wanted: string, got: unknown) {
    const found = typeof got === 'string' ? quoted(got) : String(got)
    super(`Cannot make an endpoint: '${option}' must be ${wanted}, got ${found}`)
    this.option = option
  }
}

/** A file that an endpoint needs cannot be used. */
export class EndpointFileError extends Error {
  override readonly name = 'EndpointFileError'
  readonly code = 'ERR_SENNIT_ENDPOINT_FILE'
  /** The option that names the file, such as `'privateKey'`. */
  readonly option: string
  readonly path: string

  constructor(option: string, wanted: string, path: string, got: string, options?: ErrorOptions) {
    super(`Cannot use ${quoted(path)}: '${option}' must be ${wanted}, got ${got}`, options)
    this.option = option
    this.path = path
  }
}

/** The process was not started with the socket that an endpoint is to take over. */
export class InheritedSocketError extends Error {
  override readonly name = 'InheritedSocketError'
  readonly code = 'ERR_SENNIT_INHERITED_SOCKET'
  /** What the endpoint asks for, such as `'index'`. */
  readonly option: string

  constructor(option: string, wanted: string, got: string | number) {
    super(`Cannot listen at an inherited socket: '${option}' must be ${wanted}, got ${JSON.stringify(got)}`)
    this.option = option
  }
}

/** What a connection begins with is no PROXY header that can be used. */
export class ProxyHeaderError extends Error {
  override readonly name = 'ProxyHeaderError'
  readonly code = 'ERR_SENNIT_PROXY_HEADER'

  constructor(reason: string) {
    super(`Cannot serve the connection: 'PROXY header' must ${reason}`)
  }
}

function quoted(text: string): string {
  return JSON.stringify(shortened(text))
}

function shortened(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text
}
