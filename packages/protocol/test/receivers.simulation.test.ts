/** Random histories of receivers: chunks of any size, and every method from inside every hook. */
import { describe, expect, it } from 'vitest'
import { Int8StringReceiver } from '../src/int-n-string-receiver.ts'
import { LineReceiver } from '../src/line-receiver.ts'
import { NetstringReceiver } from '../src/netstring-receiver.ts'
import type { PausableReceiver } from '../src/pausable-receiver.ts'
import { frame, netstring } from '../src/frames.ts'
import { FakeTransport } from './fake-transport.ts'

/** A small generator that repeats. */
function generator(seed: number): (below: number) => number {
  let state = seed * 2 + 1
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

type Pick = ReturnType<typeof generator>

/** Delivers bytes as a transport does: nothing while it is paused, and nothing once it closes. */
class Delivering extends FakeTransport {
  readonly #rest: Buffer[] = []

  deliver(receiver: PausableReceiver, bytes: Buffer, pick: Pick): void {
    for (let from = 0; from < bytes.length;) {
      const to = from + 1 + pick(12)
      this.#rest.push(bytes.subarray(from, to))
      from = to
    }
    for (let turn = 0; turn < 10_000 && this.#rest.length > 0 && !this.disconnecting; turn++) {
      if (this.paused) receiver.resumeProducing()
      else receiver.dataReceived(this.#rest.shift()!)
    }
    // What the receiver itself keeps.
    for (let turn = 0; turn < 100 && receiver.paused && !this.disconnecting; turn++)
      receiver.resumeProducing()
  }
}

/** What a hook may do; whether it closed the connection. */
function meddle(receiver: PausableReceiver, pick: Pick): void {
  switch (pick(12)) {
    case 0:
      receiver.pauseProducing()
      break
    case 1:
      receiver.pauseProducing()
      receiver.resumeProducing()
      break
    case 2:
      receiver.resumeProducing()
      break
    case 3:
      receiver.resumeProducing()
      receiver.pauseProducing()
      break
    case 4:
      // A transport may deliver inside a call, if it is one by hand.
      receiver.dataReceived(Buffer.alloc(0))
      break
    case 5:
      if (pick(20) === 0) receiver.transport.loseConnection()
      break
    default:
  }
}

const kinds: [string, (pick: Pick, got: string[]) => PausableReceiver, (text: string) => Buffer][] = [
  [
    'LineReceiver',
    (pick, got) => {
      class Lines extends LineReceiver {
        override lineReceived(line: Buffer): void {
          got.push(line.toString())
          if (pick(6) === 0) this.setRawMode()
          meddle(this, pick)
        }
        // Takes the raw bytes for lines again.
        override rawDataReceived(data: Buffer): void {
          meddle(this, pick)
          this.setLineMode(data)
        }
      }
      return new Lines()
    },
    (text) => Buffer.from(`${text}\r\n`),
  ],
  [
    'NetstringReceiver',
    (pick, got) => {
      class Strings extends NetstringReceiver {
        override stringReceived(string: Buffer): void {
          got.push(string.toString())
          meddle(this, pick)
        }
      }
      return new Strings()
    },
    (text) => Buffer.from(netstring(Buffer.from(text))),
  ],
  [
    'Int8StringReceiver',
    (pick, got) => {
      class Strings extends Int8StringReceiver {
        override stringReceived(string: Buffer): void {
          got.push(string.toString())
          meddle(this, pick)
        }
      }
      return new Strings()
    },
    (text) => Buffer.from(frame(Buffer.from(text), { prefixLength: 1 })),
  ],
]

describe.each(kinds)('%s', (_name, make, encode) => {
  it.each(Array.from({ length: 40 }, (_, i) => i + 1))(
    'hands out everything, in order, and nothing once it closes, in history %i',
    (seed) => {
      const pick = generator(seed)
      const got: string[] = []
      const receiver = make(pick, got)
      const transport = new Delivering()
      receiver.makeConnection(transport)
      const sent = Array.from({ length: 30 }, (_, i) => `${i}${'x'.repeat(pick(20))}`)
      transport.deliver(receiver, Buffer.concat(sent.map(encode)), pick)
      if (transport.disconnecting) expect(got).toEqual(sent.slice(0, got.length))
      else expect(got).toEqual(sent)
      expect(transport.paused && !transport.disconnecting).toBe(false)
      const count = got.length
      transport.disconnecting = true
      receiver.dataReceived(encode('late'))
      receiver.resumeProducing()
      expect(got).toHaveLength(count)
    },
  )
})
