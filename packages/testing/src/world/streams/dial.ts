/**
 * How a simulated connection is made: asked for, granted or refused, made. Each step takes the time of one way.
 *
 * Between two machines, the client is told first:
 *
 * | state   | asked, somebody listens | asked, nobody does | granted           | made, still listening | made, not any more | cancel    |
 * |---------|-------------------------|--------------------|-------------------|-----------------------|--------------------|-----------|
 * | asking  | granting                | failed             | -                 | -                     | -                  | cancelled |
 * | granting| -                       | -                  | made, client told | -                     | -                  | cancelled |
 * | made    | -                       | -                  | -                 | listener told         | reset              | -         |
 *
 * On one machine, the system connects the two at once, and the listener is told first, as in a real process:
 *
 * | state   | asked, somebody listens | asked, nobody does | granted           | granted, cut by the listener | granted, cancelled |
 * |---------|-------------------------|--------------------|-------------------|------------------------------|--------------------|
 * | asking  | granting, listener told | failed             | -                 | -                            | -                  |
 * | granting| -                       | -                  | made, client told | failed                       | ended              |
 *
 * @module
 */
import { connectErrorFrom } from '@sennit/protocol'
import type { Ends } from '../network/ends.ts'
import type { Machine } from '../network/machine.ts'
import type { Acceptor, Network } from '../network/network.ts'
import type { Segment } from '../network/segment.ts'
import type { Wire } from '../network/wire.ts'
import { systemError } from '../system-error.ts'
import { memoryTransport } from './memory-tcp-transport.ts'
import type { MemoryTransport } from './memory-transport.ts'

/** What is told of an attempt: one of the two, once. */
export interface DialResult {
  connected(transport: MemoryTransport): void
  failed(error: Error): void
}

/** Where from and where to. */
export interface DialOptions {
  readonly network: Network
  readonly from: Machine
  readonly to: Machine
  readonly client: Ends
  readonly server: Ends
  /**
   * Who listens there now.
   *
   * @throws what the system says when nobody does
   */
  readonly find: () => Acceptor
  /** Whether the program dials, not the test. */
  readonly isOurs: boolean
}

/** One attempt to connect. */
export class Dial {
  readonly #options: DialOptions
  readonly #result: DialResult
  readonly #client: MemoryTransport
  readonly #there: Wire<Segment>
  #isCancelled = false

  constructor(options: DialOptions, result: DialResult) {
    const { network, from, to, client, isOurs } = options
    this.#options = options
    this.#result = result
    this.#client = memoryTransport(network, client, isOurs ? from : undefined)
    this.#there = network.wire(from, to, () => this.#asked())
    this.#there.send('ask')
  }

  /** Gives the attempt up; nothing is told any more. */
  cancel(): void {
    this.#isCancelled = true
  }

  #asked(): void {
    const { network, from, to, server: ends, find } = this.#options
    if (this.#isCancelled) return
    let acceptor: Acceptor
    try {
      acceptor = find()
    } catch (error) {
      this.#result.failed(connectErrorFrom(error as Error))
      return
    }
    const server = memoryTransport(network, ends, acceptor.isOurs ? to : undefined)
    const back = network.wire<Segment>(to, from, () => {
      if (from === to) this.#grantedHere(server, back)
      else this.#granted(server, back, acceptor)
    })
    server.join(this.#client, back)
    back.send('grant')
    if (from !== to) return
    this.#client.join(server, this.#there)
    this.#there.receive = (segment) => server.receive(segment)
    acceptor.accept(server)
  }

  #granted(server: MemoryTransport, back: Wire<Segment>, acceptor: Acceptor): void {
    if (this.#isCancelled) return
    this.#client.join(server, this.#there)
    back.receive = (segment) => this.#client.receive(segment)
    this.#there.receive = () => this.#made(server, acceptor)
    this.#there.send('made')
    this.#result.connected(this.#client)
  }

  #made(server: MemoryTransport, acceptor: Acceptor): void {
    this.#there.receive = (segment) => server.receive(segment)
    if (this.#isHeldBy(acceptor)) acceptor.accept(server)
    else server.abortConnection()
  }

  #isHeldBy(acceptor: Acceptor): boolean {
    try {
      return this.#options.find() === acceptor
    } catch {
      return false
    }
  }

  #grantedHere(server: MemoryTransport, back: Wire<Segment>): void {
    back.receive = (segment) => this.#client.receive(segment)
    if (this.#isCancelled) this.#client.closeNow(new Error('nobody wants it any more'))
    else if (server.wasReset) this.#result.failed(connectErrorFrom(systemError('ECONNRESET', 'connect')))
    else this.#result.connected(this.#client)
  }
}
