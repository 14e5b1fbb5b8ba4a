import { describe, expect, it } from 'vitest'
import { painter } from '../src/paint.ts'
import { readDocument, statusLines } from '../src/status-view.ts'

const document = {
  format: 1,
  time: 1000,
  ready: true,
  process: {
    pid: 4711,
    title: 'relay',
    node: 'v24.1.0',
    platform: 'linux',
    startedAt: 400,
    cpu: { user: 1, system: 0.5 },
    memory: { rss: 61_000_000 },
  },
  eventLoop: { interval: 1, history: [{ p99: 5 }, { p99: 0.0012 }] },
  truncated: false,
  tree: {
    path: 'app',
    kind: 'Application',
    name: 'app',
    state: 'running',
    since: 940,
    error: null,
    facts: { services: 1 },
    children: [
      {
        path: 'app/x',
        kind: 'TimerService',
        name: null,
        state: 'failed',
        since: null,
        error: 'no',
        facts: {},
        children: [],
      },
    ],
  },
}

function lines(changes: object = {}): string[] {
  return statusLines(readDocument(JSON.stringify({ ...document, ...changes })), painter(false))
}

describe('a status document', () => {
  it('is shown with the process, then the tree', () => {
    expect(lines()).toEqual([
      'ready  pid 4711  up 10 m  cpu 1.5 s  memory 61 MB  loop delay 1.2 ms  node v24.1.0  linux',
      '',
      'app              Application   running  1 m  services 1',
      '└─ TimerService  TimerService  failed        error: no',
    ])
  })

  it('says when it is not ready, and when there is more', () => {
    const shown = lines({ ready: false, truncated: true })
    expect(shown[0]).toMatch(/^not ready {2}/)
    expect(shown.at(-1)).toBe('… and more than can be shown')
  })

  it.each([
    ['no object', '5', /no document at all/],
    ['nothing', 'null', /no document at all/],
    ['another form', '{"format":2}', /of form 2, this command reads form 1/],
    ['no JSON', '<html>', /JSON/],
  ])('is refused when it is %s', (_what, json, message) => {
    expect(() => readDocument(json)).toThrow(message)
  })

  it.each([
    ['is empty', { process: undefined, eventLoop: undefined, tree: undefined, time: undefined }],
    [
      'has other types',
      { process: 5, eventLoop: { history: 'x' }, tree: { children: [5, null, 'x', { facts: 7 }] } },
    ],
    [
      'has numbers that are none',
      { process: { startedAt: 'x', cpu: null, memory: { rss: '1' } }, tree: { since: '5', error: 7 } },
    ],
  ])('is shown as far as it can be when it %s', (_what, changes) => {
    expect(lines(changes).length).toBeGreaterThanOrEqual(3)
  })

  it('lets no control character reach the terminal, wherever it stands', () => {
    const evil = '\u001b[2J\r\n\u009b\u202e'
    const process = { pid: evil, node: evil, platform: evil }
    const tree = {
      kind: evil,
      name: evil,
      state: evil,
      error: evil,
      facts: { [evil]: evil },
      children: [{ name: evil }],
    }
    for (const line of lines({ process, tree })) expect(line).toMatch(/^[\u0020-\u007e└─│ ]*$/)
  })

  it('is shown within limits when it has too many nodes, facts or levels', () => {
    let deep: object = {}
    for (let i = 0; i < 500; i++) deep = { name: 'd', children: [deep] }
    const deepest = lines({ tree: deep })
    expect(deepest.length).toBeLessThan(250)
    expect(deepest.at(-1)).toBe('… and more than can be shown')

    const facts = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`f${i}`, i]))
    const wide = lines({
      tree: { name: 'w', facts, children: Array.from({ length: 20_000 }, () => ({ name: 'c' })) },
    })
    expect(wide.length).toBeLessThan(10_010)
    expect(wide[2]).not.toContain('f100 ')
  })
})
