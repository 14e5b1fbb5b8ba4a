/**
 * Trees of services: `node trees.ts SIDE N`, so many children of one parent, or so many levels.
 *
 * @module
 */
import { type IService } from '@sennit/interfaces'
import { MultiService, Service } from '@sennit/service'
import { type Burst, collect, cpu, measure, WARM_UP } from './measure.ts'

let started = 0
let stopped = 0

/** A tree as one would write it by hand, for children whose hooks return nothing. */
class HandWritten {
  readonly #children: { start(): void; stop(): void }[] = []
  readonly #names = new Map<string, object>()
  running = false

  add(name: string, child: { start(): void; stop(): void }): void {
    if (this.#names.has(name)) throw new Error(`two children are called ${name}`)
    this.#names.set(name, child)
    this.#children.push(child)
  }

  start(): void {
    this.running = true
    for (const child of this.#children) child.start()
  }

  stop(): void {
    for (let i = this.#children.length - 1; i >= 0; i--) this.#children[i]!.stop()
    this.running = false
  }
}

class Child {
  running = false
  start(): void {
    this.running = true
    started++
  }
  stop(): void {
    this.running = false
    stopped++
  }
}

/** The same for children whose hooks are asynchronous. */
class AsyncHandWritten {
  readonly #children: AsyncChild[] = []
  readonly #names = new Map<string, object>()
  running = false

  add(name: string, child: AsyncChild): void {
    if (this.#names.has(name)) throw new Error(`two children are called ${name}`)
    this.#names.set(name, child)
    this.#children.push(child)
  }

  async start(): Promise<void> {
    this.running = true
    for (const child of this.#children) await child.start()
  }

  async stop(): Promise<void> {
    for (let i = this.#children.length - 1; i >= 0; i--) await this.#children[i]!.stop()
    this.running = false
  }
}

class AsyncChild {
  running = false
  async start(): Promise<void> {
    this.running = true
    started++
  }
  async stop(): Promise<void> {
    this.running = false
    stopped++
  }
}

class Leaf extends Service {
  protected override onStart(): void {
    started++
  }
  protected override onStop(): void {
    stopped++
  }
}

class AsyncLeaf extends Service {
  protected override async onStart(): Promise<void> {
    started++
  }
  protected override async onStop(): Promise<void> {
    stopped++
  }
}

/** One tree stays: where none is left, the collector takes the compiled code along. */
const lasting = new Set<Tree>()

interface Tree {
  start(): unknown
  stop(): unknown
}

function byHand(n: number): Tree {
  const tree = new HandWritten()
  for (let i = 0; i < n; i++) tree.add(`child ${i}`, new Child())
  return tree
}

function byHandAsync(n: number): Tree {
  const tree = new AsyncHandWritten()
  for (let i = 0; i < n; i++) tree.add(`child ${i}`, new AsyncChild())
  return tree
}

function byMultiService(Kind: new (options: { name: string }) => IService): (n: number) => Tree {
  return (n) => {
    const tree = new MultiService({ name: 'tree' })
    for (let i = 0; i < n; i++) void tree.addService(new Kind({ name: `child ${i}` }))
    return { start: () => tree.startService(), stop: () => tree.stopService() }
  }
}

/** The first burst starts a tree, the second stops it; the third starts another. */
async function goingUpAndDown(build: (n: number) => Tree, n: number): Promise<Burst> {
  const kept = build(10)
  await kept.start()
  lasting.add(kept)
  // A few times as a whole, so that everything is compiled.
  for (let round = 0; round < 5; round++) {
    const first = build(Math.min(n, WARM_UP))
    await first.start()
    await first.stop()
  }
  let tree: Tree | undefined
  const timed = async (work: () => unknown): Promise<number> => {
    await collect()
    const begin = cpu()
    await work()
    return ((cpu() - begin) / n) * 1e9
  }
  const check = (stoppedByNow: number): void => {
    if (started !== n || stopped !== stoppedByNow)
      throw new Error(`${started} started and ${stopped} stopped of ${n}`)
  }
  return async () => {
    if (tree !== undefined) {
      const going = tree
      tree = undefined
      const stop = await timed(() => going.stop())
      check(n)
      return { stop }
    }
    started = stopped = 0
    const coming = (tree = build(n))
    const start = await timed(() => coming.start())
    check(0)
    return { start }
  }
}

async function goingDeep(levels: number) {
  started = stopped = 0
  let tree = new MultiService({ name: 'leaf' }, [new Leaf({ name: 'end' }) as IService])
  for (let level = 0; level < levels; level++) tree = new MultiService({ name: `level ${level}` }, [tree])
  await tree.startService()
  await tree.stopService()
  return { levels: started === 1 && stopped === 1 ? levels : 0 }
}

await measure({
  hand: (n = 0) => goingUpAndDown(byHand, n),
  'hand async': (n = 0) => goingUpAndDown(byHandAsync, n),
  MultiService: (n = 0) => goingUpAndDown(byMultiService(Leaf), n),
  'MultiService async': (n = 0) => goingUpAndDown(byMultiService(AsyncLeaf), n),
  deep:
    (levels = 0) =>
    () =>
      goingDeep(levels),
  avvio: async (n = 0) => {
    const { default: avvio } = await import('avvio')
    return goingUpAndDown((count) => {
      const app = avvio({}, { autostart: false, timeout: 0 })
      for (let i = 0; i < count; i++) {
        app.use(async () => void started++)
        app.onClose((_instance: unknown, done: Function) => {
          stopped++
          queueMicrotask(() => done())
        })
      }
      return {
        start: () => {
          app.start()
          return app.ready()
        },
        stop: () => new Promise<void>((resolve) => app.close(() => resolve())),
      }
    }, n)
  },
  effect: async (n = 0) => {
    const { Effect, Exit, Scope } = await import('effect')
    return goingUpAndDown((count) => {
      const scope = Effect.runSync(Scope.make())
      const one = Effect.acquireRelease(
        Effect.sync(() => started++),
        () => Effect.sync(() => stopped++),
      )
      const all = Effect.forEach(Array.from({ length: count }), () => one, { discard: true })
      return {
        start: () => Effect.runPromise(Scope.provide(all, scope)),
        stop: () => Effect.runPromise(Scope.close(scope, Exit.void)),
      }
    }, n)
  },
})
