/**
 * Addresses: value objects that are equal when what they say is equal.
 *
 * Source: Twisted, `twisted/internet/address.py`.
 * Differs: `internetAddress` picks the class by the form of the host; those of pipes and processes belong to their endpoints.
 *
 * @module
 */
import { isIP } from 'node:net'
import type { IAddress, IHostPort } from '@sennit/interfaces'
import { nodeModule } from '@sennit/runtime/internal'
import { InvalidAddressError } from './errors.ts'

/** What runs over the internet protocol. */
export type InternetType = 'TCP' | 'UDP'

/** Any address with a host and a port. */
export type InternetAddress = IPv4Address | IPv6Address | HostnameAddress

/**
 * A host and a port in IPv4.
 *
 * @example
 * ```ts
 * new IPv4Address('TCP', '127.0.0.1', 80).toString() // 'tcp:127.0.0.1:80'
 * ```
 */
export class IPv4Address implements IHostPort {
  readonly type: InternetType
  readonly host: string
  readonly port: number

  /**
   * @param host - an IPv4 literal
   * @param port - 0 to 65535
   * @throws InvalidAddressError (`ERR_SENNIT_INVALID_ADDRESS`) when the port is none
   */
  constructor(type: InternetType, host: string, port: number) {
    this.type = type
    this.host = host
    this.port = checkedPort(host, port)
  }

  equals(other: unknown): boolean {
    return hasSame(this, other, ['type', 'host', 'port'])
  }

  toString(): string {
    return `${this.type.toLowerCase()}:${this.host}:${this.port}`
  }
}

/** A host and a port in IPv6. */
export class IPv6Address implements IHostPort {
  readonly type: InternetType
  readonly host: string
  readonly port: number
  readonly flowInfo: number
  /** The scope of a link-local address: an interface's name or number. */
  readonly scopeId: string | number

  /**
   * @param host - an IPv6 literal, without brackets
   * @param port - 0 to 65535
   * @throws InvalidAddressError (`ERR_SENNIT_INVALID_ADDRESS`) when the port is none
   */
  constructor(type: InternetType, host: string, port: number, flowInfo = 0, scopeId: string | number = 0) {
    this.type = type
    this.host = host
    this.port = checkedPort(host, port)
    this.flowInfo = flowInfo
    this.scopeId = scopeId
  }

  equals(other: unknown): boolean {
    return hasSame(this, other, ['type', 'host', 'port', 'flowInfo', 'scopeId'])
  }

  toString(): string {
    return `${this.type.toLowerCase()}:[${this.host}]:${this.port}`
  }
}

/** A name that has yet to be resolved, and a port. */
export class HostnameAddress implements IHostPort {
  readonly type = 'HOSTNAME'
  readonly hostname: string
  readonly port: number

  /**
   * @param port - 0 to 65535
   * @throws InvalidAddressError (`ERR_SENNIT_INVALID_ADDRESS`) when the port is none
   */
  constructor(hostname: string, port: number) {
    this.hostname = hostname
    this.port = checkedPort(hostname, port)
  }

  /** The name. */
  get host(): string {
    return this.hostname
  }

  equals(other: unknown): boolean {
    return hasSame(this, other, ['type', 'hostname', 'port'])
  }

  toString(): string {
    return `${this.hostname}:${this.port}`
  }
}

/** A UNIX socket. */
export class UNIXAddress implements IAddress {
  readonly type = 'UNIX'
  /** The path of the socket's file; empty when the socket has no name, as those of clients mostly have not. */
  readonly path: string

  constructor(path: string) {
    this.path = path
  }

  /** Whether both mean the same file; two names of one file are equal. */
  equals(other: unknown): boolean {
    if (hasSame(this, other, ['type', 'path'])) return true
    return hasSame(this, other, ['type']) && isSameFile(this.path, (other as UNIXAddress).path)
  }

  toString(): string {
    return `unix:${this.path}`
  }
}

/**
 * The address of a host and a port: IPv4, IPv6 or a name, by the form of the host.
 *
 * @param host - an IP literal, or a name; an IPv6 literal may carry a scope (`fe80::1%eth0`)
 * @throws InvalidAddressError (`ERR_SENNIT_INVALID_ADDRESS`) when the port is none
 */
export function internetAddress(type: InternetType, host: string, port: number): InternetAddress {
  switch (isIP(host)) {
    case 4:
      return new IPv4Address(type, host, port)
    case 6: {
      const [literal = host, scopeId] = host.split('%')
      return new IPv6Address(type, literal, port, 0, scopeId)
    }
    default:
      return new HostnameAddress(host, port)
  }
}

function checkedPort(host: string, port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port
  throw new InvalidAddressError(`${host}:${port}`, `'port' must be an integer from 0 to 65535, got ${port}`)
}

/** Compares by content: the other may come from another copy of this package. */
function hasSame<A extends object>(one: A, other: unknown, keys: readonly (keyof A)[]): boolean {
  if (one === other) return true
  if (typeof other !== 'object' || other === null) return false
  return keys.every((key) => one[key] === (other as A)[key])
}

function isSameFile(one: string, other: unknown): boolean {
  if (typeof other !== 'string') return false
  const { statSync } = nodeModule('fs')
  try {
    const a = statSync(one)
    const b = statSync(other)
    return a.ino === b.ino && a.dev === b.dev
  } catch {
    return false
  }
}
