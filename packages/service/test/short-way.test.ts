import { describe, expect, it } from 'vitest'
import { Hook } from '../src/hook.ts'
import { Service } from '../src/index.ts'
import { DUE, LATE, stateOf, TOUCHED, WANTED, withState } from '../src/marks.ts'
import { isOpen, SHORT_WAYS } from '../src/short-way.ts'

const IDLE = withState(0, 'idle')
const PREPARED = withState(DUE | TOUCHED, 'starting')
const RUNNING = withState(DUE | TOUCHED | WANTED, 'running')

describe('The short way', () => {
  it.each([
    ['privileged', [true, false, false, false, false, true]],
    ['start', [true, true, false, false, false, true]],
    ['stop', [false, true, true, false, true, false]],
  ] as const)('is open to a transition that is to be done: %s', (kind, expected) => {
    const failed = withState(0, 'failed')
    const all = [IDLE, PREPARED, RUNNING, IDLE | LATE, PREPARED | LATE, failed]
    const found = all.map((marks) => isOpen(SHORT_WAYS[kind], marks))
    // A failure that a stop is due for goes by the book when it is to start.
    expect(isOpen(SHORT_WAYS.start, withState(DUE | TOUCHED, 'failed'))).toBe(false)
    expect(found).toEqual(expected)
  })

  it.each([
    ['privileged', IDLE, 'starting', 'starting', DUE],
    ['start', IDLE, 'starting', 'running', DUE | TOUCHED | WANTED],
    ['start', PREPARED, 'starting', 'running', DUE | TOUCHED | WANTED],
    ['stop', RUNNING, 'stopping', 'stopped', 0],
    ['stop', PREPARED, 'stopping', 'stopped', 0],
  ] as const)('leads from state to state: %s', (kind, marks, during, after, left) => {
    const way = SHORT_WAYS[kind]
    const begun = (marks & way.kept) | way.begun
    expect(stateOf(begun)).toBe(during)
    const ended = withState(begun, 'idle') | way.ended
    expect(stateOf(ended)).toBe(after)
    expect(withState(ended, 'idle')).toBe(left)
  })

  it.each(['privileged', 'start', 'stop'] as const)('calls the hook, if it is there: %s', (kind) => {
    const target = {
      onPrivilegedStart: (hook: object) => ['privileged', hook],
      onStart: (hook: object) => ['start', hook],
      onStop: (hook: object) => ['stop', hook],
    }
    const hook = new Hook({ signal: new AbortController().signal }, new Service().context)
    expect(SHORT_WAYS[kind].call(target, hook)).toEqual([kind, hook])
    expect(SHORT_WAYS[kind].call({}, hook)).toBeUndefined()
  })
})
