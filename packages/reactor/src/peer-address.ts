/**
 * The address of the other side of a connection, asked for when somebody reads it: asking the system for every connection
 * would cost a tenth of what accepting one costs.
 *
 * @module
 */
import type { Socket } from 'node:net'
import type { IAddress, IHostPort } from '@sennit/interfaces'
import { type InternetAddress, internetAddress } from '@sennit/protocol'

/** What `buildProtocol` is given. It reads like an address, and is equal to the one that it stands for. */
export class PeerAddress implements IHostPort {
  #socket: Socket | undefined
  #value: InternetAddress | undefined

  constructor(socket: Socket) {
    this.#socket = socket
  }

  /** The address itself; one with an empty host when it is asked for only after the connection is gone. */
  get value(): InternetAddress {
    if (this.#value === undefined) {
      const { remoteAddress = '', remotePort = 0 } = this.#socket!
      this.#value = internetAddress('TCP', remoteAddress, remotePort)
      this.#socket = undefined
    }
    return this.#value
  }

  get type(): string {
    return this.value.type
  }

  get host(): string {
    return this.value.host
  }

  get port(): number {
    return this.value.port
  }

  equals(other: unknown): boolean {
    return this.value.equals(other instanceof PeerAddress ? other.value : other)
  }

  toString(): string {
    return this.value.toString()
  }

  toJSON(): object {
    return this.value
  }
}

/** The address that one which asks later stands for; any other as it is. */
export function itself(address: IAddress): IAddress {
  return address instanceof PeerAddress ? address.value : address
}
