/**
 * Sennit's receivers of framed messages, under the names that `python/conversations.py` has for Twisted's.
 *
 * @module
 */
import {
  Int16StringReceiver,
  Int32StringReceiver,
  Int8StringReceiver,
  LineOnlyReceiver,
  LineReceiver,
  NetstringReceiver,
  type Protocol,
} from '@sennit/protocol'

/** The kinds of framing. */
export const KINDS = ['Lines', 'OnlyLines', 'Netstrings', 'Int8', 'Int16', 'Int32'] as const
export type Kind = (typeof KINDS)[number]

/** A receiver, whichever kind it is. */
export interface Receiver extends Protocol {
  sendMessage(message: Uint8Array): void
}

/** What a receiver tells. */
export interface Listener {
  made?(receiver: Receiver): void
  message(message: Buffer, receiver: Receiver): void
  lost?(reason: Error): void
}

type StringKind = typeof NetstringReceiver

/** A receiver of one kind, which takes messages of up to `maxLength` bytes. */
export function receiver(kind: Kind, maxLength: number, listener: Listener): Receiver {
  switch (kind) {
    case 'Lines':
      return new (lines(LineReceiver))(maxLength, listener)
    case 'OnlyLines':
      return new (lines(LineOnlyReceiver))(maxLength, listener)
    case 'Netstrings':
      return new (strings(NetstringReceiver))(maxLength, listener)
    case 'Int8':
      return new (strings(Int8StringReceiver as unknown as StringKind))(maxLength, listener)
    case 'Int16':
      return new (strings(Int16StringReceiver as unknown as StringKind))(maxLength, listener)
    case 'Int32':
      return new (strings(Int32StringReceiver as unknown as StringKind))(maxLength, listener)
  }
}

function lines(
  kind: typeof LineReceiver | typeof LineOnlyReceiver,
): new (limit: number, told: Listener) => Receiver {
  return class extends (kind as typeof LineReceiver) {
    readonly #listener: Listener

    constructor(maxLength: number, listener: Listener) {
      super({ maxLength })
      this.#listener = listener
    }

    override connectionMade(): void {
      this.#listener.made?.(this)
    }

    override lineReceived(line: Buffer): void {
      this.#listener.message(line, this)
    }

    override connectionLost(reason: Error): void {
      super.connectionLost(reason)
      this.#listener.lost?.(reason)
    }

    sendMessage(message: Uint8Array): void {
      this.sendLine(message)
    }
  }
}

function strings(kind: StringKind): new (limit: number, told: Listener) => Receiver {
  return class extends kind {
    readonly #listener: Listener

    constructor(maxLength: number, listener: Listener) {
      super({ maxLength })
      this.#listener = listener
    }

    override connectionMade(): void {
      this.#listener.made?.(this)
    }

    override stringReceived(string: Buffer): void {
      this.#listener.message(string, this)
    }

    override connectionLost(reason: Error): void {
      super.connectionLost(reason)
      this.#listener.lost?.(reason)
    }

    sendMessage(message: Uint8Array): void {
      this.sendString(message)
    }
  }
}
