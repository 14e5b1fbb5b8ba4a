/**
 * The chat: who is in the group hears what anybody there says.
 *
 * @module
 */
import type { IMulticastScope, IMulticastTransport } from '@sennit/interfaces'
import { MulticastServer } from '@sennit/legacy'
import { DatagramProtocol } from '@sennit/protocol'
import { hooks, MultiService } from '@sennit/service'
import { printable, readSaying, type Saying, writeSaying } from './saying.ts'

/** Options of a `GroupChat`. */
export interface GroupChatOptions {
  /** Others are known by their names: two with the same one do not hear each other. */
  readonly name: string
  /** The group's address, from 224.0.0.0 to 239.255.255.255. */
  readonly group: string
  readonly port: number
  /** The address of the interface by which the group is reached; 127.0.0.1 keeps the chat on this machine. */
  readonly interface: string
}

class GroupProtocol extends DatagramProtocol<IMulticastTransport & IMulticastScope> {
  readonly #name: string
  readonly #hear: (saying: Saying) => void

  constructor(name: string, hear: (saying: Saying) => void) {
    super()
    // As it comes back.
    this.#name = printable(name)
    this.#hear = hear
  }

  override datagramReceived(datagram: Uint8Array): void {
    const saying = readSaying(datagram)
    // Anybody can send anything to a group, and the system brings back what we say ourselves.
    if (saying !== undefined && saying.name !== this.#name) this.#hear(saying)
  }
}

/** One member of the chat, as a service: in the group while it runs. */
export class GroupChat extends MultiService {
  readonly #protocol: GroupProtocol
  readonly #options: GroupChatOptions

  /** @param hear - is told what others say */
  constructor(options: GroupChatOptions, hear: (saying: Saying) => void) {
    const { name, group, port, interface: networkInterface } = options
    const protocol = new GroupProtocol(name, hear)
    super({ name: 'chat' }, [
      // Several members on one machine share the port.
      new MulticastServer(port, protocol, { name: 'port', listenMultiple: true }),
      hooks('membership', {
        start: async () => {
          protocol.transport.setTTL(1)
          protocol.transport.setOutgoingInterface(networkInterface)
          await protocol.transport.joinGroup(group, networkInterface)
        },
        stop: () => protocol.transport.leaveGroup(group, networkInterface),
      }),
    ])
    this.#protocol = protocol
    this.#options = options
  }

  /** Says something to all in the group. Nobody confirms it: that is how datagrams are. */
  say(text: string): void {
    const { name, group, port } = this.#options
    this.#protocol.transport.write(writeSaying({ name, text }), { host: group, port })
  }
}
