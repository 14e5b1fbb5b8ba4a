/** Whole trees under random calls, also of listeners, hooks that fail, hang and take their time, and deadlines, on a clock that stands still. */
import type { IService } from '@sennit/interfaces'
import { Clock, realTurn } from '@sennit/runtime'
import { describe, expect, it, vi } from 'vitest'
import {
  type HookContext,
  MultiService,
  type MultiServiceOptions,
  Service,
  type ServiceOptions,
} from '../src/index.ts'
import { Bare, recorder } from './kit.ts'

const SEEDS = Number(process.env['SEEDS'] ?? 400)
const STEPS = 40

/** A generator of numbers in [0, 1) that repeats itself for a seed. */
function randomness(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What is known of one service from its hooks alone. */
class Witness {
  readonly name: string
  /** Hooks that have been called and have not returned. */
  inside = 0
  /** Whether a start has succeeded that was not followed by the call of a stop. */
  due = false
  readonly wrong: string[] = []

  constructor(name: string) {
    this.name = name
  }

  enter(kind: string): void {
    if (++this.inside > 1) this.wrong.push(`${this.name}: ${kind} inside another hook`)
    if (kind !== 'stop') return
    if (!this.due) this.wrong.push(`${this.name}: a stop that is not due`)
    this.due = false
  }

  leave(kind: string, succeeded: boolean): void {
    this.inside--
    if (kind !== 'stop' && succeeded) this.due = true
  }
}

type HookBodies = Record<'privileged' | 'start' | 'stop', (hook: HookContext) => void | Promise<void>>

class Leaf extends Service {
  readonly bodies: HookBodies
  readonly resting: () => void
  constructor(bodies: HookBodies, options: ServiceOptions, resting: () => void) {
    super(options)
    this.bodies = bodies
    this.resting = resting
  }
  protected override onRest(): void {
    this.resting()
  }
  protected override onPrivilegedStart(hook: HookContext): void | Promise<void> {
    return this.bodies.privileged(hook)
  }
  protected override onStart(hook: HookContext): void | Promise<void> {
    return this.bodies.start(hook)
  }
  protected override onStop(hook: HookContext): void | Promise<void> {
    return this.bodies.stop(hook)
  }
}

class Group extends MultiService {
  readonly bodies: HookBodies
  constructor(bodies: HookBodies, options: MultiServiceOptions) {
    super(options)
    this.bodies = bodies
  }
  protected override onPrivilegedStart(hook: HookContext): void | Promise<void> {
    return this.bodies.privileged(hook)
  }
  protected override onStart(hook: HookContext): void | Promise<void> {
    return this.bodies.start(hook)
  }
  protected override onStop(hook: HookContext): void | Promise<void> {
    return this.bodies.stop(hook)
  }
}

class World {
  readonly random: () => number
  readonly clock = new Clock()
  readonly witnesses: Witness[] = []
  readonly services: IService[] = []
  readonly unsettled = new Set<Promise<unknown>>()
  healed = false
  #meddling = 0

  constructor(seed: number) {
    this.random = randomness(seed)
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!
  }

  /** Runs a hook that does as chance will have it. */
  hook(witness: Witness, kind: string, { signal }: HookContext): void | Promise<void> {
    witness.enter(kind)
    const way = this.healed
      ? 'ok'
      : this.pick(['ok', 'ok', 'ok', 'throws', 'later', 'later', 'rejects', 'hangs', 'calls'])
    const leave = (succeeded: boolean) => witness.leave(kind, succeeded)
    if (way === 'throws') {
      leave(false)
      throw new Error(`${witness.name} ${kind} throws`)
    }
    if (way === 'calls') this.act()
    if (way === 'ok' || way === 'calls') {
      leave(true)
      return undefined
    }
    return new Promise((resolve, reject) => {
      const end = (error?: Error) => {
        if (call.active()) call.cancel()
        leave(error === undefined)
        if (error === undefined) resolve()
        else reject(error)
      }
      const rejects = way === 'rejects' ? new Error(`${witness.name} ${kind} rejects`) : undefined
      const call = this.clock.callLater(way === 'hangs' ? 50 : this.random() * 3, () => end(rejects))
      if (this.random() < 0.5)
        signal.addEventListener('abort', () => end(signal.reason as Error), { once: true })
    })
  }

  service(depth: number): IService {
    const witness = new Witness(`s${this.witnesses.length}`)
    this.witnesses.push(witness)
    const options = {
      name: witness.name,
      startTimeout: this.random() < 0.2 ? 1 : undefined,
      stopTimeout: this.random() < 0.2 ? 1 : undefined,
      onFailure: this.random() < 0.3 ? ('log' as const) : undefined,
    }
    const bodies = {
      privileged: (hook: HookContext) => this.hook(witness, 'privileged', hook),
      start: (hook: HookContext) => this.hook(witness, 'start', hook),
      stop: (hook: HookContext) => this.hook(witness, 'stop', hook),
    }
    const made = this.#make(depth, witness, options, bodies)
    this.services.push(made)
    return made
  }

  #make(depth: number, { name }: Witness, options: ServiceOptions, bodies: HookBodies): IService {
    if (depth === 0 && this.random() < 0.3) return new Bare(name, [], bodies)
    const order = this.pick(['sequence', 'together'] as const)
    const plain = depth === 0 && this.random() < 0.6
    const meddle = this.random() < 0.4 ? () => this.#meddle() : undefined
    const made =
      depth === 0
        ? new Leaf(bodies, plain ? { name } : options, meddle ?? (() => {}))
        : new Group(bodies, { ...options, order })
    if (meddle !== undefined && !plain) made.onStateChange(meddle)
    if (made instanceof MultiService) {
      const count = Math.floor(this.random() * 4)
      for (let i = 0; i < count; i++) void this.service(depth - 1).setServiceParent(made)
    }
    return made
  }

  watch(result: void | Promise<void>): void {
    if (result === undefined) return
    const settled: Promise<unknown> = result.then(
      () => this.unsettled.delete(settled),
      () => this.unsettled.delete(settled),
    )
    this.unsettled.add(settled)
  }

  /** One random call from outside, or from inside a hook. */
  act(): void {
    const service = this.pick(this.services)
    // Whoever keeps no life of its own is driven by its collection alone.
    const own = service instanceof Service ? service : this.services.find((each) => each instanceof Service)!
    const options =
      this.random() < 0.2 ? { timeout: 2 } : this.random() < 0.1 ? { signal: this.#signal() } : undefined
    const what = this.random()
    if (what < 0.25) this.watch(own.startService(options))
    else if (what < 0.35) this.watch(own.privilegedStartService(options))
    else if (what < 0.55) this.watch(own.stopService(options))
    else if (what < 0.65) this.watch(service.disownServiceParent())
    else if (what < 0.75) own.fail(new Error('chance'))
    else if (what < 0.9) this.#move(service)
    else this.clock.advance(this.random() * 2)
  }

  /** What a listener does, in its turn or out of it. */
  #meddle(): void {
    if (this.healed || this.#meddling > 3) return
    this.#meddling++
    try {
      const what = this.random()
      if (what < 0.3) this.act()
      if (what > 0.8) throw new Error('a listener throws')
    } finally {
      this.#meddling--
    }
  }

  #signal(): AbortSignal {
    const controller = new AbortController()
    this.clock.callLater(this.random() * 2, () => controller.abort(new Error('enough')))
    return controller.signal
  }

  #move(service: IService): void {
    const parent = this.pick(this.services)
    if (!(parent instanceof MultiService)) return
    try {
      this.watch(service.setServiceParent(parent))
    } catch {
      // It is above, or has been there without the service's knowing.
    }
  }

  async pass(seconds: number): Promise<void> {
    for (let i = 0; i < seconds * 2; i++) {
      this.clock.advance(0.5)
      await realTurn()
    }
  }
}

