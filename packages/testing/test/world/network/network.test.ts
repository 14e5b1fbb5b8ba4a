import { describe, expect, it } from 'vitest'
import { MemoryLog } from '../../../src/index.ts'
import { Network } from '../../../src/world/network/network.ts'
import { VirtualTime } from '../../../src/world/time/virtual-time.ts'

function newNetwork({ seed = 1 } = {}) {
  const log = new MemoryLog()
  const time = new VirtualTime({ log, patience: 0, pending: () => [] })
  const network = new Network({ time, log, seed, latency: [0.001, 0.01] })
  return { network, time, here: network.machine('here') }
}

describe('find', () => {
  it.each([
    ['localhost', 4, '127.0.0.1'],
    ['localhost', 6, '::1'],
    ['', 4, '127.0.0.1'],
    ['0.0.0.0', 4, '127.0.0.1'],
    ['::', 4, '::1'],
    ['127.0.0.7', 4, '127.0.0.7'],
  ] as const)('takes %j (family %d) for the machine itself, at %s', (host, family, address) => {
    const { network, here } = newNetwork()
    expect(network.find(host, here, family)).toEqual({ machine: here, address })
  })

  it('gives each name a machine with an address of each family', () => {
    const { network, here } = newNetwork()
    const carbon = network.find('carbon', here)
    expect(carbon.address).toBe('10.0.0.2')
    expect(network.find('carbon', here, 6)).toEqual({ machine: carbon.machine, address: 'fd00::2' })
    expect(network.find('CARBON', here)).toEqual(carbon)
    expect(network.find('10.0.0.2', here)).toEqual(carbon)
    expect(network.find('fd00::2', here)).toEqual({ machine: carbon.machine, address: 'fd00::2' })
    expect(network.find('other', here).machine).not.toBe(carbon.machine)
  })

  it("gives an address that is no one's a machine", () => {
    const { network, here } = newNetwork()
    const place = network.find('2001:db8::1', here)
    expect(place.address).toBe('2001:db8::1')
    expect(place.machine.ipv6).toBe('2001:db8::1')
    expect(place.machine.ipv4).toBe('10.0.0.2')
  })

  it('has addresses for many machines', () => {
    const { network } = newNetwork()
    const addresses = new Set(Array.from({ length: 1000 }, (_, n) => network.machine(`m${n}`).ipv4))
    expect(addresses.size).toBe(1000)
    expect(network.machine('m600').ipv4).toMatch(/^10\.0\.2\.\d+$/)
  })
})

describe('a wire', () => {
  it('delivers in order, each within the latency', async () => {
    const { network, time, here } = newNetwork()
    const got: [number, number][] = []
    const wire = network.wire<number>(here, network.machine('a'), (n) => got.push([n, time.seconds()]))
    for (let n = 0; n < 100; n++) wire.send(n)
    await time.advance(0.01)
    expect(got.map(([n]) => n)).toEqual(Array.from({ length: 100 }, (_, n) => n))
    const times = got.map(([, at]) => at)
    expect(Math.min(...times)).toBeGreaterThanOrEqual(0.001)
    expect(times).toEqual(Array.from(times).sort((a, b) => a - b))
  })

  it('has a stream of randomness of its own', async () => {
    const arrival = async (busy: boolean) => {
      const { network, time, here } = newNetwork()
      let at = 0
      const other = network.wire<number>(here, here, () => {})
      const wire = network.wire<number>(here, here, () => {
        at = time.seconds()
      })
      if (busy) other.send(0)
      wire.send(1)
      await time.advance(1)
      return at
    }
    expect(await arrival(true)).toBe(await arrival(false))
  })

  it('has another latency than the next', async () => {
    const { network, time, here } = newNetwork()
    const times: number[] = []
    for (let n = 0; n < 10; n++) network.wire(here, here, () => times.push(time.seconds())).send(n)
    await time.advance(1)
    expect(new Set(times).size).toBe(10)
  })

  it('holds what arrives at a cut, in order with what is sent around its healing', async () => {
    const { network, time, here } = newNetwork()
    const got: number[] = []
    const there = network.machine('a')
    const wire = network.wire<number>(here, there, (n) => got.push(n))
    network.cut(there)
    wire.send(1)
    wire.send(2)
    await time.advance(1)
    wire.send(3)
    network.heal(there)
    wire.send(4)
    expect(got).toEqual([])
    await time.advance(1)
    expect(got).toEqual([1, 2, 3, 4])
  })

  it('stays cut while one of two cuts is left', async () => {
    const { network, time, here } = newNetwork()
    const got: number[] = []
    const there = network.machine('a')
    const wire = network.wire<number>(here, there, (n) => got.push(n))
    network.cut(there)
    network.cut(there, here)
    wire.send(1)
    await time.advance(1)
    network.heal(there)
    await time.advance(1)
    expect(got).toEqual([])
    network.heal(here, there)
    await time.advance(1)
    expect(got).toEqual([1])
  })
})

describe('isCut', () => {
  it('tells which machines cannot talk', () => {
    const { network, here } = newNetwork()
    const [a, b] = [network.machine('a'), network.machine('b')]
    network.cut(a, b)
    expect(network.isCut(a, b)).toBe(true)
    expect(network.isCut(b, a)).toBe(true)
    expect(network.isCut(a, here)).toBe(false)
    network.heal(b, a)
    expect(network.isCut(a, b)).toBe(false)
    network.cut(a)
    expect(network.isCut(here, a)).toBe(true)
    expect(network.isCut(a, a)).toBe(false)
    expect(network.isCut(here, b)).toBe(false)
  })
})
