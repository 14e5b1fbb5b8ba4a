import type { IConnectedDatagramProtocol, IDatagramProtocol, IService } from '@sennit/interfaces'
import { ClientFactory, handler, Protocol } from '@sennit/protocol'
import { Application } from '@sennit/service'
import { MemoryWorld } from '@sennit/testing'
import { clientFromString, serverFromString } from '@sennit/endpoints'
import { describe, expect, it } from 'vitest'
import {
  backoffPolicy,
  ClientService,
  CooperatorService,
  MulticastServer,
  SSLClient,
  SSLServer,
  StreamServerEndpointService,
  TCPClient,
  TCPServer,
  TimerService,
  UDPServer,
  UNIXClient,
  UNIXDatagramClient,
  UNIXDatagramServer,
  UNIXServer,
} from '../src/index.ts'

const greet = handler(async (socket) => void socket.end('hello'))
const factory = ClientFactory.forProtocol(Protocol)
const datagrams: IDatagramProtocol<unknown, unknown> & IConnectedDatagramProtocol<unknown> = {
  makeConnection() {},
  datagramReceived() {},
  connectionRefused() {},
  connectionFailed() {},
  doStart() {},
  doStop() {},
}

describe('every name of the module', () => {
  it.each<[string, () => IService]>([
    ['TimerService', () => new TimerService('1s', () => {})],
    ['CooperatorService', () => new CooperatorService()],
    ['MulticastServer', () => new MulticastServer(1900, datagrams)],
    [
      'StreamServerEndpointService',
      () => new StreamServerEndpointService(serverFromString('tcp:8080'), greet),
    ],
    ['UDPServer', () => new UDPServer(8125, datagrams)],
    ['ClientService', () => new ClientService(clientFromString('tcp:carbon:2003'), factory)],
    ['TCPServer', () => new TCPServer(8080, greet)],
    ['TCPClient', () => new TCPClient('carbon', 2003, factory)],
    ['UNIXServer', () => new UNIXServer('/run/web.sock', greet)],
    ['UNIXClient', () => new UNIXClient('/run/carbon.sock', factory)],
    ['SSLServer', () => new SSLServer(8443, greet, {})],
    ['SSLClient', () => new SSLClient('carbon', 2004, factory, {})],
    ['UNIXDatagramServer', () => new UNIXDatagramServer('/run/log.sock', datagrams)],
    ['UNIXDatagramClient', () => new UNIXDatagramClient('/run/log.sock', datagrams)],
  ])('LG-19 LG-20 %s makes a service that can be a part of a tree', (name, make) => {
    const service = make()
    const app = new Application('program', {}, [service])
    expect([...app]).toEqual([service])
    expect(app.describe().children).toMatchObject([{ kind: name, state: 'idle' }])
  })

  it('LG-19 backoffPolicy makes a policy', () => {
    const policy = backoffPolicy({ factor: 2, jitter: () => 0 })
    expect([1, 2, 3].map((failures) => policy(failures))).toEqual([2, 4, 8])
  })

  it('LG-19 works in one program, in a simulated world', async () => {
    const ticks: number[] = []
    const steps: number[] = []
    const work = new CooperatorService()
    const statsd: string[] = []
    const app = new Application('program', {}, [
      new TCPServer(8080, greet),
      new StreamServerEndpointService(serverFromString('tcp:8081'), greet),
      new UDPServer(8125, {
        ...(datagrams as IDatagramProtocol),
        datagramReceived: (datagram) => void statsd.push(Buffer.from(datagram).toString()),
      }),
      new TimerService('10s', () => void ticks.push(world.seconds())),
      work,
      new ClientService(clientFromString('tcp:carbon:2003'), factory, {
        retryPolicy: backoffPolicy({ initialDelay: '200ms', jitter: (random) => random() }),
      }),
      new TCPClient('carbon', 2003, factory),
    ])
    const world = new MemoryWorld({ seed: 1 })
    app.reactor = world
    const sink = world.listen('tcp:carbon:2003')
    await world.run(app.startService())
    const done = work.coiterate(
      (function* () {
        for (let i = 0; i < 3; i++) yield steps.push(i)
      })(),
    )
    for (const port of [8080, 8081]) {
      const visitor = await world.run(world.connect(`tcp:127.0.0.1:${port}`))
      await world.advance('1s')
      expect(visitor.text()).toBe('hello')
    }
    world.send('udp:127.0.0.1:8125', 'gauge:1|g')
    await world.run(done)
    await world.advance('10s')
    expect([ticks.length, steps, statsd]).toEqual([2, [0, 1, 2], ['gauge:1|g']])
    expect(sink.connections).toHaveLength(2)
    await world.run(app.stopService())
    world.assertQuiet()
  })
})
