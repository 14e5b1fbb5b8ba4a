/**
 * How a simulated connection is made: asked for, granted or refused, made. Each step takes the time of one way.
 *
 * | state   | asked, somebody listens | asked, nobody does | granted           | made, still listening | made, not any more | cancel    |
 * |---------|-------------------------|--------------------|-------------------|-----------------------|--------------------|-----------|
 * | asking  | granting                | failed             | -                 | -                     | -                  | cancelled |
 * | granting| -                       | -                  | made, client told | -                     | -                  | cancelled |
 * | made    | -                       | -                  | -                 | listener told         | reset              | -         |
 *
 * @module
 */
import { connectErrorFrom } from '@sennit/protocol'
import { MemoryTransport } from './memory-transport.ts'
import type { Acceptor, Network, Place } from './network.ts'
import type { Segment } from './segment.ts'
import { systemError } from './system-error.ts'
import type { Wire } from './wire.ts'

/** What is told of an attempt: one of the two, once. */
export interface DialResult {
  connected(transport: MemoryTransport): void
  failed(error: Error): void
}

/** Where from and where to. */
export interface DialOptions {
  readonly network: Network
  readonly from: Place & { readonly port: number }
  readonly to: Place & { readonly port: number }
  /** Whether the program dials, not the test. */
  readonly isOurs: boolean
}

/** One attempt to connect. */
export class Dial {
  readonly #options: DialOptions
  readonly #result: DialResult
  readonly #client: MemoryTransport
  readonly #there: Wire<Segment>
  #back: Wire<Segment> | undefined
  #acceptor: Acceptor | undefined
  #isCancelled = false

  constructor(options: DialOptions, result: DialResult) {
    const { network, from, to, isOurs } = options
    this.#options = options
    this.#result = result
    const ends = { host: from.address, port: from.port, peerHost: to.address, peerPort: to.port }
    this.#client = new MemoryTransport(network, ends, isOurs)
    this.#there = network.wire(from.machine, to.machine, () => this.#asked())
    this.#there.send('ask')
  }

  /** Gives the attempt up; nothing is told any more. */
  cancel(): void {
    this.#isCancelled = true
  }

  #asked(): void {
    const { network, from, to } = this.#options
    const acceptor = network.tcp(to.machine).find(to.address, to.port)
    if (acceptor === undefined) {
      if (!this.#isCancelled) this.#result.failed(refused(to.address, to.port))
      return
    }
    const ends = { host: to.address, port: to.port, peerHost: from.address, peerPort: from.port }
    const server = new MemoryTransport(network, ends, acceptor.isOurs)
    this.#acceptor = acceptor
    this.#back = network.wire(to.machine, from.machine, () => this.#granted(server))
    server.join(this.#client, this.#back)
    this.#there.receive = () => this.#made(server)
    this.#back.send('grant')
  }

  #granted(server: MemoryTransport): void {
    if (this.#isCancelled) return
    this.#client.join(server, this.#there)
    this.#back!.receive = (segment) => this.#client.receive(segment)
    this.#there.send('made')
    this.#result.connected(this.#client)
  }

  #made(server: MemoryTransport): void {
    const { network, to } = this.#options
    this.#there.receive = (segment) => server.receive(segment)
    if (network.tcp(to.machine).find(to.address, to.port) === this.#acceptor) this.#acceptor!.accept(server)
    else server.abortConnection()
  }
}

function refused(address: string, port: number): Error {
  return connectErrorFrom(systemError('ECONNREFUSED', 'connect', address, port))
}
