/**
 * The role of an address.
 *
 * Source: Twisted, `twisted/internet/interfaces.py`, `IAddress`.
 *
 * @module
 */

/** Where one side of a connection, or a listener, is. */
export interface IAddress {
  /** `'TCP'`, `'UDP'`, `'UNIX'`, `'HOSTNAME'`, or another word for another kind. */
  readonly type: string
  /** A form for people. */
  toString(): string
}

/** An address with a host and a port. */
export interface IHostPort extends IAddress {
  /** An IP literal, or a name where the kind of the address allows it. */
  readonly host: string
  /** 0 to 65535. */
  readonly port: number
}