describe('Trees of services', () => {
  it('call each stop hook once for what has started, and no two hooks of a service at once, whatever happens', async () => {
    const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    for (let seed = 1; seed <= SEEDS; seed++) {
      const world = new World(seed)
      const log = { ...recorder(), isLevelEnabled: () => world.random() < 0.5 }
      const root = new MultiService({ name: 'root', clock: world.clock, log }, [])
      world.services.push(root)
      for (let i = 0; i < 3; i++) void world.service(Math.floor(world.random() * 3)).setServiceParent(root)
      for (let step = 0; step < STEPS; step++) {
        world.act()
        if (world.random() < 0.5) await realTurn()
        if (world.random() < 0.3) world.clock.advance(world.random())
      }
      world.healed = true
      await world.pass(60)
      for (const service of world.services) {
        if (service instanceof Service) world.watch(service.stopService())
        else world.watch(service.disownServiceParent())
      }
      await world.pass(60)
      const wrong = world.witnesses.flatMap((witness) => witness.wrong)
      const left = world.witnesses.filter(({ inside, due }) => inside > 0 || due).map(({ name }) => name)
      const running = world.services.filter((each) => each instanceof Service && each.running).length
      const report = {
        seed,
        wrong,
        left,
        running,
        unsettled: world.unsettled.size,
        calls: world.clock.getDelayedCalls().length,
      }
      expect(report).toEqual({ seed, wrong: [], left: [], running: 0, unsettled: 0, calls: 0 })
    }
    process.off('unhandledRejection', note)
    written.mockRestore()
    expect(unhandled).toEqual([])
  }, 60_000)
})
