import { describe, expect, it } from 'vitest'
import type { Machine } from '../../../src/world/network/machine.ts'
import { Wire, type WireNetwork } from '../../../src/world/network/wire.ts'
import { newWorld } from '../world-pair.ts'

/** A wire whose items travel so long, one after the other. */
function wire(...delays: number[]) {
  const { world } = newWorld()
  const state = { isCut: false }
  const held: { release(): void }[] = []
  const network: WireNetwork = {
    time: {
      seconds: () => world.seconds(),
      after: (delay: number, call: () => void) => world.callLater(delay, call),
    } as unknown as WireNetwork['time'],
    isCut: () => state.isCut,
    hold: (each) => held.push(each),
    delay: () => delays.shift() ?? 1,
  }
  const machine = {} as Machine
  const got: [string, number][] = []
  const made = new Wire<string>(
    network,
    machine,
    machine,
    () => 0,
    (item) => got.push([item, world.seconds()]),
  )
  return { world, state, held, got, made }
}

describe('Wire', () => {
  it('brings items in order, however long each travels', async () => {
    const { world, got, made } = wire(3, 1, 2)
    for (const item of ['a', 'b', 'c']) made.send(item)
    await world.advance(5)
    expect(got).toEqual([
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ])
  })

  it('holds what arrives at a cut, asks once to be released, and lets it go on in order', async () => {
    const { world, state, held, got, made } = wire()
    state.isCut = true
    for (const item of ['a', 'b']) made.send(item)
    await world.advance(5)
    expect([got, held.length]).toEqual([[], 1])
    state.isCut = false
    made.send('c')
    held[0]!.release()
    await world.advance(5)
    expect(got.map(([item]) => item)).toEqual(['a', 'b', 'c'])
    expect(held).toHaveLength(1)
  })
})
