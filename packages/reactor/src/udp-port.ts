/**
 * A UDP port.
 *
 * | state    | datagram comes     | serve() | stopListening() |
 * |----------|--------------------|---------|-----------------|
 * | held     | dropped, counted   | serving | stopping        |
 * | serving  | received           | -       | stopping        |
 * | stopping | -                  | -       | joins           |
 * | stopped  | -                  | -       | -               |
 *
 * Source: Twisted, `twisted/internet/udp.py`, `Port`.
 * Differs: can be held; what the system says about a datagram afterwards is counted, and the first of a row logged.
 *
 * @module
 */
import type { RemoteInfo, Socket, SocketOptions } from 'node:dgram'
import { isIP } from 'node:net'
import type {
  Description,
  IDatagramProtocol,
  IInspectable,
  IListeningPort,
  IUDPTransport,
  Seconds,
  UDPListenOptions,
} from '@sennit/interfaces'
import {
  CannotListenError,
  ConnectError,
  InvalidAddressError,
  IPv4Address,
  IPv6Address,
  internetAddress,
  MessageLengthError,
} from '@sennit/protocol'
import { assertBytes } from '@sennit/protocol/internal'
import { wallClock } from '@sennit/runtime'
import { asError } from '@sennit/runtime/internal'
import { AlreadyConnectedError } from './errors.ts'
import { guarded } from './guarded.ts'
import { checkedCount, checkedInterface, checkedPort } from './option-checks.ts'
import type { PortSurroundings } from './port-surroundings.ts'

/** The longest datagram that UDP can carry, in bytes: 65,535 less the headers. */
const LONGEST = { 4: 65_507, 6: 65_527 }

/** How long the system is not asked again what becomes of datagrams, as long as nothing fails, in milliseconds. */
const ASKING = 10

/** Hosts are IP literals here, so that no datagram waits for a name. */
const lookup: SocketOptions['lookup'] = (host, _options, callback) =>
  callback(null, host, host.includes(':') ? 6 : 4)

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
  const { interface: local = '', maxPacketSize, held = false, signal } = options
  checkedPort('listen', port)
  const { host, family } = checkedInterface('listen', local)
  checkedCount('listen', maxPacketSize, 'maxPacketSize', 1)
  signal?.throwIfAborted()

  const { createSocket } = process.getBuiltinModule('node:dgram')
  const socket = createSocket({ type: `udp${family}`, ipv6Only: family === 6, lookup })
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject)
      socket.bind({ port, address: host }, () => {
        socket.off('error', reject)
        resolve()
      })
    })
  } catch (error) {
    socket.close()
    throw new CannotListenError(local, port, error)
  }
  if (signal?.aborted) {
    socket.close()
    signal.throwIfAborted()
  }
  if (options.unref) socket.unref()
  const opened = new UDPPort(socket, family, protocol, maxPacketSize ?? 8192, surroundings)
  try {
    if (!held) opened.serve()
  } catch (error) {
    socket.close()
    throw error
  }
  return opened
}

/** A UDP port, and the transport of its protocol; made by `openUDPPort`. */
export class UDPPort implements IListeningPort, IUDPTransport, IInspectable {
  readonly #socket: Socket
  readonly #family: 4 | 6
  readonly #host: IPv4Address | IPv6Address
  readonly #protocol: IDatagramProtocol
  readonly #maxPacketSize: number
  readonly #surroundings: PortSurroundings
  #state: 'held' | 'serving' | 'stopping' | 'stopped' = 'held'
  #since: Seconds = wallClock.now()
  #error: Error | undefined
  #peer: Target | undefined
  /** The host that was last found to be a literal of the right family. */
  #checkedHost: string | undefined
  #received = 0
  #dropped = 0
  #sent = 0
  #failures = 0
  #failing: string | undefined
  #askedAt = -Infinity
  #stopped: Promise<void> | undefined

