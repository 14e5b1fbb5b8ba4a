/**
 * Delayed calls, periodic work, and fake time.
 *
 * @module
 */
import { type Bar, type Comparison, type Quantity } from '../comparison.ts'
import { type Amounts, always, measured, original, type ProgramSide } from '../measuring/sides.ts'

const TIME_AND_HEAP: Readonly<Record<string, Quantity>> = {
  time: { title: 'CPU for each', unit: 'ns', better: 'lower' },
  heap: { title: 'heap for each', unit: 'B', better: 'lower' },
}

/** So many are scheduled or started at once, and then those of the other side: with fewer, the collector does its work between the parts. */
const PART = 100_000

/** How often the sides take turns, at least; if need be, the same is done that often. */
const BURSTS = 6

function shown(n: number): string {
  return n === 1_000_000 ? 'a million' : n.toLocaleString('en')
}

function amounts(full: number): Amounts {
  return { full, quick: full / 5, smoke: 100 }
}

function partsAndPasses(n: number): readonly [parts: number, passes: number] {
  const parts = n / PART
  return [parts, Math.ceil(BURSTS / parts)]
}

function bars(side: string, limit: number, reached: Readonly<Record<string, number>> = {}): Bar[] {
  return Object.keys(TIME_AND_HEAP).map((quantity) => ({ side, quantity, limit, reached: reached[quantity] }))
}

function calls(n: number, spread: number, isHeld: boolean): Comparison {
  const [parts, passes] = partsAndPasses(n)
  const numbers = [amounts(n), always(spread), always(parts), always(passes)]
  const side = (as: string): ProgramSide => ({ program: 'calls.ts', as, numbers })
  return {
    name: `call-later-${spread === 0 ? '' : 'spread-'}${n}`,
    title: `${shown(n)} delayed calls${spread === 0 ? '' : ' at random times within a minute'}`,
    quantities: TIME_AND_HEAP,
    sides: [
      measured('reference', 'setTimeout', side('setTimeout')),
      measured('ours', 'callLater', side('callLater')),
      measured('peer', 'a heap by hand', side('heap')),
    ],
    bursts: parts * passes,
    onePerProcessor: true,
    bars: isHeld ? bars('callLater', 0.75) : [],
  }
}

function starting(n: number): Comparison {
  const [parts, passes] = partsAndPasses(n)
  const side = (kind: string): ProgramSide => ({
    program: 'periodic.ts',
    as: `start ${kind}`,
    numbers: [amounts(n), always(parts), always(passes)],
  })
  return {
    name: `timer-${n}`,
    title: `${shown(n)} periodic timers, started`,
    quantities: TIME_AND_HEAP,
    sides: [
      measured('reference', 'setInterval', side('setInterval')),
      measured('ours', 'TimerService', side('TimerService')),
      measured('peer', 'toad-scheduler', side('toad')),
      ...(n > 100_000 ? [] : [original('start', amounts(n))]),
    ],
    bursts: parts * passes,
    onePerProcessor: true,
    bars: bars('TimerService', 1.5, { time: 2.9, heap: 2.2 }),
  }
}

const ticking = (kind: string): ProgramSide => ({
  program: 'periodic.ts',
  as: `tick ${kind}`,
  numbers: [
    { full: 10_000, quick: 10_000, smoke: 10 },
    { full: 4, quick: 2, smoke: 0.1 },
    { full: 6, quick: 2, smoke: 1 },
  ],
  free: true,
})

const ticks: Comparison = {
  name: 'tick',
  title: '10,000 periodic timers, each once a second',
  quantities: { cpu: { title: 'CPU per tick', unit: 'µs', better: 'lower' } },
  sides: [
    measured('reference', 'setInterval', ticking('setInterval')),
    measured('ours', 'TimerService', ticking('TimerService')),
    measured('peer', 'toad-scheduler', ticking('toad')),
    measured('peer', 'croner', ticking('croner')),
    original(
      'tick',
      { full: 10_000, quick: 10_000, smoke: 10 },
      { full: 3, quick: 2, smoke: 1.5 },
      { full: 4, quick: 2, smoke: 1 },
    ),
  ],
  bars: [{ side: 'TimerService', quantity: 'cpu', limit: 1.1, reached: 2 }],
  together: 4,
}

const keeping = (kind: string): ProgramSide => ({
  program: 'periodic.ts',
  as: `keep ${kind}`,
  numbers: [always(10), { full: 10, quick: 4, smoke: 0.1 }, { full: 3, quick: 1, smoke: 0 }],
  free: true,
})

const rate: Comparison = {
  name: 'rate',
  title: 'One timer of 10 ms, for 10 s',
  quantities: { rate: { title: 'mean rate kept', unit: '%', better: 'higher' } },
  sides: [
    measured('reference', 'setInterval', keeping('setInterval')),
    measured('ours', 'TimerService', keeping('TimerService')),
    measured('peer', 'toad-scheduler', keeping('toad')),
    original('keep', always(10), { full: 10, quick: 4, smoke: 0.1 }),
  ],
  bars: [{ side: 'TimerService', quantity: 'rate', by: 'value', limit: 99.9 }],
  together: 4,
}

function fakeTime(advances: number): Comparison {
  const n = { full: 100_000, quick: 20_000, smoke: 100 }
  const side = (who: string): ProgramSide => ({
    program: 'calls.ts',
    as: `run by ${who}`,
    numbers: [n, always(advances)],
  })
  return {
    name: advances === 1 ? 'clock' : 'clock-steps',
    title: `100,000 calls on a fake clock, in ${advances === 1 ? 'one advance' : `${shown(advances)} advances`}`,
    quantities: { time: { title: 'CPU for each', unit: 'ns', better: 'lower' } },
    sides: [
      measured('reference', 'a stable heap by hand', side('heap')),
      measured('ours', 'Clock', side('Clock')),
      measured('peer', '@sinonjs/fake-timers', side('sinon')),
    ],
    bursts: 3,
    onePerProcessor: true,
    bars: [{ side: 'Clock', quantity: 'time', limit: 1.3 }],
  }
}

export const timers: readonly Comparison[] = [
  calls(100_000, 0, true),
  calls(1_000_000, 0, true),
  calls(100_000, 60, false),
  starting(100_000),
  starting(1_000_000),
  ticks,
  rate,
  fakeTime(1),
  fakeTime(1000),
]
