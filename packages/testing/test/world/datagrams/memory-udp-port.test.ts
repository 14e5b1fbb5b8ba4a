import { describe, expect, it } from 'vitest'
import type { IHostPort, IInspectable, IListeningPort } from '@sennit/interfaces'
import { DatagramProtocol } from '@sennit/protocol'
import { newWorld } from '../world-pair.ts'

class Recorder extends DatagramProtocol {
  readonly texts: string[] = []
  readonly froms: string[] = []
  refusals = 0
  override datagramReceived(datagram: Uint8Array, from: IHostPort) {
    this.texts.push(Buffer.from(datagram).toString())
    this.froms.push(from.toString())
  }
  override connectionRefused() {
    this.refusals++
  }
}

const describeOf = (port: IListeningPort) => (port as IListeningPort & IInspectable).describe()

describe('MemoryUDPPort', () => {
  it('describes itself', async () => {
    const { world } = newWorld()
    const protocol = new Recorder()
    const port = await world.listenUDP(53, protocol, { held: true, maxPacketSize: 4 })
    expect(describeOf(port)).toMatchObject({ kind: 'UDPPort', state: 'held' })
    world.send('udp:127.0.0.1:53', 'x')
    await world.advance('1s')
    port.serve()
    port.serve()
    for (const text of ['1234', '12345']) world.send('udp:127.0.0.1:53', text)
    await world.advance('1s')
    protocol.transport.write(Buffer.from('y'), { host: '127.0.0.1', port: 9 })
    expect(describeOf(port)).toMatchObject({
      state: 'serving',
      facts: { address: 'udp:0.0.0.0:53', sent: 1, received: 1, dropped: 2, failures: 0 },
    })
    await world.run(port.stopListening())
    expect(describeOf(port).state).toBe('stopped')
  })

  it('PR-29 sends from the address by which the other side can answer', async () => {
    const { world } = newWorld()
    const protocol = new Recorder()
    await world.listenUDP(53, protocol)
    const sink = world.bind('udp:statsd:8125')
    protocol.transport.write(Buffer.from('x'), sink.getHost())
    await world.until(() => sink.datagrams.length === 1)
    expect(sink.datagrams[0]?.from.toString()).toBe(`udp:${world.address}:53`)
    sink.send('y', sink.datagrams[0]!.from)
    await world.until(() => protocol.texts.length === 1)
    expect(protocol.froms).toEqual([sink.getHost().toString()])
  })

  it('PR-29 keeps the order between two ports', async () => {
    const { world } = newWorld()
    const protocol = new Recorder()
    await world.listenUDP(53, protocol)
    const sink = world.bind('udp:a:1')
    const texts = Array.from({ length: 50 }, (_, n) => String(n))
    for (const text of texts) protocol.transport.write(Buffer.from(text), sink.getHost())
    await world.advance('1s')
    expect(sink.texts()).toEqual(texts)
  })

  it('PR-29 copies what it sends', async () => {
    const { world } = newWorld()
    const protocol = new Recorder()
    await world.listenUDP(53, protocol)
    const sink = world.bind('udp:a:1')
    const bytes = Buffer.from('before')
    protocol.transport.write(bytes, sink.getHost())
    bytes.fill('x')
    await world.advance('1s')
    expect(sink.texts()).toEqual(['before'])
  })

  it('PR-29 is told of a refusal by its fixed peer only, and not once it is stopped', async () => {
    const { world } = newWorld()
    const [free, fixed] = [new Recorder(), new Recorder()]
    await world.listenUDP(53, free)
    const port = await world.listenUDP(54, fixed)
    const to = { host: world.host('a').address, port: 9 }
    free.transport.write(Buffer.from('x'), to)
    fixed.transport.connect(to.host, to.port)
    fixed.transport.write(Buffer.from('x'))
    await world.advance('1s')
    expect([free.refusals, fixed.refusals]).toEqual([0, 1])
    expect(describeOf(port).facts['failures']).toBe(1)
    fixed.transport.write(Buffer.from('x'))
    await world.run(port.stopListening())
    await world.advance('1s')
    expect(fixed.refusals).toBe(1)
  })

  it('PR-29 takes as fixed peer only an address of its family, and a port', async () => {
    const { world } = newWorld()
    const protocol = new Recorder()
    await world.listenUDP(53, protocol)
    expect(() => protocol.transport.connect('::1', 9)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_INVALID_ADDRESS' }),
    )
    for (const port of [-1, 0, 65536, 1.5]) {
      const refused = expect.objectContaining({ code: 'ERR_SENNIT_INVALID_ADDRESS' })
      expect(() => protocol.transport.connect('127.0.0.1', port)).toThrow(refused)
      expect(() => protocol.transport.write(Buffer.from('x'), { host: '127.0.0.1', port })).toThrow(refused)
    }
  })

  it('PR-29 sends its fixed peer alone, and says so', async () => {
    const { world } = newWorld()
    const protocol = new Recorder()
    await world.listenUDP(53, protocol)
    const sink = world.bind('udp:a:1')
    const peer = sink.getHost()
    protocol.transport.connect(peer.host, peer.port)
    protocol.transport.write(Buffer.from('x'), peer)
    expect(() => protocol.transport.write(Buffer.from('x'), { host: peer.host, port: 2 })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_INVALID_ADDRESS' }),
    )
    await world.advance('1s')
    expect(sink.texts()).toEqual(['x'])
  })

  it('PR-30 does not stop a protocol that was never started', async () => {
    const { world } = newWorld()
    const protocol = new Recorder()
    let stops = 0
    protocol.doStop = () => void stops++
    const port = await world.listenUDP(53, protocol, { held: true })
    await world.run(port.stopListening())
    port.serve()
    expect(stops).toBe(0)
    expect(describeOf(port).state).toBe('stopped')
  })

  it('PR-29 rejects with what the protocol throws when it is started, and frees the port', async () => {
    const { world } = newWorld()
    const protocol = new Recorder()
    const error = new Error('boom')
    protocol.makeConnection = () => {
      throw error
    }
    await expect(world.listenUDP(53, protocol)).rejects.toBe(error)
    world.assertQuiet()
    await world.listenUDP(53, new Recorder())
  })
})
