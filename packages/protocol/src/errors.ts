/**
 * Errors of listening, of names and addresses, of a running reactor, and of wrong use. Those of connecting are in
 * `connect-errors.ts`, those of a connection that ended in `connection-errors.ts`, those of lines and strings in `framing-errors.ts`.
 *
 * Source: Twisted, `twisted/internet/error.py`.
 * Differs: every error has a `code`; those that come from Node keep Node's fields and have it as `cause`.
 *
 * @module
 */
import type { IAddress } from '@sennit/interfaces'
import { nodeModule } from '@sennit/runtime/internal'
import { type SystemErrorFields, copySystemFields } from './system-error.ts'

/** Something could not be bound to a local address. */
export class BindError extends Error implements SystemErrorFields {
  override readonly name: string = 'BindError'
  /** Node's code, such as `'EADDRINUSE'`, else `'ERR_SENNIT_BIND'`. */
  readonly code: string = 'ERR_SENNIT_BIND'
  declare readonly errno?: number | undefined
  declare readonly syscall?: string | undefined
  declare readonly address?: string | undefined
  declare readonly port?: number | string | undefined

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    copySystemFields(cause, this)
  }
}

/** A port could not be opened. */
export class CannotListenError extends BindError {
  override readonly name = 'CannotListenError'
  /** The local address that was asked for; empty means all of them. */
  readonly interface: string
  /** The port that was asked for; the path of a UNIX socket. */
  declare readonly port: number | string

  constructor(interface_: string, port: number | string, cause?: unknown) {
    const reason = cause instanceof Error ? `: ${cause.message}` : ''
    const host = interface_.includes(':') ? `[${interface_}]` : interface_ || 'any'
    super(`Cannot listen on ${typeof port === 'number' ? `${host}:${port}` : port}${reason}`, cause)
    this.interface = interface_
    this.port = port
  }
}

/** A name could not be resolved. */
export class DNSLookupError extends Error implements SystemErrorFields {
  override readonly name = 'DNSLookupError'
  /** Node's code, else `'ENOTFOUND'`. */
  readonly code: string = 'ENOTFOUND'
  readonly hostname: string
  declare readonly errno?: number | undefined
  declare readonly syscall?: string | undefined

  constructor(hostname: string, cause?: unknown) {
    const reason = cause instanceof Error ? cause.message : 'it has no address'
    super(
      `Cannot resolve ${JSON.stringify(hostname)}: ${reason}`,
      cause === undefined ? undefined : { cause },
    )
    this.hostname = hostname
    copySystemFields(cause, this)
  }
}

/** Something is no address, or one of the wrong kind. */
export class InvalidAddressError extends TypeError {
  override readonly name = 'InvalidAddressError'
  readonly code = 'ERR_SENNIT_INVALID_ADDRESS'
  /** What was given. */
  readonly address: string
  constructor(address: string, reason: string) {
    super(`Cannot use the address ${JSON.stringify(address)}: ${reason}`)
    this.address = address
  }
}

/** A datagram is too long. */
export class MessageLengthError extends RangeError {
  override readonly name = 'MessageLengthError'
  readonly code = 'ERR_SENNIT_MESSAGE_LENGTH'
  /** In bytes. */
  readonly length: number
  constructor(length: number, options?: ErrorOptions) {
    super(`Cannot send a datagram: it is too long, got ${length} bytes`, options)
    this.length = length
  }
}

/** A group could not be joined, or left. */
export class MulticastJoinError extends Error implements SystemErrorFields {
  override readonly name = 'MulticastJoinError'
  /** Node's code, such as `'ENODEV'`, else `'ERR_SENNIT_MULTICAST_JOIN'`. */
  readonly code: string = 'ERR_SENNIT_MULTICAST_JOIN'
  /** The group's address. */
  readonly group: string
  /** The interface that was asked for; empty for the system's choice. */
  readonly interface: string
  declare readonly errno?: number | undefined
  declare readonly syscall?: string | undefined

  constructor(action: 'join' | 'leave', group: string, interface_: string, cause?: unknown) {
    const on = interface_ === '' ? '' : ` on ${interface_}`
    const reason = cause instanceof Error ? `: ${cause.message}` : ''
    super(`Cannot ${action} the group ${group}${on}${reason}`, cause === undefined ? undefined : { cause })
    this.group = group
    this.interface = interface_
    copySystemFields(cause, this)
  }
}

/** An attempt to connect was cancelled. */
export class ConnectingCancelledError extends Error {
  override readonly name = 'ConnectingCancelledError'
  readonly code = 'ABORT_ERR'
  /** Where the attempt would have led. */
  readonly address: IAddress
  constructor(address: IAddress, options?: ErrorOptions) {
    super(`Connecting to ${address.toString()} was cancelled`, options)
    this.address = address
  }
}

