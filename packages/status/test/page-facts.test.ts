import { describe, expect, it } from 'vitest'
import { shownFacts, toneOf } from '../page/facts.js'
import type { StatusNode } from '../src/index.ts'

function node(facts: StatusNode['facts'], state = 'running'): StatusNode {
  return { path: 'a', kind: 'X', name: 'a', state, since: null, error: null, facts, children: [] }
}

const wordsOf = (facts: StatusNode['facts'], age = 0): string[] =>
  shownFacts(node(facts), 1000, age).map(({ label, value }) => `${label} ${value}`.trim())

describe('shownFacts', () => {
  it.each([
    [
      'a listener',
      {
        address: 'tcp:127.0.0.1:80',
        connections: 2,
        accepted: 1500,
        refused: 0,
        waiting: 0,
        bytesRead: 5e6,
        bytesWritten: 12,
      },
      ['tcp:127.0.0.1:80', 'connections 2', 'accepted 1\u202F500', 'in 5.0 MB', 'out 12 B'],
    ],
    [
      'a client that waits',
      {
        connection: 'waiting',
        endpoint: 'tcp:b:1',
        failures: 3,
        attempts: 4,
        connections: 1,
        retryIn: 2.5,
        cause: 'refused',
      },
      [
        'waiting',
        'tcp:b:1',
        'failures in a row 3',
        'attempts 4',
        'connections 1',
        'next attempt in 2.5 s',
        'because refused',
      ],
    ],
    [
      'a timer',
      {
        step: 10,
        runs: 7,
        missed: 1,
        errors: 2,
        paused: false,
        lastRun: 997,
        runTime: 0.012,
        nextRun: 1007,
        inProgressFor: null,
      },
      ['every 10 s', 'runs 7', 'missed 1', 'errors 2', 'last run 3 s ago', 'took 12 ms', 'next run in 7 s'],
    ],
    [
      'a task',
      { steps: 3, cpuTime: 0.5, longestStep: 0.002 },
      ['steps 3', 'CPU 500 ms', 'longest step 2.0 ms'],
    ],
    [
      'something else',
      { queueLength: 5, leader: true, follower: false, mode: 'fast', nothing: null },
      ['queue length 5', 'leader yes', 'follower no', 'mode fast'],
    ],
  ])('has words for the facts of %s', (_, facts, words) => {
    expect(wordsOf(facts)).toEqual(words)
  })

  it('counts down to the next attempt, and no further than to now', () => {
    expect(wordsOf({ retryIn: 2.5 }, 1)).toEqual(['next attempt in 1.5 s'])
    expect(wordsOf({ retryIn: 2.5 }, 5)).toEqual(['next attempt in 0 ms'])
  })

  it('takes a fact by the name of a member of every object as any other', () => {
    expect(wordsOf({ constructor: 5, toString: 'x' } as never)).toEqual(['constructor 5', 'to string x'])
  })

  it('marks what is wrong', () => {
    const tones = Object.fromEntries(
      shownFacts(node({ errors: 1, missed: 1, runs: 1, connection: 'failed', paused: true }), 0).map(
        ({ label, tone }) => [label, tone],
      ),
    )
    expect(tones).toEqual({ errors: 'bad', missed: 'warning', runs: 'plain', '': 'bad', paused: 'warning' })
  })
})

describe('toneOf', () => {
  it.each([
    ['running', {}, 'good'],
    ['failed', {}, 'bad'],
    ['starting', {}, 'warning'],
    ['stopping', {}, 'warning'],
    ['stopped', {}, 'plain'],
    ['running', { connection: 'waiting' }, 'warning'],
    ['running', { connection: 'connected' }, 'good'],
    ['running', { paused: true }, 'warning'],
  ] as const)('of %s with %j is %s', (state, facts, tone) => {
    expect(toneOf(node(facts, state))).toBe(tone)
  })
})
