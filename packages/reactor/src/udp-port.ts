/**
 * A UDP port.
 *
 * Source: Twisted, `twisted/internet/udp.py`, `Port`.
 * Differs: what the system refuses as too long once, it is not asked again.
 *
 * @module
 */
import type { RemoteInfo, Socket } from 'node:dgram'
import { isIP } from 'node:net'
import type { IDatagramProtocol, IHostPort, IUDPTransport, UDPListenOptions } from '@sennit/interfaces'
import {
  AlreadyConnectedError,
  CannotListenError,
  ConnectError,
  InvalidAddressError,
  IPv4Address,
  IPv6Address,
  internetAddress,
  MessageLengthError,
} from '@sennit/protocol'
import { assertBytes } from '@sennit/protocol/internal'
import { begun, DatagramPort, type DatagramPortOptions, MAX_PACKET_SIZE } from './datagram-port.ts'
import { type DatagramSocketOptions, openDatagramSocket } from './datagram-socket.ts'
import { checkedCount, checkedInterface, checkedPort } from './option-checks.ts'
import type { PortSurroundings } from './port-surroundings.ts'

/** The longest datagram that UDP can carry, in bytes: 65,535 less the headers. */
const LONGEST = { 4: 65_507, 6: 65_527 }

/** What no system refuses as too long, in bytes; some take no more. */
const SAFE = 9_216

/** How long the system is not asked again what becomes of datagrams, as long as nothing fails, in milliseconds. */
const ASKING = 10

/** An address with a host and a port. */
interface Target {
  readonly host: string
  readonly port: number
}

/** Binds, and receives. */
export async function openUDPPort(
  port: number,
  protocol: IDatagramProtocol,
  options: UDPListenOptions,
  surroundings: PortSurroundings,
): Promise<UDPPort> {
  const { maxPacketSize, ...where } = checkedUDPOptions(port, options)
  const socket = await openDatagramSocket({ ...options, ...where })
  return begun(new UDPPort(socket, { kind: 'UDPPort', protocol, maxPacketSize, surroundings }), options)
}

/** What `listen` says about a socket. */
export function checkedUDPOptions(
  port: number,
  { interface: local = '', maxPacketSize }: UDPListenOptions,
): DatagramSocketOptions & { readonly maxPacketSize: number } {
  checkedPort('listen', port)
  const { host, family } = checkedInterface('listen', local)
  checkedCount('listen', maxPacketSize, 'maxPacketSize', 1)
  return {
    family,
    where: { port, address: host },
    failed: (cause) => new CannotListenError(local, port, cause),
    maxPacketSize: maxPacketSize ?? MAX_PACKET_SIZE,
  }
}

/** What a UDP port is made of. */
export interface UDPPortOptions extends DatagramPortOptions<IUDPTransport, IHostPort> {
  readonly protocol: IDatagramProtocol
}

/** A UDP port, and the transport of its protocol. */
export class UDPPort extends DatagramPort<IUDPTransport, IHostPort> implements IUDPTransport {
  protected readonly socket: Socket
  readonly #protocol: IDatagramProtocol
  protected readonly family: 4 | 6
  readonly #host: IPv4Address | IPv6Address
  #peer: Target | undefined
  /** The host that was last found to be a literal of the right family. */
  #checkedHost: string | symbol = Symbol('none')
  #longest: number
  #askedAt = -Infinity

