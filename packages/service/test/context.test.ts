import type { IServiceContext } from '@sennit/interfaces'
import { Clock, defaultLog, setGlobalReactor, systemClock, systemRandom } from '@sennit/runtime'
import { afterEach, describe, expect, it } from 'vitest'
import { overlay, resolveContext } from '../src/context.ts'
import { type HookContext, MultiService } from '../src/index.ts'
import { differing, gate, outcome, Probe, recorder } from './kit.ts'

afterEach(() => setGlobalReactor(undefined))

const world = () => ({ reactor: new Clock(), clock: new Clock(), log: recorder(), random: () => 0.5 })

describe('The context of a service', () => {
  it('is the process’s when nobody gives another', () => {
    const process = { reactor: systemClock, clock: systemClock, log: defaultLog, random: systemRandom }
    expect(differing(new Probe('db', []).context, process)).toEqual([])
  })

  it('is one object for all who have nothing and inherit nothing, as long as the process has the same', () => {
    const [one, two] = [new Probe('one', []), new Probe('two', [])]
    const own = new Probe('own', [], {}, { random: () => 0.5 })
    const before = one.context
    expect(two.context).toBe(before)
    expect(own.context.random()).toBe(0.5)
    expect(one.context.random).toBe(systemRandom)
    setGlobalReactor(new Clock())
    expect(one.context).not.toBe(before)
    expect(two.context).toBe(one.context)
  })

  it('has the reactor of the process as soon as there is one', () => {
    const db = new Probe('db', [])
    const reactor = new Clock()
    setGlobalReactor(reactor)
    expect(differing(db.context, { reactor, clock: reactor })).toEqual([])
  })

  it.each(['reactor', 'clock', 'log', 'random'] as const)(
    'takes %s from the nearest that has it',
    (which) => {
      const [own, middle, root] = [world(), world(), world()]
      const db = new Probe('db', [], {}, { [which]: own[which] })
      const sibling = new Probe('sibling', [])
      const group = new MultiService({ [which]: middle[which] }, [new MultiService({}, [db, sibling])])
      const cousin = new Probe('cousin', [])
      const app = new MultiService(root, [group, cousin])
      void app.startService()
      const seen = [db, sibling, cousin].map(({ context }) => context[which])
      const given = [own, middle, root].map((each) => each[which])
      expect(differing(seen, given)).toEqual([])
    },
  )

  it('takes time from a nearer reactor before it takes a clock from above', () => {
    const [reactor, clock, root] = [new Clock(), new Clock(), new Clock()]
    const db = new Probe('db', [])
    const app = new MultiService({ clock: root }, [new MultiService({ reactor }, [db])])
    expect(differing(db.context, { reactor, clock: reactor })).toEqual([])
    const web = new Probe('web', [])
    void app.addService(new MultiService({ reactor, clock }, [web]))
    expect(differing(web.context, { reactor, clock })).toEqual([])
    void app.startService()
    expect(db.context.clock).toBe(reactor)
    expect(web.context.clock).toBe(clock)
  })

  it('takes randomness from a nearer reactor that brings its own before it takes one from above', () => {
    const [fromReactor, own, root] = [() => 0.1, () => 0.2, () => 0.3]
    const reactor = Object.assign(new Clock(), { random: fromReactor })
    const [db, web, cache] = [new Probe('db', []), new Probe('web', []), new Probe('cache', [])]
    const app = new MultiService({ random: root }, [
      new MultiService({ reactor }, [db]),
      new MultiService({ reactor, random: own }, [web]),
      cache,
    ])
    const seen = () => [db, web, cache].map(({ context }) => context.random)
    expect(seen()).toEqual([fromReactor, own, root])
    void app.startService()
    expect(seen()).toEqual([fromReactor, own, root])
  })

  it('takes the randomness of the reactor of the process', () => {
    const random = () => 0.1
    setGlobalReactor(Object.assign(new Clock(), { random }))
    expect(new Probe('db', []).context.random).toBe(random)
  })

  it('is handed to every hook, the same that the service has', () => {
    const seen: IServiceContext[] = []
    const keep = ({ context }: HookContext) => void seen.push(context)
    const db = new Probe('db', [], { privileged: keep, start: keep, stop: keep })
    const given = world()
    const app = new MultiService(given, [db])
    void app.privilegedStartService()
    void app.startService()
    expect(db.context).toBe(app.context)
    void app.stopService()
    expect(seen.length).toBe(3)
    for (const context of seen) expect(differing(context, given)).toEqual([])
  })

  it('can be spread', () => {
    const given = world()
    const app = new MultiService(given)
    expect(differing({ ...app.context }, given)).toEqual([])
    void app.startService()
    expect(differing({ ...app.context }, given)).toEqual([])
  })

  it('is read anew at each start', () => {
    const [first, second] = [new Clock(), new Clock()]
    const db = new Probe('db', [])
    const one = new MultiService({ reactor: first }, [db])
    void one.startService()
    expect(db.context.reactor).toBe(first)
    const two = new MultiService({ reactor: second })
    void two.startService()
    void db.setServiceParent(two)
    expect(db.context.reactor).toBe(second)
    void db.disownServiceParent()
    expect(db.context.reactor).toBe(systemClock)
  })

  it('stays what it was until the service is stopped, also when it has left its parent', async () => {
    const reactor = new Clock()
    const stopping = gate()
    let seen: IServiceContext | undefined
    const stop = ({ context }: HookContext) => {
      seen = context
      return stopping.promise
    }
    const db = new Probe('db', [], { stop })
    const app = new MultiService({ reactor }, [db])
    void app.startService()
    const left = db.disownServiceParent()
    expect(seen!.reactor).toBe(reactor)
    expect(db.context.reactor).toBe(reactor)
    stopping.open()
    await left
    expect(db.context.reactor).toBe(systemClock)
  })

  it('stays what it was when the reactor of the process changes meanwhile', () => {
    const db = new Probe('db', [])
    void db.startService()
    setGlobalReactor(new Clock())
    expect(db.context.reactor).toBe(systemClock)
    void db.stopService()
    expect(db.context.reactor).not.toBe(systemClock)
  })

  it('stays what it was from the privileged start on, and for children that have none of their own', () => {
    const seen: IServiceContext[] = []
    const keep = ({ context }: HookContext) => void seen.push(context)
    const db = new Probe('db', [], { privileged: keep, start: keep, stop: keep })
    const app = new MultiService({}, [new MultiService({}, [db])])
    void app.privilegedStartService()
    setGlobalReactor(new Clock())
    void app.startService()
    expect(db.context.reactor).toBe(systemClock)
    void app.stopService()
    const reactors = seen.map(({ reactor }) => reactor)
    expect(differing(reactors, [systemClock, systemClock, systemClock])).toEqual([])
    expect(db.context.reactor).not.toBe(systemClock)
  })

  it('is handed to the hooks of each child, as it is there', () => {
    const [mine, theirs] = [new Clock(), new Clock()]
    const seen: unknown[] = []
    const keep = ({ context }: HookContext) => void seen.push(context.clock)
    const bodies = { privileged: keep, start: keep, stop: keep }
    const children = [new Probe('a', [], bodies, { clock: mine }), new Probe('b', [], bodies)]
    const app = new MultiService({ clock: theirs }, children)
    void app.privilegedStartService()
    void app.startService()
    void app.stopService()
    expect(differing(seen, [mine, theirs, mine, theirs, theirs, mine])).toEqual([])
  })

  it('comes from a parent of another kind that has one', () => {
    const given = world()
    const db = new Probe('db', [])
    void db.setServiceParent({
      context: given,
      addService() {},
      removeService() {},
      getServiceNamed() {},
    } as never)
    expect(differing(db.context, given)).toEqual([])
    void db.startService()
    expect(differing(db.context, given)).toEqual([])
  })
})

