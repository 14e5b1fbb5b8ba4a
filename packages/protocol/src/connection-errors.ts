/**
 * Why a connection ended.
 *
 * Source: Twisted, `twisted/internet/error.py`, `ConnectionClosed` and its kinds.
 * Differs: a clean end captures no stack, since it is made for every connection.
 *
 * @module
 */
import { type SystemErrorFields, type SystemErrorOptions, copySystemFields } from './system-error.ts'
import { tlsDetail } from './tls-detail.ts'
import { limitStack, withoutStack } from './without-stack.ts'

/** A connection has ended, cleanly or not. */
export class ConnectionClosed extends Error {
  override readonly name: string = 'ConnectionClosed'
  readonly code: string = 'ERR_SENNIT_CONNECTION_CLOSED'
}

/** A connection has ended cleanly. Capturing no stack makes it cheap. */
export class ConnectionDone extends ConnectionClosed {
  override readonly name: string = 'ConnectionDone'
  override readonly code: string = 'ERR_SENNIT_CONNECTION_DONE'
  constructor(message = 'The connection was closed cleanly') {
    const limit = Error.stackTraceLimit
    limitStack(0)
    super(message)
    limitStack(limit)
  }
}

/** A connection has ended, but not cleanly. */
export class ConnectionLost extends ConnectionClosed implements SystemErrorFields {
  /** What every error of this kind says first. */
  static readonly sentence: string = 'The connection was lost'
  override readonly name: string = 'ConnectionLost'
  /** Node's code, such as `'ECONNRESET'`, when the operating system said why. */
  override readonly code: string = 'ERR_SENNIT_CONNECTION_LOST'
  declare readonly errno?: number | undefined
  declare readonly syscall?: string | undefined
  declare readonly address?: string | undefined
  declare readonly port?: number | string | undefined

  /**
   * @param detail - what happened in particular
   * @param options - Node's fields, and the cause
   */
  constructor(detail = '', options: SystemErrorOptions = {}) {
    const { sentence } = new.target
    super(detail === '' ? sentence : `${sentence}: ${detail}`, 'cause' in options ? options : undefined)
    copySystemFields(options, this)
  }
}

/** A connection was cut on this side. */
export class ConnectionAborted extends ConnectionLost {
  static override readonly sentence = 'The connection was aborted on this side'
  override readonly name = 'ConnectionAborted'
  override readonly code = 'ERR_SENNIT_CONNECTION_ABORTED'
}

/** A connection was closed because more descriptors than bytes were sent over it. */
export class FileDescriptorOverrun extends ConnectionLost {
  static override readonly sentence = 'The connection was closed, more descriptors than bytes were sent'
  override readonly name = 'FileDescriptorOverrun'
  override readonly code = 'ERR_SENNIT_FILE_DESCRIPTOR_OVERRUN'
}

/** A process has ended by itself, with code 0. */
export class ProcessDone extends ConnectionDone {
  override readonly name: string = 'ProcessDone'
  override readonly code: string = 'ERR_SENNIT_PROCESS_DONE'
  /** What it ended with. */
  readonly exitCode = 0
  constructor() {
    super('The process has ended with code 0')
  }
}

/** What a process ended with. */
export interface ProcessEnd {
  /** Unless it was ended by a signal. */
  readonly exitCode?: number | undefined
  /** Such as `'SIGTERM'`. */
  readonly signal?: string | undefined
}

/** A process has ended with another code than 0, or was ended by a signal. */
export class ProcessTerminated extends ConnectionLost {
  static override readonly sentence = 'The process has ended'
  override readonly name = 'ProcessTerminated'
  override readonly code = 'ERR_SENNIT_PROCESS_TERMINATED'
  readonly exitCode: number | undefined
  readonly signal: string | undefined
  constructor({ exitCode, signal }: ProcessEnd) {
    super(signal === undefined ? `with code ${exitCode}` : `by the signal ${signal}`)
    this.exitCode = exitCode
    this.signal = signal
  }
}

/**
 * The error of this package for what Node said about a connection; an error of this package stays as it is.
 *
 * @returns with Node's `code`, `errno`, `syscall`, `address` and `port`, and Node's error as `cause`, which alone has a stack
 */
export function connectionLostFrom(error: Error): ConnectionClosed {
  if (error instanceof ConnectionClosed) return error
  const options: { cause: unknown } = { cause: error }
  copySystemFields(error, options)
  return withoutStack(() => new ConnectionLost(tlsDetail(error), options))
}
