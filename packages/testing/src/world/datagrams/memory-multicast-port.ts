/**
 * A simulated UDP port that can join groups.
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
import type { PortSurroundings } from '../streams/memory-stream-port.ts'
import { systemError } from '../system-error.ts'
import { GROUPS, isGroup } from './multicast-groups.ts'
import { MemoryUDPPort, type UDPBinding } from './memory-udp-port.ts'

/** A multicast port, and the transport of its protocol. */
export class MemoryMulticastPort extends MemoryUDPPort implements IMulticastTransport, IMulticastScope {
  /** What leaves each group again, by the group and the interface. */
  readonly #memberships = new Map<string, () => void>()
  #ttl = 1
  #loopback = true
  #outgoing = ''

  /** @throws Error with Node's fields when it cannot be bound */
  constructor(
    binding: UDPBinding,
    protocol: IDatagramProtocol<IMulticastTransport & IMulticastScope>,
    options: MulticastListenOptions,
    surroundings: PortSurroundings,
  ) {
    super(binding, protocol as IDatagramProtocol, options, surroundings, 'MulticastPort')
  }

  // Async, so that what is wrong is a rejection.
  async joinGroup(group: string, networkInterface = ''): Promise<void> {
    this.#change('join', group, networkInterface, (on, key) => {
      if (this.#memberships.has(key)) throw systemError('EADDRINUSE', 'addMembership')
      const { network, machine } = this.surroundings
      const member = { machine, on, port: this.getHost().port, receiver: this }
      this.#memberships.set(key, network.groups.join(group, member)!)
    })
  }

  async leaveGroup(group: string, networkInterface = ''): Promise<void> {
    this.#change('leave', group, networkInterface, (_on, key) => {
      const leave = this.#memberships.get(key)
      if (leave === undefined) throw systemError('EADDRNOTAVAIL', 'dropMembership')
      this.#memberships.delete(key)
      leave()
    })
  }

  getOutgoingInterface(): string {
    return this.#outgoing
  }

  setOutgoingInterface(address: string): void {
    try {
      this.#interface(address)
    } catch (error) {
      throw new InvalidAddressError(address, asError(error).message)
    }
    this.#outgoing = address
  }

  getTTL(): number {
    return this.#ttl
  }

  setTTL(ttl: number): void {
    if (!(Number.isInteger(ttl) && ttl >= 0 && ttl <= 255))
      throw new ReactorOptionError('send to groups', 'ttl', 'an integer from 0 to 255', ttl)
    this.#ttl = ttl
  }

  getLoopbackMode(): boolean {
    return this.#loopback
  }

  setLoopbackMode(enabled: boolean): void {
    this.#loopback = enabled
  }

  protected override release(): void {
    super.release()
    for (const leave of this.#memberships.values()) leave()
    this.#memberships.clear()
  }

  protected override send(
    datagram: Uint8Array,
    target: { readonly host: string; readonly port: number },
  ): void {
    const { host: group, port } = target
    if (!isGroup(group)) {
      super.send(datagram, target)
      return
    }
    const { machine } = this.surroundings
    const by = this.#interface(this.#outgoing)
    const scope = { group, port, from: machine, by, ttl: this.#ttl, loopback: this.#loopback }
    this.sender.sendToGroup(datagram, { ...this.place, address: by }, scope)
  }

  #change(
    action: 'join' | 'leave',
    group: string,
    networkInterface: string,
    change: (on: string, key: string) => void,
  ): void {
    try {
      const { form, text } = GROUPS[this.family]
      if (isIP(group) !== this.family || !form.test(group))
        throw new InvalidAddressError(group, `it must be ${text}`)
      const on = this.#interface(networkInterface)
      if (!this.isServing && !this.isHeld) throw systemError('EBADF', `${action}Group`)
      change(on, `${group} ${on}`)
    } catch (error) {
      throw new MulticastJoinError(action, group, networkInterface, error)
    }
  }

  /** The address of an interface; that of the machine when none is named. */
  #interface(address: string): string {
    const { machine } = this.surroundings
    if (address === '') return machine.addressTowards(this.family === 4 ? '255.255.255.255' : 'ff02::1')
    if (isIP(address) !== this.family)
      throw new InvalidAddressError(address, `it must have an IPv${this.family} literal`)
    if (machine.hasAddress(address)) return address
    throw systemError('ENODEV', 'setMulticastInterface')
  }
}
