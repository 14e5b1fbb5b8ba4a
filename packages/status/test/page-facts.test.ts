import { describe, expect, it } from 'vitest'
import { messageOf, shownFacts, toneOf } from '../page/facts.js'
import type { StatusNode } from '../src/index.ts'

function node(facts: StatusNode['facts'], rest: Partial<StatusNode> = {}): StatusNode {
  return {
    path: 'a',
    kind: 'X',
    name: 'a',
    state: 'running',
    since: null,
    error: null,
    facts,
    children: [],
    ...rest,
  }
}

const wordsOf = (facts: StatusNode['facts'], age = 0): string[] =>
  shownFacts(node(facts), 1000, age).map(({ label, value }) => `${label} ${value}`.trim())

describe('shownFacts', () => {
  it.each([
    [
      'a listener',
      {
        endpoint: 'tcp:0:interface=127.0.0.1',
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
      'a listener in want',
      { connections: 2, refused: 3, waiting: 1, handshakes: 2, handshakeFailures: 1 },
      ['connections 2', 'refused 3', 'waiting 1', 'handshakes 2', 'failed handshakes 1'],
    ],
    [
      'a socket for datagrams',
      { received: 7, dropped: 1, sent: 5, failures: 2 },
      ['received 7', 'dropped 1', 'sent 5', 'failures 2'],
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
      ['connection waiting', 'tcp:b:1', 'failed in a row 3', 'attempts 4', 'connections 1', 'retry in 3 s'],
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
      'a cooperator',
      {
        tasks: 2,
        ready: 1,
        waiting: 1,
        paused: 0,
        steps: 9,
        cpuTime: 1,
        longestStep: 0.004,
        longestStepTask: 'documents',
      },
      ['tasks 2', 'ready 1', 'waiting 1', 'steps 9', 'CPU 1 s', 'longest step 4.0 ms', 'by documents'],
    ],
    [
      'a task',
      { steps: 3, cpuTime: 0.5, longestStep: 0.002 },
      ['steps 3', 'CPU 500 ms', 'longest step 2.0 ms'],
    ],
    [
      'something else',
      {
        queueLength: 5,
        leader: true,
        follower: false,
        mode: 'fa\u202Est',
        nothing: null,
        bytesBehind: 2000,
        maxBytes: 10,
        readTimeout: 0.25,
      },
      [
        'queue length 5',
        'leader yes',
        'follower no',
        String.raw`mode fa\u202est`,
        'bytes behind 2.0 kB',
        'max bytes 10 B',
        'read timeout 250 ms',
      ],
    ],
  ])('has words for the facts of %s', (_, facts, words) => {
    expect(wordsOf(facts)).toEqual(words)
  })

  it('counts down to the next attempt, and no further than to now', () => {
    expect(wordsOf({ retryIn: 12 }, 4)).toEqual(['retry in 8 s'])
    expect(wordsOf({ retryIn: 12 }, 20)).toEqual(['retry now'])
  })

  it('counts on how long a run takes', () => {
    expect(wordsOf({ inProgressFor: 2 }, 3)).toEqual(['running for 5 s'])
  })

  it('takes a fact by the name of a member of every object as any other', () => {
    expect(wordsOf({ constructor: 5, toString: 'x' } as never)).toEqual(['constructor 5', 'to string x'])
  })

  it('gives room to what is long', () => {
    const facts = {
      address: 'tcp:a:1',
      mode: 'fast',
      note: 'a sentence of some words',
      'an extraordinarily long name': 1,
    }
    expect(shownFacts(node(facts), 0).map(({ wide }) => wide)).toEqual([true, false, true, true])
  })

  it('marks what is wrong', () => {
    const facts = {
      errors: 1,
      missed: 1,
      runs: 1,
      connection: 'failed',
      paused: true,
      connected: false,
      retryIn: 1,
    }
    const tones = Object.fromEntries(shownFacts(node(facts), 0).map(({ label, tone }) => [label, tone]))
    expect(tones).toEqual({
      errors: 'bad',
      missed: 'warning',
      runs: 'plain',
      connection: 'bad',
      paused: 'warning',
      connected: 'warning',
      retry: 'warning',
    })
  })
})

describe('messageOf', () => {
  it.each([
    ['nothing that runs well', {}, {}, undefined],
    [
      'an error',
      {},
      { state: 'failed', error: 'no route\n\u202E' },
      { label: '', text: 'no route\n\\u202e', tone: 'bad' },
    ],
    [
      'an error that is over',
      {},
      { error: 'no route' },
      { label: 'last error', text: 'no route', tone: 'plain' },
    ],
    [
      'why it waits',
      { connection: 'waiting', cause: 'refused' },
      {},
      { label: '', text: 'refused', tone: 'warning' },
    ],
    [
      'why it waited',
      { connection: 'connected', cause: 'refused' },
      {},
      { label: 'last failure', text: 'refused', tone: 'plain' },
    ],
    [
      'why certificates stay as they are',
      { reloadError: 'no such file' },
      {},
      { label: 'could not be reloaded', text: 'no such file', tone: 'warning' },
    ],
  ])('tells %s', (_, facts, rest, message) => {
    expect(messageOf(node(facts, rest))).toEqual(message)
  })
})

describe('toneOf', () => {
  it.each([
    ['running', {}, 'good'],
    ['serving', {}, 'good'],
    ['ready', {}, 'good'],
    ['failed', {}, 'bad'],
    ['starting', {}, 'warning'],
    ['stopping', {}, 'warning'],
    ['stopped', {}, 'plain'],
    ['idle', { connection: 'idle' }, 'plain'],
    ['running', { connection: 'waiting' }, 'warning'],
    ['running', { connection: 'connected' }, 'good'],
    ['running', { connection: 'failed' }, 'bad'],
    ['running', { connected: false }, 'warning'],
    ['running', { connected: true }, 'good'],
    ['running', { paused: true }, 'warning'],
    ['running', { paused: 2 }, 'good'],
    ['running', { reloadError: 'no such file' }, 'warning'],
    ['running', { reloadError: null }, 'good'],
  ] as const)('of %s with %j is %s', (state, facts, tone) => {
    expect(toneOf(node(facts, { state }))).toBe(tone)
  })
})
