/**
 * Around the examples of `@sennit/testing`.
 *
 * @module
 */
import type { IHostPort, IListeningPort } from '@sennit/interfaces'
import { ClientService } from '@sennit/client'
import { clientFromString, service } from '@sennit/endpoints'
import {
  ClientFactory,
  DatagramProtocol,
  duplexFactory,
  Factory,
  handler,
  LineReceiver,
} from '@sennit/protocol'
import { Application } from '@sennit/service'
import { TimerService } from '@sennit/timer'
import { Echo, serve, world } from './common.ts'

export const factory = ClientFactory.forProtocol(Echo)
export const clients = ClientFactory.forProtocol(Echo)
export const portOf = (port: IListeningPort): number => (port.getHost() as IHostPort).port

/** Answers a line by another. */
class Pong extends LineReceiver {
  override lineReceived(): void {
    this.sendLine('pong')
  }
}
export const protocol = new Pong({ delimiter: '\n' })

class PongOnWire extends Pong {
  constructor() {
    super({ delimiter: '\n' })
  }
}

/** A program with something to do. */
export const relay = (): Application =>
  new Application('relay', {}, [service('tcp:8126', handler(serve)), new TimerService('10s', () => {})])

await world.listenTCP(8126, Object.assign(new Factory<Pong>(), { protocol: PongOnWire }))

// What the program of the examples does meanwhile: it sends a metric by UDP, and a line to carbon.
const metrics = new DatagramProtocol()
await world.listenUDP(0, metrics)
world.callLater(5, () => metrics.transport.write(Buffer.from('a:1|c'), { host: '127.0.0.1', port: 8125 }))
const carbon = new ClientService(clientFromString('tcp:carbon:2003'), duplexFactory(), {
  prepareConnection: (socket) => void socket.write('a 1\n'),
})
await carbon.startService()
