/**
 * What holds for every kind of connection between Sennit and Twisted, whichever of them listens.
 *
 * @module
 */
import { clientFromString, serverFromString } from '@sennit/endpoints'
import type { ConnectionHandler, IAddress } from '@sennit/interfaces'
import type { IPv4Address } from '@sennit/protocol'
import { MemoryLog } from '@sennit/testing'
import { expect, it, onTestFinished } from 'vitest'
import { Conversations, hashOfBlocks, Talk, type Wishes } from '../src/conversation.ts'
import type { Thing, Twisted } from '../src/twisted.ts'

/** How connections of one kind are written as endpoint strings. */
export interface Way {
  /** Where Twisted listens. */
  readonly theirServer: () => string
  /** What our client is given to reach that. */
  readonly toTheirs: (server: Thing) => string
  /** Where we listen. */
  readonly ourServer: () => string
  /** What their client is given to reach that. */
  readonly toOurs: (host: IAddress) => string
  /** What an abort is for the other side: the system tells UNIX sockets nothing of it. */
  readonly aborted: 'ConnectionLost' | 'ConnectionDone'
}

/** Plain TCP over IPv4. */
export const TCP: Way = {
  theirServer: () => 'tcp:0:interface=127.0.0.1',
  toTheirs: ({ port }) => `tcp:127.0.0.1:${port}`,
  ourServer: () => 'tcp:0:interface=127.0.0.1',
  toOurs: (host) => `tcp:127.0.0.1:${(host as IPv4Address).port}`,
  aborted: 'ConnectionLost',
}

export const HELLO: Buffer = Buffer.from('hello\r\n')
const MANY = 32 * 1024 * 1024

/** Builds conversations in raw bytes. */
export function talk(wishes: Wishes): Conversations {
  return new Conversations((reports) => new Talk(wishes, reports))
}

/** Listens until the end of the test, and tells how their client gets here. */
export async function served({ ourServer, toOurs }: Way, factory: ConnectionHandler): Promise<string> {
  // What goes wrong is asserted where it matters.
  const port = await serverFromString(ourServer()).listen(factory, { context: { log: new MemoryLog() } })
  onTestFinished(() => port.stopListening())
  return toOurs(port.getHost())
}

/** The tests that every kind of connection passes. */
export function itTalks(way: Way, twisted: () => Twisted): void {
  it('our client is echoed by their server', async () => {
    const server = await twisted().listen(way.theirServer(), 'Talk', { echo: true })
    const factory = talk({ send: HELLO, until: HELLO.length })
    await clientFromString(way.toTheirs(server)).connect(factory)
    expect(await factory.reports.next()).toMatchObject({ reason: 'ConnectionDone', received: HELLO })
    const report = await twisted().report(server)
    expect(report).toMatchObject({ reason: 'ConnectionDone', received: HELLO.toString('hex') })
  })

  it('our server echoes their client', async () => {
    const factory = talk({ echo: true })
    const wishes = { send: HELLO.toString('hex'), until: HELLO.length }
    const client = await twisted().connect(await served(way, factory), 'Talk', wishes)
    const report = await twisted().report(client)
    expect(report).toMatchObject({ reason: 'ConnectionDone', received: HELLO.toString('hex') })
    expect(await factory.reports.next()).toMatchObject({ reason: 'ConnectionDone', received: HELLO })
  })

  it('32 MiB from our client arrive at their server, which says so', async () => {
    const server = await twisted().listen(way.theirServer(), 'Talk', { digest: MANY })
    const factory = talk({ blocks: MANY })
    await clientFromString(way.toTheirs(server)).connect(factory)
    const { reason, received } = await factory.reports.next()
    expect({ reason, received: received.toString() }).toEqual({
      reason: 'ConnectionDone',
      received: hashOfBlocks(MANY),
    })
  })

  it('32 MiB from their client arrive at our server, which says so', async () => {
    const factory = talk({ digest: MANY })
    const client = await twisted().connect(await served(way, factory), 'Talk', { blocks: MANY })
    const { reason, received } = await twisted().report(client)
    expect({ reason, received: Buffer.from(received as string, 'hex').toString() }).toEqual({
      reason: 'ConnectionDone',
      received: hashOfBlocks(MANY),
    })
    expect(await factory.reports.next()).toMatchObject({ length: MANY, sha256: hashOfBlocks(MANY) })
  })

  it('32 MiB in each direction at once come back whole', async () => {
    const server = await twisted().listen(way.theirServer(), 'Talk', { echo: true })
    const factory = talk({ blocks: MANY, until: MANY })
    await clientFromString(way.toTheirs(server)).connect(factory)
    const report = await factory.reports.next()
    expect(report).toMatchObject({ reason: 'ConnectionDone', length: MANY, sha256: hashOfBlocks(MANY) })
  })

  it.each([
    ['close', 'ConnectionDone'],
    ['abort', way.aborted],
  ] as const)('PR-13 PR-14 what our client does by %s is %s for their server', async (afterwards, reason) => {
    const server = await twisted().listen(way.theirServer(), 'Talk', { echo: true })
    const factory = talk({ send: HELLO, when: HELLO.length, afterwards })
    await clientFromString(way.toTheirs(server)).connect(factory)
    expect(await twisted().report(server)).toMatchObject({ reason })
  })

  it.each([
    ['close', 'ConnectionDone'],
    ['abort', way.aborted],
  ] as const)('PR-13 PR-14 what their client does by %s is %s for our server', async (afterwards, reason) => {
    const factory = talk({ echo: true })
    const wishes = { send: HELLO.toString('hex'), when: HELLO.length, afterwards }
    await twisted().connect(await served(way, factory), 'Talk', wishes)
    expect(await factory.reports.next()).toMatchObject({ reason })
  })
}
