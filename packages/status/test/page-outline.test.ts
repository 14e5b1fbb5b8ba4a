import { describe, expect, it } from 'vitest'
import { countsOf, outlineOf } from '../page/outline.js'
import type { StatusNode } from '../src/index.ts'

function node(
  name: string,
  children: readonly StatusNode[] = [],
  rest: Partial<StatusNode> = {},
): StatusNode {
  return {
    path: name,
    kind: 'Service',
    name,
    state: 'running',
    since: null,
    error: null,
    facts: {},
    children,
    ...rest,
  }
}

const failed = { state: 'failed', error: 'no route' }

const tree = node('app', [
  node('db'),
  node('workers', [
    node('flush', [], { kind: 'TimerService' }),
    node('mirror', [], failed),
    node('feed', [], { facts: { connection: 'waiting', endpoint: 'tcp:feed.example:4443' } }),
  ]),
  node('web', [node('api'), node('admin')]),
])

const ALL = { words: '', troubled: false }
const NOTHING = new Map<string, boolean>()

const namesOf = (sought: Partial<typeof ALL>, opened = NOTHING): string =>
  outlineOf(tree, { ...ALL, ...sought }, opened)
    .map(({ node: { name }, open }) => `${open === undefined ? '' : open ? '-' : '+'}${name}`)
    .join(' ')

describe('outlineOf', () => {
  it('lists parents before children, with their place among their siblings', () => {
    expect(namesOf({})).toBe('-app db -workers flush mirror feed -web api admin')
    const feed = outlineOf(tree, ALL, NOTHING).find((entry) => entry.node.name === 'feed')
    expect(feed).toMatchObject({ level: 3, at: 3, of: 3, tone: 'warning', hiddenTroubles: 0 })
  })

  it('lists tasks by their names, whose turn it ever is, and services in their order', () => {
    const task = (name: string): StatusNode => node(name, [], { kind: 'CooperativeTask' })
    const order = (children: readonly StatusNode[]): (string | null)[] =>
      outlineOf(node('app', children), ALL, NOTHING).map((entry) => entry.node.name)
    expect(order([task('b'), task('a 10'), task('a 9')])).toEqual(['app', 'a 9', 'a 10', 'b'])
    expect(order([node('b'), node('a')])).toEqual(['app', 'b', 'a'])
  })

  it('leaves out what is in a closed branch, and tells how much of it is not well', () => {
    const closed = new Map([['workers', false]])
    expect(namesOf({}, closed)).toBe('-app db +workers -web api admin')
    const workers = outlineOf(tree, ALL, closed).find((entry) => entry.node.name === 'workers')
    expect(workers?.hiddenTroubles).toBe(2)
    const all = outlineOf(tree, ALL, new Map([['app', false]]))
    expect(all.map((entry) => entry.hiddenTroubles)).toEqual([2])
  })

  it('keeps crowds closed until somebody opens them, the root never', () => {
    const many = Array.from({ length: 101 }, (_, index) => node(`shard ${index}`))
    expect(outlineOf(node('app', [node('shards', many)]), ALL, NOTHING)).toHaveLength(2)
    expect(outlineOf(node('app', [node('shards', many.slice(1))]), ALL, NOTHING)).toHaveLength(102)
    expect(outlineOf(node('app', [node('shards', many)]), ALL, new Map([['shards', true]]))).toHaveLength(103)
    expect(outlineOf(node('app', many), ALL, NOTHING)).toHaveLength(102)
  })

  it.each([
    ['FLUSH', '-app -workers flush'],
    ['timer', '-app -workers flush'],
    ['failed', '-app -workers mirror'],
    ['no route', '-app -workers mirror'],
    ['feed.example', '-app -workers feed'],
    ['running feed', '-app -workers feed'],
    ['  ', '-app db -workers flush mirror feed -web api admin'],
    ['nobody', ''],
  ])('shows what has the words %j, and what leads to it', (words, names) => {
    expect(namesOf({ words })).toBe(names)
  })

  it('keeps what is below a branch that is found closed, but at hand', () => {
    expect(namesOf({ words: 'web' })).toBe('-app +web')
    expect(namesOf({ words: 'web' }, new Map([['web', true]]))).toBe('-app -web api admin')
  })

  it('counts places among those that are found', () => {
    const feed = outlineOf(tree, { ...ALL, words: 'feed' }, NOTHING).at(-1)
    expect(feed).toMatchObject({ at: 1, of: 1 })
  })

  it('shows what is not well, and that alone', () => {
    expect(namesOf({ troubled: true })).toBe('-app -workers mirror feed')
    expect(namesOf({ troubled: true, words: 'mirror' })).toBe('-app -workers mirror')
    expect(outlineOf(node('app'), { ...ALL, troubled: true }, NOTHING)).toEqual([])
  })
})

describe('countsOf', () => {
  it('counts services and those that are not well, and takes no task for a service', () => {
    const task = node('task', [], { kind: 'CooperativeTask', state: 'failed' })
    expect(countsOf(node('app', [tree, task]))).toEqual({ services: 10, failed: 2, warned: 1 })
  })
})
