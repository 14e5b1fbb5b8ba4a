import { createHash } from 'node:crypto'
import type { Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ClientFactory, Protocol } from '@sennit/protocol'
import type { NodeReactor } from '../src/index.ts'
import { assertNothingLogged, Cleanup, logged, type TestLog, until } from './kit.ts'

/** Keeps each chunk, and what it was when it came. */
class Keeper extends Protocol {
  readonly chunks: Uint8Array[] = []
  readonly before: string[] = []
  length = 0
  isLost = false
  onData: () => void = () => {}
  override dataReceived(data: Uint8Array): void {
    this.chunks.push(data)
    this.before.push(hash(data))
    this.length += data.length
    this.onData()
  }
  override connectionLost(): void {
    this.isLost = true
  }
}

function hash(data: Uint8Array): string {
  return createHash('sha1').update(data).digest('hex')
}

/** So many bytes that tell where they stand. */
function pattern(length: number, seed = 0): Buffer {
  return Buffer.from(Array.from({ length }, (_, i) => (i * 31 + (i >> 8) + seed) & 0xff))
}

describe('what a client receives', () => {
  let cleanup: Cleanup
  let reactor: NodeReactor
  let log: TestLog

  beforeEach(() => {
    cleanup = new Cleanup()
    ;({ reactor, log } = logged())
  })
  afterEach(async () => {
    await cleanup.run()
    assertNothingLogged(log)
  })

  async function serving(serve: (socket: Socket) => void): Promise<number> {
    const { number } = await cleanup.server(serve)
    return number
  }

  function connected(port: number, onData: (keeper: Keeper) => void = () => {}): Keeper {
    const keeper = new Keeper()
    keeper.onData = () => onData(keeper)
    const factory = Object.assign(new ClientFactory(), { buildProtocol: () => keeper })
    const connector = reactor.connectTCP('127.0.0.1', port, factory)
    cleanup.add(() => {
      if (connector.state !== 'disconnected') connector.disconnect()
    })
    return keeper
  }

  it.each([
    ['small', 200, 64],
    ['as large as a chunk can be', 20, 65_536],
    ['larger than that', 4, 1_000_003],
    ['of all sizes', 60, undefined],
  ])('stays as it was when more comes: messages that are %s', async (_, count, size) => {
    const messages = Array.from({ length: count }, (_, i) =>
      pattern(size ?? (i % 7 === 0 ? 150_000 : 3 ** (i % 11)), i),
    )
    const port = await serving((socket) => {
      const left = messages.values()
      const writeNext = (): void => {
        const { value } = left.next()
        if (value === undefined) return
        socket.write(value)
        setImmediate(writeNext)
      }
      writeNext()
    })
    const all = Buffer.concat(messages)
    // Two at once, so that what is for the one comes between what is for the other.
    const keepers = [connected(port), connected(port)]
    await until(() => keepers.every(({ length }) => length >= all.length))
    for (const { chunks, before } of keepers) {
      expect(chunks.map(hash)).toEqual(before)
      expect(hash(Buffer.concat(chunks))).toBe(hash(all))
    }
  })

  it.each([1, 300_000])('is right when a connection is made by whoever receives %d bytes', async (length) => {
    const [first, second] = [pattern(length, 5), pattern(70_000, 9)]
    const [port, other] = [
      await serving((socket) => socket.write(first)),
      await serving((socket) => socket.write(second)),
    ]
    let inner: Keeper | undefined
    const outer = connected(port, () => (inner ??= connected(other)))
    await until(() => outer.length === length && inner?.length === second.length)
    expect(hash(Buffer.concat(outer.chunks))).toBe(hash(first))
    expect(hash(Buffer.concat(inner!.chunks))).toBe(hash(second))
  })

  it('waits while it is paused, and nothing is lost', async () => {
    const large = pattern(2_000_000, 3)
    const keeper = connected(await serving((socket) => socket.end(large)), (made) => {
      made.transport!.pauseProducing()
      const { length } = made
      setTimeout(() => {
        expect(made.length).toBe(length)
        made.transport!.resumeProducing()
      }, 1)
    })
    await until(() => keeper.isLost)
    expect(hash(Buffer.concat(keeper.chunks))).toBe(hash(large))
  })
})
