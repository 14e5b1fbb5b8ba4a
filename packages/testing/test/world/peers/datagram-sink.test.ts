import { describe, expect, it } from 'vitest'
import { newWorld } from '../world-pair.ts'

describe('DatagramSink', () => {
  it('collects datagrams with their senders', async () => {
    const { world } = newWorld()
    const [one, other] = [world.bind('udp:a:1'), world.bind('udp:b:2')]
    other.send('x', one.getHost())
    other.send(Buffer.from('y'), { host: 'A', port: 1 })
    await world.advance('1s')
    expect(one.texts()).toEqual(['x', 'y'])
    expect(one.datagrams[0]).toMatchObject({ data: Buffer.from('x') })
    expect(one.datagrams[0]?.from.toString()).toBe(other.getHost().toString())
  })

  it('counts what reached nobody', async () => {
    const { world } = newWorld()
    const sink = world.bind('udp:a:1')
    sink.send('x', { host: 'b', port: 9 })
    await world.advance('1s')
    expect(sink.unreached).toBe(1)
  })

  it('frees its port', async () => {
    const { world } = newWorld()
    const sink = world.bind('udp:a:1')
    expect(() => world.bind('udp:a:1')).toThrow(expect.objectContaining({ code: 'EADDRINUSE' }))
    sink.close()
    world.send('udp:a:1', 'lost')
    await world.advance('1s')
    expect(sink.texts()).toEqual([])
    world.bind('udp:a:1')
  })

  it('hears on 127.0.0.1 what the program sends to itself', async () => {
    const { world } = newWorld()
    const sink = world.bind('udp:127.0.0.1:8125')
    world.send('udp:localhost:8125', 'x')
    await world.advance('1s')
    expect(sink.texts()).toEqual(['x'])
    expect(sink.datagrams[0]?.from.host).toBe('127.0.0.1')
  })
})