  constructor(
    socket: Socket,
    family: 4 | 6,
    protocol: IDatagramProtocol,
    maxPacketSize: number,
    surroundings: PortSurroundings,
  ) {
    const { address, port } = socket.address()
    this.#socket = socket
    this.#family = family
    this.#host = internetAddress('UDP', address, port) as IPv4Address | IPv6Address
    this.#protocol = protocol
    this.#maxPacketSize = maxPacketSize
    this.#surroundings = surroundings
    socket.on('message', (datagram, from) => this.#receive(datagram, from))
    socket.on('error', (error) => this.#fail(error))
  }

  getHost(): IPv4Address | IPv6Address {
    return this.#host
  }

  /** Begins to serve when the port was held: the protocol is given the port. */
  serve(): void {
    if (this.#state !== 'held') return
    this.#enter('serving')
    this.#protocol.makeConnection(this)
  }

  write(datagram: Uint8Array, address?: Target): void {
    if (!(datagram instanceof Uint8Array)) assertBytes(datagram)
    const { byteLength } = datagram
    if (byteLength > LONGEST[this.#family]) throw new MessageLengthError(byteLength)
    if (this.#peer === undefined) {
      if (address === undefined)
        throw new InvalidAddressError('', 'there must be one, as the port has no fixed peer')
      const host = this.#checked(address)
      if (this.#state !== 'serving') return
      this.#socket.send(datagram, address.port, host, this.#asks() ? this.#onSent : undefined)
    } else {
      if (address !== undefined && !isSame(this.#peer, address)) {
        throw new InvalidAddressError(shown(address), 'the port has another fixed peer')
      }
      if (this.#state !== 'serving') return
      this.#socket.send(datagram, this.#onSent)
    }
    this.#sent++
  }

  connect(host: string, port: number): void {
    if (this.#peer !== undefined) throw new AlreadyConnectedError()
    const target = { host, port }
    const literal = this.#checked(target)
    if (this.#state !== 'serving') return
    this.#socket.connect(port, literal)
    try {
      this.#socket.remoteAddress()
    } catch (cause) {
      throw new ConnectError(`${shown(target)} cannot be the peer`, { cause })
    }
    this.#peer = target
  }

  /** @returns a promise that never rejects; nothing when the port is closed */
  stopListening(): void | Promise<void> {
    if (this.#state === 'stopped') return
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  describe(): Description {
    return {
      kind: 'UDPPort',
      name: undefined,
      state: this.#state,
      since: this.#since,
      error: this.#error?.message,
      facts: {
        address: this.#host.toString(),
        received: this.#received,
        dropped: this.#dropped,
        sent: this.#sent,
        failures: this.#failures,
      },
      children: [],
    }
  }

  #enter(state: 'serving' | 'stopping' | 'stopped'): void {
    this.#state = state
    this.#since = wallClock.now()
  }

  /** The literal of an address, as the system wants it. */
  #checked(address: Target): string {
    const { port } = address
    const { scopeId = 0 } = address as { scopeId?: string | number }
    const host = scopeId === 0 ? address.host : `${address.host}%${scopeId}`
    if (host !== this.#checkedHost) {
      if (isIP(host) !== this.#family) {
        throw new InvalidAddressError(shown(address), `it must have an IPv${this.#family} literal`)
      }
      this.#checkedHost = host
    }
    if (!(port > 0 && port <= 65_535 && Number.isInteger(port))) {
      throw new InvalidAddressError(shown(address), `'port' must be an integer from 1 to 65535, got ${port}`)
    }
    return host
  }

  #receive(datagram: Uint8Array, from: RemoteInfo): void {
    if (this.#state !== 'serving' || datagram.byteLength > this.#maxPacketSize) {
      this.#dropped++
      return
    }
    this.#received++
    const { address, port } = from
    const sender = this.#family === 4 ? new IPv4Address('UDP', address, port) : sender6(address, port)
    try {
      this.#protocol.datagramReceived(datagram, sender)
    } catch (error) {
      this.#surroundings.log.error({ err: asError(error) }, 'datagramReceived threw')
    }
  }

  /** Whether the system is to be asked what becomes of a datagram: of many in a row it is asked for some, which is cheaper. */
  #asks(): boolean {
    const now = performance.now()
    if (this.#failing === undefined && now - this.#askedAt < ASKING) return false
    this.#askedAt = now
    return true
  }

  readonly #onSent = (error: Error | null): void => {
    if (error === null) this.#failing = undefined
    else this.#fail(error)
  }

  /** The system could not send, or says something about what was sent. Of the same failure again and again, one is logged. */
  #fail(error: Error & { code?: string }): void {
    if (this.#state !== 'serving') return
    const { log } = this.#surroundings
    this.#failures++
    this.#error = error
    if (error.code === 'ECONNREFUSED' && this.#peer !== undefined) {
      guarded(log, 'connectionRefused threw', () => this.#protocol.connectionRefused())
    } else if (this.#failing !== error.code) {
      this.#failing = error.code
      log.warn({ err: error, address: this.#host.toString() }, 'A datagram could not be sent')
    }
  }

  async #stop(): Promise<void> {
    const { log, closed } = this.#surroundings
    const wasServing = this.#state === 'serving'
    this.#enter('stopping')
    await new Promise<void>((resolve) => this.#socket.close(resolve))
    if (wasServing) guarded(log, 'doStop threw', () => this.#protocol.doStop())
    this.#enter('stopped')
    closed(this)
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
