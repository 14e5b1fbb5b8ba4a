/**
 * Whether each costs more when there are many.
 *
 * @module
 */
import type { Comparison, Quantity, Scale, Side } from '../comparison.ts'
import { epoll } from '../measuring/epoll.ts'
import type { Processor } from '../measuring/pinned.ts'
import { nodeWithRoom, node, RunningProgram } from '../measuring/program.ts'

/** How much more each may cost than with the smallest number. */
const MORE = 1.5

interface Growing {
  readonly name: string
  readonly title: string
  readonly quantities: Readonly<Record<string, Quantity>>
  readonly sizes: readonly number[]
  /** The command that measures with so many. */
  readonly command: (size: number) => readonly string[]
  /** In how many parts. @defaultValue 1 */
  readonly bursts?: number
  /** Whether each costs as many comparisons as the logarithm of how many there are. */
  readonly isHeap?: boolean
  /** What can be reached where the limit cannot, by the number. */
  readonly reached?: Readonly<Record<number, number>>
  /** @defaultValue true */
  readonly onePerProcessor?: boolean
}

const PARTS = { full: 1, quick: 10, smoke: 1000 }

function growing({
  name,
  title,
  quantities,
  sizes,
  command,
  bursts = 1,
  isHeap = false,
  reached = {},
  onePerProcessor = true,
}: Growing): Comparison {
  const smallest = sizes[0]!
  const sides = sizes.map((size, i): Side => ({
    name: size.toLocaleString('en'),
    role: i === 0 ? 'reference' : 'ours',
    size,
    start: (scale: Scale, processor: Processor) =>
      RunningProgram.start(command(Math.ceil(size / PARTS[scale])), processor),
  }))
  const bars = sizes.slice(1).flatMap((size) =>
    Object.keys(quantities).map((quantity) => ({
      side: size.toLocaleString('en'),
      quantity,
      limit: isHeap ? (MORE * Math.log(size)) / Math.log(smallest) : MORE,
      isFar: true,
      reached: reached[size],
    })),
  )
  return {
    name: `growth-${name}`,
    title: `${title}, by their number`,
    quantities,
    sides,
    bars,
    bursts,
    rounds: 12,
    onePerProcessor,
  }
}

const MANY = [10_000, 100_000, 1_000_000]

export const growth: readonly Comparison[] = [
  growing({
    name: 'tree',
    title: 'Services under one',
    quantities: {
      start: { title: 'start of each', unit: 'ns', better: 'lower' },
      stop: { title: 'stop of each', unit: 'ns', better: 'lower' },
    },
    sizes: MANY,
    command: (size) => nodeWithRoom('trees.ts', 'MultiService', size),
    bursts: 2,
  }),
  growing({
    name: 'calls',
    title: 'Delayed calls at random times, scheduled',
    quantities: { time: { title: 'CPU for each', unit: 'ns', better: 'lower' } },
    sizes: MANY,
    command: (size) => nodeWithRoom('calls.ts', 'callLater', size, 60, 1),
    isHeap: true,
  }),
  growing({
    name: 'calls-run',
    title: 'Delayed calls at random times, scheduled and run',
    quantities: { time: { title: 'CPU for each', unit: 'ns', better: 'lower' } },
    sizes: MANY,
    command: (size) => nodeWithRoom('calls.ts', 'run by Clock', size, 1),
    isHeap: true,
    reached: { 1_000_000: 3.3 },
  }),
  growing({
    name: 'timers',
    title: 'Periodic timers, started',
    quantities: { time: { title: 'CPU for each', unit: 'ns', better: 'lower' } },
    sizes: MANY,
    command: (size) => nodeWithRoom('periodic.ts', 'start TimerService', size, 1),
    isHeap: true,
  }),
  growing({
    name: 'tasks',
    title: 'Cooperative tasks of ten steps',
    quantities: { cpu: { title: 'CPU for each', unit: 'ns', better: 'lower' } },
    sizes: MANY,
    command: (size) => nodeWithRoom('steps.ts', 'many tasks', size),
  }),
  growing({
    name: 'clients',
    title: 'Clients that connect',
    quantities: { cpu: { title: 'CPU for each', unit: 'µs', better: 'lower' } },
    sizes: [1000, 10_000],
    onePerProcessor: false,
    command: (size) => ['env', `EPOLL=${epoll()}`, ...node('reconnecting-clients.ts', 'connect', size)],
  }),
]