  constructor(socket: Socket, options: UDPPortOptions) {
    super(options)
    this.#protocol = options.protocol
    const { address, port, family } = socket.address()
    this.socket = socket
    this.family = family === 'IPv4' ? 4 : 6
    this.#host = internetAddress('UDP', address, port) as IPv4Address | IPv6Address
    this.#longest = LONGEST[this.family]
    socket.on('message', (datagram, from) => this.#arrive(datagram, from))
    socket.on('error', (error) => this.fail(error))
  }

  getHost(): IPv4Address | IPv6Address {
    return this.#host
  }

  write(datagram: Uint8Array, address?: Target): void {
    if (!(datagram instanceof Uint8Array)) assertBytes(datagram)
    const { byteLength } = datagram
    if (byteLength > this.#longest) throw new MessageLengthError(byteLength)
    if (this.#peer === undefined) {
      if (address === undefined)
        throw new InvalidAddressError('', 'there must be one, as the port has no fixed peer')
      const host = this.#checked(address)
      if (!this.isServing) return
      this.socket.send(
        datagram,
        address.port,
        host,
        this.#asks(byteLength) ? this.#answer(byteLength) : undefined,
      )
    } else {
      if (address !== undefined && !isSame(this.#peer, address)) {
        throw new InvalidAddressError(shown(address), 'the port has another fixed peer')
      }
      if (!this.isServing) return
      this.socket.send(datagram, this.#answer(byteLength))
    }
    this.sent++
  }

  connect(host: string, port: number): void {
    if (this.#peer !== undefined) throw new AlreadyConnectedError()
    const target = { host, port }
    const literal = this.#checked(target)
    if (!this.isServing) return
    this.socket.connect(port, literal)
    try {
      this.socket.remoteAddress()
    } catch (cause) {
      throw new ConnectError(`${shown(target)} cannot be the peer`, { cause })
    }
    this.#peer = target
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.socket.close(resolve))
  }

  protected makeConnection(): void {
    this.#protocol.makeConnection(this)
  }

  protected override fail(error: Error & { code?: string | undefined }): void {
    if (error.code !== 'ECONNREFUSED' || this.#peer === undefined) return super.fail(error)
    if (!this.isServing) return
    this.count(error)
    this.tell('connectionRefused', () => this.#protocol.connectionRefused())
  }

  /** The literal of an address, as the system wants it. */
  #checked(address: Target): string {
    const { port } = address
    const { scopeId = 0 } = address as { scopeId?: string | number }
    const host = scopeId === 0 ? address.host : `${address.host}%${scopeId}`
    if (host !== this.#checkedHost) {
      if (isIP(host) !== this.family) {
        throw new InvalidAddressError(shown(address), `it must have an IPv${this.family} literal`)
      }
      this.#checkedHost = host
    }
    if (!(port > 0 && port <= 65_535 && Number.isInteger(port))) {
      throw new InvalidAddressError(shown(address), `'port' must be an integer from 1 to 65535, got ${port}`)
    }
    return host
  }

  #arrive(datagram: Uint8Array, from: RemoteInfo): void {
    if (!this.takes(datagram.byteLength)) return
    const { address, port } = from
    this.receive(datagram, this.family === 4 ? new IPv4Address('UDP', address, port) : sender6(address, port))
  }

  /** Whether the system is to be asked what becomes of a datagram: of many in a row it is asked for some, which is cheaper. */
  #asks(byteLength: number): boolean {
    const now = performance.now()
    if (this.failing === undefined && now - this.#askedAt < ASKING && byteLength <= SAFE) return false
    this.#askedAt = now
    return true
  }

  /** What is told what became of a datagram. */
  #answer(byteLength: number): (error: Error | null) => void {
    if (byteLength <= SAFE) return this.#onSent
    return (error) => {
      if ((error as NodeJS.ErrnoException | null)?.code !== 'EMSGSIZE') return this.#onSent(error)
      this.#longest = Math.min(this.#longest, byteLength - 1)
      this.fail(new MessageLengthError(byteLength, { cause: error }))
    }
  }

  readonly #onSent = (error: Error | null): void => {
    if (error === null) this.failing = undefined
    else this.fail(error)
  }
}

function sender6(address: string, port: number): IPv6Address {
  if (address.includes('%')) return internetAddress('UDP', address, port) as IPv6Address
  return new IPv6Address('UDP', address, port)
}

function isSame(one: Target, other: Target): boolean {
  return one.host === other.host && one.port === other.port
}

function shown({ host, port }: Target): string {
  return `${host}:${port}`
}
