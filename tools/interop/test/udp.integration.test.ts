import type { IHostPort, IUDPTransport } from '@sennit/interfaces'
import type { IPv4Address } from '@sennit/protocol'
import { NodeReactor } from '@sennit/reactor'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { Datagrams } from '../src/datagrams.ts'
import { Twisted, twistedIsThere, type DatagramReport, type Thing } from '../src/twisted.ts'

const HELLO = Buffer.from('hello')
const REVERSED = Buffer.from('olleh')

type UDP = Datagrams<IUDPTransport, IHostPort>

async function bound(protocol: UDP): Promise<IPv4Address> {
  const port = await new NodeReactor().listenUDP(0, protocol, { interface: '127.0.0.1' })
  onTestFinished(() => port.stopListening())
  return port.getHost() as IPv4Address
}

describe.skipIf(!twistedIsThere)('UDP with Twisted', () => {
  let twisted: Twisted

  beforeAll(async () => {
    twisted = await Twisted.start()
  })
  afterAll(() => twisted[Symbol.asyncDispose]())

  it('PR-29 our datagram arrives at their port, which answers', async () => {
    const theirs = await twisted.ask<Thing>('listenUDP', { reverse: true })
    const ours: UDP = new Datagrams()
    const { port } = await bound(ours)
    ours.transport.write(HELLO, { host: '127.0.0.1', port: theirs.port })
    const { datagram, from } = await ours.arrivals.next()
    expect(datagram).toEqual(REVERSED)
    expect(from).toMatchObject({ host: '127.0.0.1', port: theirs.port })
    expect(await twisted.report<DatagramReport>(theirs)).toEqual({
      datagram: HELLO.toString('hex'),
      from: { host: '127.0.0.1', port },
    })
  })

  it('PR-29 their datagram arrives at our port, which answers', async () => {
    const ours: UDP = new Datagrams((transport, datagram, from) => transport.write(datagram, from))
    const { port } = await bound(ours)
    const theirs = await twisted.ask<Thing>('listenUDP', { reverse: false })
    await twisted.ask('write', {
      thing: theirs.thing,
      datagram: HELLO.toString('hex'),
      to: ['127.0.0.1', port],
    })
    expect((await ours.arrivals.next()).from).toMatchObject({ host: '127.0.0.1', port: theirs.port })
    expect(await twisted.report<DatagramReport>(theirs)).toMatchObject({ datagram: REVERSED.toString('hex') })
  })

  it('RX-29 both take datagrams of 8192 bytes, of one, and of none', async () => {
    const theirs = await twisted.ask<Thing>('listenUDP', { reverse: true })
    const ours: UDP = new Datagrams()
    await bound(ours)
    for (const length of [8192, 1, 0]) {
      ours.transport.write(Buffer.alloc(length, 1), { host: '127.0.0.1', port: theirs.port })
      expect((await ours.arrivals.next()).datagram).toEqual(Buffer.alloc(length, 1))
    }
  })
})
