import { describe, expect, it } from 'vitest'
import { actionOf } from '../page/keyboard.js'
import { outlineOf } from '../page/outline.js'
import type { StatusNode } from '../src/index.ts'

function node(name: string, children: readonly StatusNode[] = []): StatusNode {
  return { path: name, kind: 'S', name, state: 'running', since: null, error: null, facts: {}, children }
}

// app ▾ ( db, workers ▾ ( flush, deep ▾ ( leaf ) ), web ▸ ( api ) )
const tree = node('app', [
  node('db'),
  node('workers', [node('flush'), node('deep', [node('leaf')])]),
  node('web', [node('api')]),
])
const entries = outlineOf(tree, { words: '', troubled: false }, new Map([['web', false]]))
const names = entries.map((entry) => entry.node.name)

/** Where a key leads from a row, or what else it does there. */
function press(key: string, from: string): unknown {
  const action = actionOf(key, entries, names.indexOf(from))
  return action !== undefined && 'go' in action ? names[action.go] : action
}

describe('actionOf', () => {
  it.each([
    ['ArrowDown', 'app', 'db'],
    ['ArrowDown', 'web', 'web'],
    ['ArrowUp', 'db', 'app'],
    ['ArrowUp', 'app', 'app'],
    ['Home', 'leaf', 'app'],
    ['End', 'app', 'web'],
    ['ArrowRight', 'workers', 'flush'],
    ['ArrowLeft', 'leaf', 'deep'],
    ['ArrowLeft', 'flush', 'workers'],
    ['ArrowLeft', 'web', 'app'],
    ['w', 'app', 'workers'],
    ['w', 'workers', 'web'],
    ['W', 'web', 'workers'],
  ])('%s leads from %s to %s', (key, from, to) => {
    expect(press(key, from)).toBe(to)
  })

  it('ArrowRight opens what is closed, ArrowLeft closes what is open', () => {
    expect(press('ArrowRight', 'web')).toEqual({ open: true, paths: ['web'] })
    expect(press('ArrowLeft', 'workers')).toEqual({ open: false, paths: ['workers'] })
  })

  it.each(['Enter', ' '])('%j opens or closes', (key) => {
    expect(press(key, 'web')).toEqual({ toggle: true })
  })

  it('* opens all branches beside a row', () => {
    expect(press('*', 'db')).toEqual({ open: true, paths: ['workers', 'web'] })
    expect(press('*', 'leaf')).toEqual({ open: true, paths: [] })
    expect(press('*', 'app')).toEqual({ open: true, paths: ['app'] })
  })

  it('* opens none of the branches below another parent', () => {
    const two = node('app', [node('a', [node('a1', [node('x')])]), node('b', [node('b1', [node('y')])])])
    const rows = outlineOf(two, { words: '', troubled: false }, new Map())
    const from = rows.findIndex((entry) => entry.node.name === 'a1')
    expect(actionOf('*', rows, from)).toEqual({ open: true, paths: ['a1'] })
  })

  it.each(['x', 'Tab', 'F5', '/', 'Escape'])('leaves %j to others', (key) => {
    expect(press(key, 'db')).toBeUndefined()
  })

  it.each(['ArrowRight'])('%s does nothing where there is nothing below', (key) => {
    expect(press(key, 'db')).toBeUndefined()
  })

  it('does nothing where there is no row', () => {
    expect(actionOf('ArrowDown', [], -1)).toBeUndefined()
  })
})
