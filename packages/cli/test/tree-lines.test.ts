import { describe, expect, it } from 'vitest'
import { painter } from '../src/paint.ts'
import { treeLines } from '../src/tree-lines.ts'
import type { TreeNode } from '../src/tree-node.ts'

const plain = { paint: painter(false), width: undefined, now: 100 }

function node(label: string, more: Partial<TreeNode> = {}): TreeNode {
  return { label, kind: 'Service', facts: [], children: [], ...more }
}

describe('treeLines', () => {
  const tree = node('app', {
    kind: 'Application',
    children: [
      node('a', { children: [node('a1'), node('a2', { facts: [['runs', 3]] })] }),
      node('b', {
        facts: [
          ['on', true],
          ['off', false],
          ['none', null],
        ],
        children: [node('漢字')],
      }),
    ],
  })

  it('shows what is below what, in columns', () => {
    expect(treeLines(tree, plain)).toEqual([
      'app         Application',
      '├─ a        Service',
      '│  ├─ a1    Service',
      '│  └─ a2    Service      runs 3',
      '└─ b        Service      on yes  off no',
      '   └─ 漢字  Service',
    ])
  })

  it('shows states, since when, and errors', () => {
    const lines = treeLines(
      node('app', {
        state: 'running',
        since: 40,
        children: [
          node('b', { state: 'failed', since: 99, error: 'lost', facts: [['runs', 3]] }),
          node('c', { state: 'idle' }),
          node('d', { state: 'running', since: 500 }),
        ],
      }),
      plain,
    )
    expect(lines).toEqual([
      'app   Service  running  1 m',
      '├─ b  Service  failed   1 s  runs 3  error: lost',
      '├─ c  Service  idle',
      '└─ d  Service  running  0 s',
    ])
  })

  it('lets nothing of a name, a kind, a state, a fact or an error reach the terminal', () => {
    const evil = '\u001b[2J\n\u202e'
    const lines = treeLines(
      node(evil, { kind: evil, state: evil, error: evil, facts: [[evil, evil]] }),
      plain,
    )
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^[\u0020-\u007e]*$/)
    expect(lines[0]!.split(String.raw`\x1b[2J\n\u202e`)).toHaveLength(7)
  })

  const long = node('app', {
    facts: [
      ['first', 'x'.repeat(10)],
      ['second', 'y'.repeat(10)],
      ['third', 'z'.repeat(10)],
    ],
    children: [node('last')],
  })

  it('breaks facts that are too long, and keeps their column', () => {
    expect(treeLines(long, { ...plain, width: 60 })).toEqual([
      'app      Service  first xxxxxxxxxx  second yyyyyyyyyy',
      '│                 third zzzzzzzzzz',
      '└─ last  Service',
    ])
  })

  it('puts them below when there is no room beside', () => {
    expect(treeLines(long, { ...plain, width: 40 })).toEqual([
      'app      Service',
      '│    first xxxxxxxxxx  second yyyyyyyyyy',
      '│    third zzzzzzzzzz',
      '└─ last  Service',
    ])
  })

  it('has colours where there are any, which take no room', () => {
    const [first, second] = treeLines(
      node('app', { state: 'running', since: 90, children: [node('b', { state: 'failed', error: 'x' })] }),
      { ...plain, paint: painter(true) },
    )
    expect(first).toBe(
      '\u001b[1mapp \u001b[22m  \u001b[2mService\u001b[22m  \u001b[32mrunning\u001b[39m  10 s',
    )
    expect(second).toContain('\u001b[31mfailed \u001b[39m')
    expect(second).toContain('\u001b[31merror: x\u001b[39m')
  })

  it('shows a tree of any depth', () => {
    let deep = node('bottom')
    for (let i = 0; i < 3000; i++) deep = node('x', { children: [deep] })
    expect(treeLines(deep, plain).at(-1)).toContain('└─ bottom')
  })
})
