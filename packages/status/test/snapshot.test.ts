import type { Description, IInspectable, IService } from '@sennit/interfaces'
import { Application, hooks, MultiService, Service } from '@sennit/service'
import { describe, expect, it } from 'vitest'
import { LIMITS, snapshotOf } from '../src/snapshot.ts'
import type { StatusNode } from '../src/status-document.ts'

function inspectable(description: Partial<Description>): IInspectable {
  const full: Description = {
    kind: 'Thing',
    name: undefined,
    state: 'running',
    since: undefined,
    error: undefined,
    facts: {},
    children: [],
    ...description,
  }
  return { describe: () => full }
}

function pathsOf(tree: StatusNode): string[] {
  return [tree.path, ...tree.children.flatMap(pathsOf)]
}

describe('snapshotOf', () => {
  it('copies a tree, with the path of each node', async () => {
    const app = new Application('api', {}, [
      hooks('db', {}),
      new MultiService({ name: 'web' }, [hooks('tls', {})]),
    ])
    await app.startService()
    const { tree, truncated } = snapshotOf(app)
    expect(pathsOf(tree)).toEqual(['api', 'api/db', 'api/web', 'api/web/tls'])
    expect(tree).toMatchObject({ kind: 'Application', name: 'api', state: 'running', error: null })
    expect(tree.since).toBeGreaterThan(1e9)
    expect(truncated).toBe(false)
  })

  it('gives each node a path of its own, also when names are the same, missing, or have slashes', () => {
    const same = inspectable({ name: 'db' }).describe()
    const { tree } = snapshotOf(
      inspectable({
        name: 'a',
        children: [
          same,
          same,
          inspectable({ name: 'b/c' }).describe(),
          inspectable({ name: 'b', children: [inspectable({ name: 'c' }).describe()] }).describe(),
          inspectable({}).describe(),
        ],
      }),
    )
    expect(pathsOf(tree)).toEqual(['a', 'a/db', 'a/db~2', 'a/b/c', 'a/b', 'a/b/c~2', 'a/Thing'])
  })

  it('leaves out what is too much, deepest first, and says so', () => {
    const app = new Application('api')
    for (let child = 0; child < 30; child++) {
      void new MultiService({ name: `c${child}` }, [hooks('x', {})]).setServiceParent(app)
    }
    const { tree, truncated } = snapshotOf(app, { ...LIMITS, nodes: 35 })
    expect(truncated).toBe(true)
    expect(tree.children).toHaveLength(30)
    expect(tree.children.reduce((sum, { children }) => sum + children.length, 0)).toBe(4)
  })

  it('copes with a tree of ten thousand levels', () => {
    let service: IService = hooks('leaf', {})
    for (let level = 0; level < 10_000; level++) service = new MultiService({ name: 'n' }, [service])
    const { tree, truncated } = snapshotOf(service)
    expect(truncated).toBe(true)
    expect(JSON.stringify(tree).length).toBeLessThan(200_000)
  })

  it('shortens texts and leaves out facts beyond the limit', () => {
    const facts = Object.fromEntries(Array.from({ length: 80 }, (_, at) => [`f${at}`, at]))
    const long = 'x'.repeat(10_000)
    const { tree } = snapshotOf(
      inspectable({ name: long, error: long, state: long, facts: { text: long, ...facts } }),
    )
    expect(tree.name).toHaveLength(LIMITS.text)
    expect(tree.name!.endsWith('…')).toBe(true)
    expect(tree.error).toHaveLength(LIMITS.text)
    expect(tree.facts['text']).toHaveLength(LIMITS.text)
    expect(Object.keys(tree.facts)).toHaveLength(LIMITS.facts)
    expect(JSON.stringify(tree).length).toBeLessThan(5000)
  })

  it('has only what JSON can say', () => {
    const { tree } = snapshotOf(
      inspectable({ since: Number.NaN, facts: { a: Infinity, b: Number.NaN, c: 1.5, d: true, e: null } }),
    )
    expect(tree.since).toBeNull()
    expect(tree.facts).toEqual({ a: null, b: null, c: 1.5, d: true, e: null })
    expect(JSON.parse(JSON.stringify(tree))).toEqual(tree)
  })

  it('tells what it can of a service that does not describe itself, or cannot', () => {
    class Broken extends Service {
      override describe(): Description {
        throw new Error('no words')
      }
    }
    expect(snapshotOf(new Broken({ name: 'b' })).tree).toMatchObject({
      kind: 'Broken',
      name: 'b',
      error: 'no words',
    })
    const bare = { name: 'bare', running: true } as unknown as IService
    expect(snapshotOf(bare).tree).toMatchObject({ kind: 'Object', name: 'bare', state: 'running' })
  })

  it.each([
    ['nothing', null],
    ['neither facts nor children', { facts: undefined, children: undefined }],
    ['facts that are none', { facts: null, children: 'none' }],
    ['a fact that is an object', { facts: { a: { toJSON: () => expect.fail('it is not asked') } } }],
    ['a fact without a text', { facts: { a: Object.create(null) as never } }],
    ['a large number', { facts: { a: 10n } }],
    ['a symbol for a name', { name: Symbol('x') }],
    ['a name without a text', { name: Object.create(null) as never }],
    ['times that are none', { since: 'now' }],
    ['a child that is none', { children: [null, undefined, 1] }],
    [
      'a fact that cannot be read',
      {
        get facts(): never {
          throw new Error('no facts')
        },
      },
    ],
    [
      'children that cannot be read',
      {
        get children(): never {
          throw new Error('no children')
        },
      },
    ],
  ])('copes with %s in what a service of somebody else says', (_, part) => {
    const strange = part === null ? null : inspectable({}).describe()
    if (strange !== null) Object.defineProperties(strange, Object.getOwnPropertyDescriptors(part))
    const good = inspectable({ name: 'good' }).describe()
    const { tree } = snapshotOf(inspectable({ name: 'api', children: [strange as Description, good] }))
    expect(tree.children).toHaveLength(2)
    expect(tree.children[1]).toMatchObject({ path: 'api/good', error: null })
    expect(JSON.parse(JSON.stringify(tree))).toEqual(tree)
    const alone = snapshotOf({ describe: () => strange as Description }).tree
    expect(JSON.parse(JSON.stringify(alone))).toEqual(alone)
  })

  it('says so of what cannot be read', () => {
    const { tree } = snapshotOf(
      inspectable({ children: [inspectable({ name: Object.create(null) as never }).describe()] }),
    )
    expect(tree.children[0]).toMatchObject({
      state: 'unknown',
      error: expect.stringMatching(/^its description cannot be read: /) as string,
    })
  })

  it('leaves out nodes when their texts are too much altogether', () => {
    const facts = Object.fromEntries(
      Array.from({ length: 50 }, (_, at) => [`${at}${'k'.repeat(500)}`, 'v'.repeat(600)]),
    )
    const children = Array.from({ length: 4000 }, () => inspectable({ facts }).describe())
    const { tree, truncated } = snapshotOf(inspectable({ children }))
    expect(truncated).toBe(true)
    expect(tree.children.length).toBeGreaterThan(100)
    expect(JSON.stringify(tree).length).toBeLessThan(10e6)
  })

  it('has no half of a character: it would become the same as another when it is sent', () => {
    const halves = ['x\ud800', 'x\udc00', `${'x'.repeat(494)}😀😀😀😀`]
    const { tree } = snapshotOf(
      inspectable({ name: 'a', children: halves.map((name) => inspectable({ name }).describe()) }),
    )
    const [first, second, third] = tree.children
    expect([first!.path, second!.path]).toEqual(['a/x\ufffd', 'a/x\ufffd~2'])
    expect(JSON.stringify(third)).not.toMatch(/\\ud[89a-f]/)
    expect(third!.path.endsWith('😀\ufffd…')).toBe(true)
  })

  it('finds paths for thousands of services of the same name at once', () => {
    const same = inspectable({ name: 'x' }).describe()
    const taken = inspectable({ name: 'x~3' }).describe()
    const children = [taken, ...Array.from({ length: 20_000 }, () => same)]
    const began = performance.now()
    const paths = pathsOf(snapshotOf(inspectable({ name: 'a', children }), { ...LIMITS, nodes: 30_000 }).tree)
    expect(performance.now() - began).toBeLessThan(3000)
    expect(paths.slice(0, 5)).toEqual(['a', 'a/x~3', 'a/x', 'a/x~2', 'a/x~4'])
    expect(new Set(paths).size).toBe(paths.length)
  })
})
