/** A program to look at: real services, some of which are well. */
import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type Socket } from 'node:net'
import { ClientService } from '@sennit/client'
import { CooperatorService } from '@sennit/cooperator'
import { clientFromString, type StreamServerEndpointService, service } from '@sennit/endpoints'
import { httpFactory } from '@sennit/http'
import type { IHostPort, IService } from '@sennit/interfaces'
import { duplexFactory, handler, lines } from '@sennit/protocol'
import { Application, hooks, MultiService, Service } from '@sennit/service'
import { MemoryLog } from '@sennit/testing'
import { TimerService } from '@sennit/timer'
import { StatusService, type StatusServiceOptions } from '../../src/index.ts'

/** A name that would be a script, were it taken for more than text. */
export const HOSTILE = '<img src=x onerror=alert(1)>'

const TROUBLE = 'the mirror is gone:\n<b>no route</b>\n    at Mirror.sync'

/** A service of somebody's own, with facts that no page knows. */
class Mirror extends Service {
  protected override facts() {
    return { queueLength: 3, leader: true, bytesBehind: 1_234_567, region: 'eu-west' }
  }
}

/** What runs, and how to use it. */
export interface PageProgram {
  readonly app: Application
  readonly status: StatusService
  readonly cooperator: CooperatorService
  readonly mirror: Mirror
  readonly relay: StreamServerEndpointService
  /** A living connection to `relay`. */
  dial(): Promise<Socket>
  stop(): Promise<void>
}

/** Starts it; the page is at `status.url`. */
export async function startPageProgram(
  endpoint = 'tcp:0',
  more: readonly IService[] = [],
  options: StatusServiceOptions = {},
): Promise<PageProgram> {
  const status = new StatusService(endpoint, { name: 'status', interval: '100ms', ...options })
  const cooperator = new CooperatorService({ name: 'indexing' })
  const mirror = new Mirror({ name: 'mirror', onFailure: 'log' })
  const relay = service(
    'tcp:0:interface=127.0.0.1',
    handler(async (socket, { signal }) => {
      for await (const line of lines(socket, { signal })) socket.write(`${line}\n`)
    }),
    { name: 'relay', drainTimeout: '100ms' },
  )
  await relay.privilegedStartService()
  const { port } = relay.getHost() as IHostPort
  const app = new Application('orders', { log: new MemoryLog() }, [
    status,
    hooks('database', {}),
    new ClientService(clientFromString('tcp:127.0.0.1:1'), duplexFactory(), { name: 'broker' }),
    new ClientService(clientFromString(`tcp:127.0.0.1:${port}`), duplexFactory(), { name: 'feed' }),
    new MultiService({ name: 'workers', onFailure: 'log' }, [
      cooperator,
      new TimerService('100ms', () => {}, { name: 'flush' }),
      new TimerService('1h', () => {}, { name: HOSTILE }),
      mirror,
    ]),
    service('tcp:0:interface=127.0.0.1', httpFactory(createServer()), { name: 'api' }),
    ...more,
  ])
  await relay.setServiceParent(app)
  await app.startService()
  cooperator.cooperate(numbers(), { name: 'documents' })
  mirror.fail(new Error(TROUBLE))
  const sockets: Socket[] = []
  return {
    app,
    status,
    cooperator,
    mirror,
    relay,
    async dial() {
      const socket = connect(port, '127.0.0.1')
      sockets.push(socket)
      await once(socket, 'connect')
      return socket
    },
    async stop() {
      for (const socket of sockets) socket.destroy()
      await app.stopService()
    },
  }
}

function* numbers(): Generator<Promise<void>> {
  for (;;) yield new Promise((resolve) => setTimeout(resolve, 10))
}
