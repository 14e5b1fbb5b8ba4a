import { describe, expect, it } from 'vitest'
import { DatagramProtocol } from '@sennit/protocol'
import { newWorld } from '../world-pair.ts'

describe('DatagramSender', () => {
  async function twoMachines() {
    const { world } = newWorld({ latency: ['1ms', '50ms'] })
    const texts: string[] = []
    const protocol = new DatagramProtocol()
    protocol.datagramReceived = (datagram, { host }) => void texts.push(`${String(datagram)} from ${host}`)
    const there = world.host('there', { addresses: ['192.0.2.2'] })
    await there.listenUDP(53, protocol)
    const sender = new DatagramProtocol()
    await world.listenUDP(0, sender)
    const send = (text: string) => sender.transport.write(Buffer.from(text), { host: '192.0.2.2', port: 53 })
    return { world, texts, send }
  }

  it('brings them in order, from an address by which the other side can answer', async () => {
    const { world, texts, send } = await twoMachines()
    const sent = Array.from({ length: 50 }, (_, i) => String(i))
    for (const text of sent) send(text)
    await world.advance('1s')
    expect(texts.map((text) => text.split(' ')[0])).toEqual(sent)
    expect(texts[0]).not.toContain('0.0.0.0')
  })

  it('loses what meets a cut, for good', async () => {
    const { world, texts, send } = await twoMachines()
    world.partition('there')
    send('lost')
    await world.advance('1s')
    world.heal('there')
    await world.advance('1s')
    send('found')
    await world.advance('1s')
    expect(texts.map((text) => text.split(' ')[0])).toEqual(['found'])
  })
})