/** A factory refused to build a protocol for a connection that somebody waits for. */
export class NoProtocolError extends Error {
  override readonly name = 'NoProtocolError'
  readonly code = 'ERR_SENNIT_NO_PROTOCOL'
  constructor(message = 'Cannot use the connection: the factory built no protocol for it') {
    super(message)
  }
}

/** A connector that does not connect was told to stop connecting. */
export class NotConnectingError extends Error {
  override readonly name = 'NotConnectingError'
  readonly code = 'ERR_SENNIT_NOT_CONNECTING'
  constructor() {
    super('Cannot stop connecting: the connector is not connecting')
  }
}

/** A connector that connects, or is connected, was told to connect. */
export class ConnectInProgressError extends Error {
  override readonly name = 'ConnectInProgressError'
  readonly code = 'ERR_SENNIT_CONNECT_IN_PROGRESS'
  constructor() {
    super('Cannot connect: the connector is connecting or connected already')
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

/** A port that does not listen was told to stop listening. */
export class NotListeningError extends Error {
  override readonly name = 'NotListeningError'
  readonly code = 'ERR_SENNIT_NOT_LISTENING'
  constructor() {
    super('Cannot stop listening: the port is not listening')
  }
}

/** Something that can listen only once was told to listen again. */
export class AlreadyListened extends Error {
  override readonly name = 'AlreadyListened'
  readonly code = 'ERR_SENNIT_ALREADY_LISTENED'
  constructor(message = 'Cannot listen: this endpoint can listen only once') {
    super(message)
  }
}

/** A transport has a producer already. */
export class ProducerRegisteredError extends Error {
  override readonly name = 'ProducerRegisteredError'
  readonly code = 'ERR_SENNIT_PRODUCER_REGISTERED'
  constructor() {
    super('Cannot register a producer: the transport has one already')
  }
}

/** A socket is of a family that the reactor does not know. */
export class UnsupportedAddressFamily extends TypeError {
  override readonly name = 'UnsupportedAddressFamily'
  readonly code = 'ERR_SENNIT_ADDRESS_FAMILY'
  constructor(family: unknown) {
    super(`Cannot use the socket: the address family ${String(family)} is not supported`)
  }
}

/** A socket is of a type that the reactor does not know. */
export class UnsupportedSocketType extends TypeError {
  override readonly name = 'UnsupportedSocketType'
  readonly code = 'ERR_SENNIT_SOCKET_TYPE'
  constructor(type: unknown) {
    super(`Cannot use the socket: the socket type ${String(type)} is not supported`)
  }
}

/** An argument or an option of a reactor's method is not what it must be. */
export class ReactorOptionError extends TypeError {
  override readonly name = 'ReactorOptionError'
  readonly code = 'ERR_SENNIT_REACTOR_OPTION'
  /** The argument or option, such as `'port'`. */
  readonly option: string
  constructor(action: string, option: string, wanted: string, value: unknown) {
    const shown = nodeModule('util').inspect(value, { breakLength: Infinity })
    super(`Cannot ${action}: '${option}' must be ${wanted}, got ${shown}`)
    this.option = option
  }
}

/** A reactor that does not run was told to stop. */
export class ReactorNotRunning extends Error {
  override readonly name = 'ReactorNotRunning'
  readonly code = 'ERR_SENNIT_REACTOR_NOT_RUNNING'
  constructor() {
    super('Cannot stop the reactor: it is not running')
  }
}

/** A reactor that runs was told to run. */
export class ReactorAlreadyRunning extends Error {
  override readonly name = 'ReactorAlreadyRunning'
  readonly code = 'ERR_SENNIT_REACTOR_ALREADY_RUNNING'
  constructor() {
    super('Cannot run the reactor: it is running already')
  }
}

/** A reactor that was stopped was told to run. */
export class ReactorNotRestartable extends Error {
  override readonly name = 'ReactorNotRestartable'
  readonly code = 'ERR_SENNIT_REACTOR_NOT_RESTARTABLE'
  constructor() {
    super('Cannot run the reactor: it was stopped, and cannot be run again')
  }
}

/** There is a global reactor already. */
export class ReactorAlreadyInstalledError extends Error {
  override readonly name = 'ReactorAlreadyInstalledError'
  readonly code = 'ERR_SENNIT_REACTOR_INSTALLED'
  constructor() {
    super('Cannot install the reactor: one is installed already')
  }
}

/** Something that is no bytes was to be sent. */
export class BytesError extends TypeError {
  override readonly name = 'BytesError'
  readonly code = 'ERR_SENNIT_BYTES'
  constructor(value: unknown) {
    const hint = typeof value === 'string' ? '; Buffer.from(text) makes bytes of text' : ''
    super(
      `Cannot send: 'data' must be a Uint8Array, got ${value === null ? 'null' : `a ${typeof value}`}${hint}`,
    )
  }
}

/** Something that shall serve connections cannot, or misbehaved. */
export class HandlerError extends TypeError {
  override readonly name = 'HandlerError'
  readonly code = 'ERR_SENNIT_HANDLER'
}
