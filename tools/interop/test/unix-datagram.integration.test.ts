import type {
  IPathAddress,
  IUNIXDatagramConnectedTransport,
  IUNIXDatagramTransport,
} from '@sennit/interfaces'
import { ConnectedDatagramProtocol } from '@sennit/protocol'
import { NodeReactor } from '@sennit/reactor'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { Arrivals } from '../src/arrivals.ts'
import { Datagrams } from '../src/datagrams.ts'
import { TemporaryFolder } from '../src/temporary-folder.ts'
import { Twisted, twistedIsThere, type DatagramReport, type Thing } from '../src/twisted.ts'

const HELLO = Buffer.from('hello')
const REVERSED = Buffer.from('olleh')

class Connected extends ConnectedDatagramProtocol<IUNIXDatagramConnectedTransport> {
  readonly arrivals = new Arrivals<Buffer>()
  readonly made = Promise.withResolvers<void>()

  override makeConnection(transport: IUNIXDatagramConnectedTransport): void {
    super.makeConnection(transport)
    this.made.resolve()
  }

  override datagramReceived(datagram: Uint8Array): void {
    this.arrivals.put(Buffer.from(datagram))
  }

  override connectionFailed(error: Error): void {
    this.made.reject(error)
  }
}

describe.skipIf(!twistedIsThere)('UNIX datagrams with Twisted', () => {
  const folder = new TemporaryFolder()
  let twisted: Twisted

  beforeAll(async () => {
    twisted = await Twisted.start()
  })
  afterAll(async () => {
    await twisted[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  it('PR-32 our client talks to their server', async () => {
    const path = folder.file('theirs')
    const theirs = await twisted.ask<Thing>('listenUNIXDatagram', { path, reverse: true })
    const ours = new Connected()
    const bindAddress = folder.file('our-client')
    const connector = new NodeReactor().connectUNIXDatagram(path, ours, { bindAddress })
    onTestFinished(() => connector.disconnect())
    await ours.made.promise
    ours.transport.write(HELLO)
    expect(await ours.arrivals.next()).toEqual(REVERSED)
    expect(await twisted.report<DatagramReport>(theirs)).toMatchObject({
      datagram: HELLO.toString('hex'),
      from: { path: bindAddress },
    })
  })

  it('RX-29 their client talks to our server', async () => {
    const path = folder.file('ours')
    const ours = new Datagrams<IUNIXDatagramTransport, IPathAddress>((transport, datagram, { path: to }) =>
      transport.write(datagram, to),
    )
    const port = await new NodeReactor().listenUNIXDatagram(path, ours)
    onTestFinished(() => port.stopListening())
    const bindAddress = folder.file('their-client')
    const theirs = await twisted.ask<Thing>('connectUNIXDatagram', { path, bindAddress })
    await twisted.ask('write', { thing: theirs.thing, datagram: HELLO.toString('hex') })
    expect(await ours.arrivals.next()).toMatchObject({ datagram: HELLO, from: { path: bindAddress } })
    expect(await twisted.report<DatagramReport>(theirs)).toEqual({ datagram: REVERSED.toString('hex') })
  })
})
