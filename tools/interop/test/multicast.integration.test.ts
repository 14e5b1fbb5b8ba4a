import type { IHostPort, IMulticastScope, IMulticastTransport } from '@sennit/interfaces'
import type { IPv4Address } from '@sennit/protocol'
import { NodeReactor } from '@sennit/reactor'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { Datagrams } from '../src/datagrams.ts'
import { Twisted, twistedIsThere, type DatagramReport, type Thing } from '../src/twisted.ts'

/** Each test has its own: a port also hears groups that others on the machine have joined. */
const THEIR_GROUP = '239.255.41.7'
const OUR_GROUP = '239.255.41.8'
const OTHER_GROUP = '239.255.41.9'
const LOOPBACK = '127.0.0.1'
const HELLO = Buffer.from('hello')
const REVERSED = Buffer.from('olleh')

type Multicast = Datagrams<IMulticastTransport & IMulticastScope, IHostPort>

async function bound(protocol: Multicast): Promise<number> {
  const port = await new NodeReactor().listenMulticast(0, protocol)
  onTestFinished(() => port.stopListening())
  protocol.transport.setOutgoingInterface(LOOPBACK)
  return (port.getHost() as IPv4Address).port
}

describe.skipIf(!twistedIsThere)('multicast with Twisted', () => {
  let twisted: Twisted

  beforeAll(async () => {
    twisted = await Twisted.start()
  })
  afterAll(() => twisted[Symbol.asyncDispose]())

  it('PR-31 what we send to a group comes to their port that has joined, which answers', async () => {
    const theirs = await twisted.ask<Thing>('listenMulticast', { group: THEIR_GROUP, reverse: true })
    const ours: Multicast = new Datagrams()
    await bound(ours)
    ours.transport.write(HELLO, { host: THEIR_GROUP, port: theirs.port })
    expect((await ours.arrivals.next()).datagram).toEqual(REVERSED)
    expect(await twisted.report<DatagramReport>(theirs)).toMatchObject({ datagram: HELLO.toString('hex') })
  })

  it('PR-31 what they send to a group comes to our port that has joined, until it has left', async () => {
    const ours: Multicast = new Datagrams()
    const port = await bound(ours)
    const theirs = await twisted.ask<Thing>('listenMulticast', { group: OTHER_GROUP, reverse: false })
    const send = (text: string, host: string): Promise<void> =>
      twisted.ask('write', {
        thing: theirs.thing,
        datagram: Buffer.from(text).toString('hex'),
        to: [host, port],
      })
    await ours.transport.joinGroup(OUR_GROUP, LOOPBACK)
    await send('joined', OUR_GROUP)
    expect((await ours.arrivals.next()).datagram.toString()).toBe('joined')
    await ours.transport.leaveGroup(OUR_GROUP, LOOPBACK)
    await send('left', OUR_GROUP)
    // Had the one before come, it would have come before this one.
    await send('straight', LOOPBACK)
    expect((await ours.arrivals.next()).datagram.toString()).toBe('straight')
  })
})
