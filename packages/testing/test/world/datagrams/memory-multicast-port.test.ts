import { describe, expect, it } from 'vitest'
import type { IMulticastScope, IMulticastTransport } from '@sennit/interfaces'
import { DatagramProtocol } from '@sennit/protocol'
import { newWorld } from '../world-pair.ts'

class Recorder extends DatagramProtocol<IMulticastTransport & IMulticastScope> {
  readonly texts: string[] = []
  override datagramReceived(datagram: Uint8Array): void {
    this.texts.push(Buffer.from(datagram).toString())
  }
}

const GROUP = '239.1.1.1'

/** A member on each of two machines, and one that sends. */
async function neighbours() {
  const { world } = newWorld()
  const other = world.host('other')
  const [sender, near, far] = [new Recorder(), new Recorder(), new Recorder()]
  await world.listenMulticast(0, sender)
  await world.listenMulticast(5000, near)
  await other.listenMulticast(5000, far)
  await near.transport.joinGroup(GROUP)
  await far.transport.joinGroup(GROUP)
  const send = async (text: string) => {
    sender.transport.write(Buffer.from(text), { host: GROUP, port: 5000 })
    await world.advance('1s')
  }
  return { world, sender, near, far, send }
}

describe('MemoryMulticastPort', () => {
  it('PR-31 reaches members on all machines', async () => {
    const { near, far, send } = await neighbours()
    await send('to all')
    expect([near.texts, far.texts]).toEqual([['to all'], ['to all']])
  })

  it('PR-31 is reached by whoever sends to the group: a UDP port, the test, a sink', async () => {
    const { world, near, far } = await neighbours()
    const plain = new DatagramProtocol()
    await world.host('third').listenUDP(0, plain)
    plain.transport.write(Buffer.from('plain'), { host: GROUP, port: 5000 })
    await world.advance('1s')
    world.send(`udp:${GROUP}:5000`, 'test')
    await world.advance('1s')
    world.bind('udp:127.0.0.1:0').send('own machine', { host: GROUP, port: 5000 })
    world.bind('udp:fourth:0').send('sink', { host: GROUP, port: 5000 })
    await world.advance('1s')
    expect(near.texts).toEqual(['plain', 'test', 'sink'])
    expect(far.texts).toEqual(['plain', 'test', 'sink'])
  })

  it('PR-31 reaches a sink of the test that is bound to the group, until it is closed', async () => {
    const { world, send } = await neighbours()
    const sink = world.bind(`udp:${GROUP}:5000`)
    const other = world.bind(`udp:${GROUP}:5001`)
    await send('one')
    expect(sink.texts()).toEqual(['one'])
    sink.close()
    await send('two')
    expect([sink.texts(), other.texts()]).toEqual([['one'], []])
  })

  it('PR-31 goes no further than its TTL, and not to its own machine without the loopback mode', async () => {
    const { sender, near, far, send } = await neighbours()
    sender.transport.setTTL(0)
    await send('here')
    sender.transport.setTTL(1)
    sender.transport.setLoopbackMode(false)
    await send('there')
    expect([near.texts, far.texts]).toEqual([['here'], ['there']])
  })

  it('PR-31 meets a cut between machines', async () => {
    const { world, near, far, send } = await neighbours()
    world.partition('other')
    await send('cut')
    world.heal('other')
    await send('whole')
    expect([near.texts, far.texts]).toEqual([['cut', 'whole'], ['whole']])
  })

  it('PR-31 leaves its groups when it stops', async () => {
    const { world, near, send } = await neighbours()
    const { transport } = near
    await world.run(transport.stopListening())
    const again = new Recorder()
    await world.listenMulticast(5000, again)
    await send('late')
    expect([near.texts, again.texts]).toEqual([[], []])
  })
})
