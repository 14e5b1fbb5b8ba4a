import { Clock, realTurn } from '@sennit/runtime'
import { expect, it } from 'vitest'
import { MultiService, Service } from '../src/index.ts'
import { gate, type Gate, recorder } from './kit.ts'

/** A number in [0, 1) for each call, the same again for the same seed. */
function seeded(seed: number): () => number {
  let state = seed * 2_654_435_761 + 1
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** Whoever waits for the start of a service, as those do who wait for a connection. */
class Waited extends Service {
  waiting = false
  started = false
  readonly faults: string[]
  readonly hook: () => void | Promise<void>

  constructor(name: string, faults: string[], hook: () => void | Promise<void>) {
    super({ name })
    this.faults = faults
    this.hook = hook
  }

  get expected(): boolean {
    return this.startExpected
  }

  protected override onStart(): void | Promise<void> {
    const result = this.hook()
    if (result !== undefined) return result.then(() => this.begun())
    this.begun()
  }

  begun(): void {
    this.started = true
    this.waiting = false
  }

  protected override onStop(): void | Promise<void> {
    this.started = false
    return this.hook()
  }

  protected override onRest(): void {
    if (this.running) this.faults.push(`${this.path} is told that it rests while it runs`)
    if (this.startExpected) this.faults.push(`${this.path} is told that it rests while a start is expected`)
    this.waiting = false
  }
}

/** Does many things to a tree, in an order that the seed gives; what is wrong in the end. */
async function simulate(seed: number): Promise<string[]> {
  const random = seeded(seed)
  const faults: string[] = []
  const gates = new Set<Gate>()
  const hook = (): void | Promise<void> => {
    const what = random()
    if (what < 0.4) return undefined
    if (what < 0.5) throw new Error('failed at once')
    const door = gate()
    gates.add(door)
    return door.promise
  }
  const order = random() < 0.5 ? 'sequence' : 'together'
  const timeouts = random() < 0.3 ? { startTimeout: 2, stopTimeout: 2 } : {}
  const leaves = Array.from({ length: 4 }, (_, i) => new Waited(`leaf${i}`, faults, hook))
  const group = new MultiService({ name: 'group' }, [leaves[1]!, leaves[2]!])
  const clock = new Clock()
  const top = new MultiService({ name: 'app', order, clock, log: recorder(), ...timeouts }, [
    leaves[0]!,
    group,
    leaves[3]!,
  ])
  const services = [top, top, group, ...leaves]
  const quiet = (work: void | Promise<void>) => void Promise.resolve(work).catch(() => {})
  for (let i = 0; i < 25; i++) {
    const service = services[Math.floor(random() * services.length)]!
    const leaf = leaves[Math.floor(random() * leaves.length)]!
    const what = random()
    if (what < 0.2) quiet(service.startService())
    else if (what < 0.4) quiet(service.stopService())
    else if (what < 0.45) quiet(service.privilegedStartService())
    else if (what < 0.65) leaf.waiting = !leaf.started && leaf.state !== 'failed'
    else if (what < 0.85) {
      const [door] = gates
      gates.delete(door!)
      if (random() < 0.2) door?.fail(new Error('failed'))
      else door?.open()
    } else if (what < 0.9) clock.advance(1)
    else await realTurn()
  }
  // Let all end, then stop for good: nobody waits any more.
  const stopped = top.stopService()
  quiet(stopped)
  for (let turns = 0; turns < 60; turns++) {
    for (const door of gates) door.open()
    gates.clear()
    await realTurn()
  }
  for (const leaf of leaves) {
    // One that was started by itself, wholly or not, goes on by itself.
    const rests = ['idle', 'stopped', 'failed'].includes(leaf.state)
    if (leaf.waiting && rests) faults.push(`${leaf.path} is still waited for: ${leaf.state}, ${top.state}`)
    if (leaf.expected) faults.push(`a start of ${leaf.path} is still expected`)
  }
  return faults
}

it('whoever waits for a start is told, and nobody is told too early, whatever happens', async () => {
  for (let seed = 1; seed <= 400; seed++) expect(await simulate(seed), `seed ${seed}`).toEqual([])
})
