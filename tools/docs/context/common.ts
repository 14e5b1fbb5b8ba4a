/**
 * What stands around the examples in doc comments: a simulated world as the reactor of the process, with the hosts that they speak of, and
 * things with the names that they use.
 *
 * @module
 */
import type { Duplex } from 'node:stream'
import { Factory, lines, Protocol } from '@sennit/protocol'
import { setGlobalReactor } from '@sennit/runtime'
import { hooks } from '@sennit/service'
import { authority, MemoryWorld } from '@sennit/testing'

export { strict as assert } from 'node:assert'
export { once } from 'node:events'
export { pipeline } from 'node:stream/promises'

/** The world in which everything happens. */
export const world = new MemoryWorld({ seed: 1 })
setGlobalReactor(world)

export { world as reactor, world as clock }

const issuer = authority('An authority')
export const ca = issuer.cert
export const { key, cert } = issuer.issue('feed.example', { names: ['feed.example', '127.0.0.1'] })

export const { signal } = new AbortController()

/** One connection: an echo, line by line. */
export const serve = async (socket: Duplex, { signal: stopped }: { signal: AbortSignal }): Promise<void> => {
  for await (const line of lines(socket, { signal: stopped })) socket.write(`${line}\n`)
}

/** A protocol that says what it hears. */
export class Echo extends Protocol {
  override dataReceived(data: Uint8Array): void {
    this.transport.write(data)
  }
}

export const factory = Factory.forProtocol(Echo)
export const database = hooks('database', {})
export const server = hooks('server', {})
export const pool = { query: async (_sql: string) => {}, end: async () => {} }

/** Hosts that the examples connect to; each says every line again. */
for (const folder of ['/run/app', '/run/relay', '/etc/ssl/ours', '/etc/relay']) world.files.makeFolder(folder)
await Promise.all([
  world.listenTCP(7, factory),
  world.listenTCP(2003, factory, { interface: '127.0.0.1' }),
  world.listenTCP(2003, factory, { interface: '::1' }),
  world.host('carbon.example').listenTCP(2003, factory),
  world.host('feed.example').listenSSL(4443, factory, { key, cert }),
  world.listenSSL(4443, factory, { key, cert }),
  world.listenUNIX('/run/relay/control.sock', factory),
])
