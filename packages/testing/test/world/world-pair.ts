import type { IProtocol, TCPConnectOptions, TCPListenOptions } from '@sennit/interfaces'
import { ClientFactory, Factory } from '@sennit/protocol'
import { AccumulatingProtocol, MemoryLog, MemoryWorld, type MemoryWorldOptions } from '../../src/index.ts'

/** A world that gives up at once, and its log. */
export function newWorld(options: MemoryWorldOptions = {}): { world: MemoryWorld; log: MemoryLog } {
  const log = new MemoryLog()
  return { log, world: new MemoryWorld({ seed: 1, log, patience: 0, ...options }) }
}

/** A factory that gives one protocol. */
export function serverOf<P extends IProtocol>(protocol: P): Factory<P> {
  const factory = new Factory<P>()
  factory.buildProtocol = () => protocol
  return factory
}

/** A factory that gives one protocol. */
export function clientOf<P extends IProtocol>(protocol: P): ClientFactory<P> {
  const factory = new ClientFactory<P>()
  factory.buildProtocol = () => protocol
  return factory
}

/** Two protocols that are connected with one another. */
export async function pair(
  {
    listen = {},
    connect = {},
    latency,
  }: {
    listen?: TCPListenOptions
    connect?: TCPConnectOptions
    latency?: MemoryWorldOptions['latency']
  } = {},
  client: AccumulatingProtocol = new AccumulatingProtocol(),
  server: AccumulatingProtocol = new AccumulatingProtocol(),
) {
  const { world, log } = newWorld({ latency })
  const port = await world.listenTCP(80, serverOf(server), listen)
  const connector = world.connectTCP('127.0.0.1', 80, clientOf(client), connect)
  await world.until(() => client.made && server.made)
  return { world, log, client, server, port, connector }
}
