/**
 * A UDP port that can join groups.
 *
 * Source: Twisted, `twisted/internet/udp.py`, `MulticastPort`, `MulticastMixin`.
 * Differs: groups and interfaces are IP literals, no names; IPv6 interfaces are found by their address or name.
 *
 * @module
 */
import { isIP } from 'node:net'
import type {
  IDatagramProtocol,
  IMulticastScope,
  IMulticastTransport,
  MulticastListenOptions,
} from '@sennit/interfaces'
import { InvalidAddressError, MulticastJoinError, ReactorOptionError } from '@sennit/protocol'
import { asError } from '@sennit/runtime/internal'
import { begun } from './datagram-port.ts'
import { openDatagramSocket } from './datagram-socket.ts'
import type { PortSurroundings } from './port-surroundings.ts'
import { checkedUDPOptions, UDPPort } from './udp-port.ts'

/** What groups look like. */
const GROUPS = {
  4: { form: /^2(?:2[4-9]|3\d)\./, text: 'an IPv4 literal from 224.0.0.0 to 239.255.255.255' },
  6: { form: /^ff[\da-f]{2}:/i, text: 'an IPv6 literal in ff00::/8' },
} as const

/** Leaves the interface to the system. */
const ANY = { 4: '0.0.0.0', 6: '::' } as const

/** Binds, and receives. */
export async function openMulticastPort(
  port: number,
  protocol: IDatagramProtocol<IMulticastTransport & IMulticastScope>,
  options: MulticastListenOptions,
  surroundings: PortSurroundings,
): Promise<MulticastPort> {
  const { maxPacketSize, ...where } = checkedUDPOptions(port, options)
  const { listenMultiple: isShared = false } = options
  const socket = await openDatagramSocket({ ...options, ...where, isShared })
  return begun(
    new MulticastPort(socket, { kind: 'MulticastPort', protocol, maxPacketSize, surroundings }),
    options,
  )
}

/** A multicast port, and the transport of its protocol. */
export class MulticastPort extends UDPPort implements IMulticastTransport, IMulticastScope {
  #ttl = 1
  #loopback = true
  #outgoing = ''

  // Async, so that what is wrong is a rejection.
  async joinGroup(group: string, networkInterface = ''): Promise<void> {
    this.#change('join', group, networkInterface, (where) => this.socket.addMembership(group, where))
  }

  async leaveGroup(group: string, networkInterface = ''): Promise<void> {
    this.#change('leave', group, networkInterface, (where) => this.socket.dropMembership(group, where))
  }

  getOutgoingInterface(): string {
    return this.#outgoing
  }

  setOutgoingInterface(address: string): void {
    const where = address === '' ? ANY[this.family] : this.#checkedInterface(address)
    if (this.isServing) {
      try {
        this.socket.setMulticastInterface(where)
      } catch (error) {
        throw new InvalidAddressError(address, asError(error).message)
      }
    }
    this.#outgoing = address
  }

  getTTL(): number {
    return this.#ttl
  }

  setTTL(ttl: number): void {
    if (!(Number.isInteger(ttl) && ttl >= 0 && ttl <= 255)) {
      throw new ReactorOptionError('send to groups', 'ttl', 'an integer from 0 to 255', ttl)
    }
    if (this.isServing) this.socket.setMulticastTTL(ttl)
    this.#ttl = ttl
  }

  getLoopbackMode(): boolean {
    return this.#loopback
  }

  setLoopbackMode(enabled: boolean): void {
    if (this.isServing) this.socket.setMulticastLoopback(enabled)
    this.#loopback = enabled
  }

  #change(
    action: 'join' | 'leave',
    group: string,
    networkInterface: string,
    change: (where: string | undefined) => void,
  ): void {
    try {
      const { form, text } = GROUPS[this.family]
      if (isIP(group) !== this.family || !form.test(group)) {
        throw new InvalidAddressError(group, `it must be ${text}`)
      }
      change(networkInterface === '' ? undefined : this.#checkedInterface(networkInterface))
    } catch (error) {
      throw new MulticastJoinError(action, group, networkInterface, error)
    }
  }

  /**
   * An interface as the system wants it. For IPv6 that is its name; the system takes one that it does not know for its own choice,
   * in silence.
   */
  #checkedInterface(address: string): string {
    if (isIP(address) !== this.family) {
      throw new InvalidAddressError(address, `it must have an IPv${this.family} literal`)
    }
    if (this.family === 4) return address
    const [literal, name] = address.split('%')
    const interfaces = process.getBuiltinModule('node:os').networkInterfaces()
    for (const [known, addresses = []] of Object.entries(interfaces)) {
      if (name === undefined ? addresses.some((each) => each.address === literal) : name === known) {
        return `::%${known}`
      }
    }
    throw Object.assign(new InvalidAddressError(address, 'no interface has it'), { code: 'ENODEV' })
  }
}
