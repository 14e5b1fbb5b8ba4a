import { ClientService } from '@sennit/client'
import { clientFromString, serverFromString } from '@sennit/endpoints'
import type { IListeningPort } from '@sennit/interfaces'
import { ReconnectingClientFactory, TCPClient } from '@sennit/legacy'
import { MemoryLog } from '@sennit/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Arrivals } from '../src/arrivals.ts'
import { Talk, type OwnReport } from '../src/conversation.ts'
import { Twisted, twistedIsThere } from '../src/twisted.ts'
import { HELLO, talk, TCP } from './streams.ts'

/** As long as the greeting that is echoed. */
const AGAIN = Buffer.from('again\r\n')

async function started(): Promise<Twisted> {
  const twisted = await Twisted.start()
  onTestFinished(() => twisted[Symbol.asyncDispose]())
  return twisted
}

describe.skipIf(!twistedIsThere)('connections that come back', () => {
  it('CS-27 our ClientService connects again when their server was killed and has come back', async () => {
    const first = await started()
    const server = await first.listen(TCP.theirServer(), 'Talk', { echo: true })
    const factory = talk({ send: HELLO })
    const client = new ClientService(clientFromString(TCP.toTheirs(server)), factory, {
      retryPolicy: () => 0.02,
    })
    await client.startService()
    onTestFinished(() => client.stopService())
    const connection = await client.whenConnected()

    await first.kill()
    await factory.reports.next()
    await expect(client.whenConnected({ failAfterFailures: 2 })).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    })

    const second = await started()
    const again = await second.listen(`tcp:${server.port}:interface=127.0.0.1`, 'Talk', {
      until: HELLO.length,
    })
    expect(await client.whenConnected()).not.toBe(connection)
    expect(await second.report(again)).toMatchObject({ received: HELLO.toString('hex') })
  })

  it('RF-01 our ReconnectingClientFactory does so too', async () => {
    const first = await started()
    const server = await first.listen(TCP.theirServer(), 'Talk', { echo: true })
    const reports = new Arrivals<OwnReport>()
    const factory = new ReconnectingClientFactory({
      initialDelay: 0.02,
      maxDelay: 0.05,
      log: new MemoryLog(),
    })
    factory.protocol = class extends Talk {
      constructor() {
        super({ send: HELLO, until: HELLO.length }, reports)
      }
    }
    const client = new TCPClient('127.0.0.1', server.port, factory)
    await client.startService()
    onTestFinished(() => client.stopService())
    await reports.next()

    await first.kill()
    const second = await started()
    await second.listen(`tcp:${server.port}:interface=127.0.0.1`, 'Talk', { send: AGAIN.toString('hex') })
    // The first may have answered more than once before it was killed.
    let report = await reports.next()
    // Between the two a connection may stand for a moment and be lost: it comes back from that as well.
    while (!report.received.equals(AGAIN)) report = await reports.next()
    expect(report).toMatchObject({ reason: 'ConnectionDone', received: AGAIN })
  })

  it('their ClientService connects again when our server has stopped and come back', async () => {
    const twisted = await started()
    const factory = talk({ send: HELLO })
    const listen = (at: string): Promise<IListeningPort> =>
      serverFromString(at).listen(factory, { drainTimeout: 0 })
    const port = await listen(TCP.ourServer())
    const to = TCP.toOurs(port.getHost())
    const client = await twisted.ask<{ thing: number }>('maintain', {
      to,
      kind: 'Talk',
      wishes: { until: HELLO.length },
    })
    expect(await twisted.report(client)).toMatchObject({ received: HELLO.toString('hex') })
    await port.stopListening()

    const second = await listen(`${to.replace('127.0.0.1:', '')}:interface=127.0.0.1`)
    onTestFinished(() => second.stopListening())
    expect(await twisted.report(client)).toMatchObject({ received: HELLO.toString('hex') })
    await twisted.ask('end', { thing: client.thing })
  })
})
