/** The program in the picture of the README: a small shop that is mostly well. */
import { createServer } from 'node:http'
import { ClientService } from '@sennit/client'
import { CooperatorService } from '@sennit/cooperator'
import { clientFromString, service } from '@sennit/endpoints'
import { httpFactory } from '@sennit/http'
import type { IHostPort } from '@sennit/interfaces'
import { duplexFactory, handler } from '@sennit/protocol'
import { Application, hooks, MultiService, Service } from '@sennit/service'
import { MemoryLog } from '@sennit/testing'
import { TimerService } from '@sennit/timer'
import { StatusService } from '../../src/index.ts'

/** A running program, whose page is at `url`. */
export interface Shop {
  readonly url: string
  stop(): Promise<void>
}

class Mirror extends Service {
  protected override facts() {
    return { region: 'eu-west', queueLength: 318, bytesBehind: 1_234_567 }
  }
}

export async function startShop(): Promise<Shop> {
  const ledger = service(
    'tcp:0:interface=127.0.0.1',
    handler(async (socket) => {
      for await (const chunk of socket as AsyncIterable<Buffer>) socket.write(chunk)
    }),
    { name: 'ledger', drainTimeout: '100ms' },
  )
  await ledger.privilegedStartService()
  const { port } = ledger.getHost() as IHostPort
  const api = service(
    'tcp:0:interface=127.0.0.1',
    httpFactory(createServer((_, response) => response.end('ok'))),
    {
      name: 'api',
      drainTimeout: '100ms',
    },
  )
  const feed = new ClientService(clientFromString(`tcp:127.0.0.1:${port}`), duplexFactory(), {
    name: 'prices',
  })
  const work = new CooperatorService({ name: 'indexing' })
  const mirror = new Mirror({ name: 'mirror', onFailure: 'log' })
  const status = new StatusService('tcp:0', { name: 'status' })
  const app = new Application('shop', { log: new MemoryLog() }, [
    hooks('database', {}),
    api,
    feed,
    new ClientService(clientFromString('tcp:127.0.0.1:1'), duplexFactory(), { name: 'broker' }),
    new MultiService({ name: 'jobs', onFailure: 'log' }, [
      new TimerService('2s', () => ask(api.getHost() as IHostPort), { name: 'probe' }),
      new TimerService('10m', () => {}, { name: 'report' }),
      new TimerService('300ms', () => void feed.current?.write(Buffer.alloc(2000)), { name: 'flush' }),
      work,
      mirror,
    ]),
    status,
  ])
  await ledger.setServiceParent(app)
  await app.startService()
  for (const name of ['documents', 'thumbnails']) work.cooperate(steps(), { name })
  mirror.fail(new Error(`Cannot send to mirror.example: the certificate has expired\n    at Mirror.send`))
  return { url: status.url!, stop: async () => app.stopService() }
}

async function ask({ host, port }: IHostPort): Promise<void> {
  await (await fetch(`http://${host}:${port}/`)).text()
}

/** Work that is light, but for a step now and then. */
function* steps(): Generator<Promise<void>> {
  for (let step = 1; ; step++) {
    const end = performance.now() + (step % 40 === 0 ? 60 : step % 7)
    while (performance.now() < end);
    yield new Promise((resolve) => setTimeout(resolve, 50))
  }
}