describe('A parent of another kind that throws when it is asked', () => {
  function childOf(parent: object) {
    const db = new Probe('db', [])
    const methods = { addService() {}, removeService() {}, getServiceNamed() {} }
    void db.setServiceParent(
      Object.defineProperties(methods, Object.getOwnPropertyDescriptors(parent)) as never,
    )
    return db
  }

  it.each<[string, (thrown: Error) => object]>([
    [
      'for its context',
      (thrown) => ({
        get context(): never {
          throw thrown
        },
      }),
    ],
    [
      'for its reactor',
      (thrown) => ({
        context: {
          get reactor(): never {
            throw thrown
          },
        },
      }),
    ],
  ])('%s makes the start fail, and nothing else', async (_what, parentOf) => {
    const thrown = new Error('closed')
    const db = childOf(parentOf(thrown))
    expect(db.context.reactor).toBe(systemClock)
    expect(await outcome(db.privilegedStartService())).toBe(thrown)
    expect(await outcome(db.startService())).toBe(thrown)
    expect([db.state, db.running, db.lastError]).toEqual(['failed', false, thrown])
    expect(await outcome(db.stopService())).toBe('done')
    await db.disownServiceParent()
    expect(await outcome(db.startService())).toBe('done')
    expect(db.state).toBe('running')
  })

  it('for its context makes the start of those below fail, too', async () => {
    const thrown = new Error('closed')
    const child = new Probe('child', [])
    const group = new MultiService({ name: 'group' }, [child])
    const methods = { addService() {}, removeService() {}, getServiceNamed() {} }
    void group.setServiceParent({
      ...methods,
      get context(): never {
        throw thrown
      },
    } as never)
    expect(await outcome(child.startService())).toBe(thrown)
    expect(await outcome(group.startService())).toBe(thrown)
    expect([child.state, group.state]).toEqual(['failed', 'failed'])
  })

  it('for its path has none', async () => {
    const db = childOf({
      get path(): never {
        throw new Error('closed')
      },
    })
    expect(db.path).toBe('db')
    await db.startService()
    expect(db.state).toBe('running')
  })
})

describe('overlay', () => {
  it('is what is inherited, itself, when there is nothing of one’s own', () => {
    const inherited = world()
    expect(overlay(undefined, inherited)).toBe(inherited)
  })

  it('agrees with the walk to the root', () => {
    const inherited = world()
    for (let bits = 0; bits < 16; bits++) {
      const all = world()
      const own = Object.fromEntries(Object.entries(all).filter((_, i) => (bits >> i) % 2 === 1))
      const collection = { own: inherited, collection: undefined, foreignContext: undefined }
      const walked = resolveContext({ own, collection, foreignContext: undefined })
      expect(differing(overlay(own, inherited), walked)).toEqual([])
    }
  })
})
