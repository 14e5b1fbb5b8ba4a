/**
 * Cooperative work, trees of services, policies, simulated connections, and the start of a process.
 *
 * @module
 */
import { type Comparison, type Quantity, type Scale } from '../comparison.ts'
import { type Amounts, measured, original, type ProgramSide } from '../measuring/sides.ts'
import { StartTimes } from '../measuring/start-time.ts'

/** Milliseconds: a slice, and the longest step after which it ends. */
const [SLICE, LONGEST_STEP] = [10, 2]

const GAP: Quantity = { title: 'p99 of the gaps', unit: 'ms', better: 'lower' }

function cooperation(steps: number, limit: number): Comparison {
  const numbers = [{ full: steps, quick: steps / 2, smoke: 1000 }]
  const side = (as: string): ProgramSide => ({ program: 'steps.ts', as, numbers })
  return {
    name: `cooperator-${steps}`,
    title: `100 generators, ${steps === 1_000_000 ? 'a million' : 'ten million'} cheap steps`,
    quantities: {
      rate: { title: 'million steps per CPU second', unit: '', better: 'higher' },
      gap: GAP,
    },
    sides: [
      measured('reference', 'one synchronous loop', side('loop')),
      measured('ours', 'CooperatorService', side('cooperator')),
      ...(steps > 1_000_000
        ? []
        : [
            measured('peer', 'p-queue', {
              program: 'steps.ts',
              as: 'p-queue',
              numbers: [{ full: 200_000, quick: 50_000, smoke: 1000 }],
            }),
            original('steps', ...numbers),
          ]),
    ],
    bursts: steps > 1_000_000 ? 2 : 6,
    onePerProcessor: true,
    bars: [
      { side: 'CooperatorService', quantity: 'rate', limit },
      { side: 'CooperatorService', quantity: 'gap', by: 'value', limit: 11, isFar: true },
    ],
  }
}

const mixed: Comparison = {
  name: 'cooperator-mixed',
  title: '100 generators, steps of 0.1 to 2 ms among cheap ones',
  quantities: { gap: GAP },
  sides: [
    measured('ours', 'CooperatorService', {
      program: 'steps.ts',
      as: 'mixed cooperator',
      numbers: [{ full: 300_000, quick: 50_000, smoke: 1000 }],
    }),
  ],
  onePerProcessor: true,
  bars: [
    {
      side: 'CooperatorService',
      quantity: 'gap',
      by: 'value',
      limit: SLICE + LONGEST_STEP,
      isFar: true,
      reached: 12.6,
    },
  ],
}

function tree(suffix: '' | ' async'): Comparison {
  const n = { full: 100_000, quick: 20_000, smoke: 100 }
  const side = (kind: string, numbers: Amounts): ProgramSide => ({
    program: 'trees.ts',
    as: kind,
    numbers: [numbers],
  })
  const fewer = { full: 5000, quick: 2000, smoke: 50 }
  return {
    name: suffix === '' ? 'tree' : 'tree-async',
    title: `100,000 services under one, ${suffix === '' ? 'synchronous' : 'asynchronous'} hooks`,
    quantities: {
      start: { title: 'start of each', unit: 'ns', better: 'lower' },
      stop: { title: 'stop of each', unit: 'ns', better: 'lower' },
    },
    sides: [
      measured('reference', 'a tree by hand', side(`hand${suffix}`, n)),
      measured('ours', 'MultiService', side(`MultiService${suffix}`, n)),
      original(suffix === '' ? 'tree' : 'tree-async', n),
      ...(suffix === ''
        ? []
        : [
            measured('peer', 'avvio (5,000)', side('avvio', fewer)),
            measured('peer', 'effect (5,000)', side('effect', fewer)),
          ]),
    ],
    bursts: 6,
    onePerProcessor: true,
    bars: ['start', 'stop'].map((quantity) => ({
      side: 'MultiService',
      quantity,
      limit: 1.5,
      reached: suffix === '' ? 2.3 : 1.8,
    })),
  }
}

const deep: Comparison = {
  name: 'tree-deep',
  title: 'Services within services, 10,000 levels',
  quantities: { levels: { title: 'levels started and stopped', unit: '', better: 'higher' } },
  sides: [
    measured('ours', 'MultiService', {
      program: 'trees.ts',
      as: 'deep',
      numbers: [{ full: 10_000, quick: 10_000, smoke: 100 }],
    }),
  ],
  bars: [{ side: 'MultiService', quantity: 'levels', by: 'value', limit: 10_000 }],
}

const policy: Comparison = {
  name: 'backoff',
  title: 'The delay after so many failures',
  quantities: { rate: { title: 'million calls per CPU second', unit: '', better: 'higher' } },
  sides: [
    ...(
      [
        ['reference', 'a closure', 'closure'],
        ['ours', 'backoffPolicy', 'backoffPolicy'],
        ['peer', 'cockatiel', 'cockatiel'],
      ] as const
    ).map(([role, name, as]) =>
      measured(role, name, {
        program: 'policies.ts',
        as,
        numbers: [{ full: 500_000, quick: 500_000, smoke: 1000 }],
      }),
    ),
    original('policy', { full: 200_000, quick: 200_000, smoke: 1000 }),
  ],
  bursts: 8,
  onePerProcessor: true,
  bars: [{ side: 'backoffPolicy', quantity: 'rate', limit: 0.9 }],
}

function world(kind: 'bytes' | 'connections'): Comparison {
  const numbers = [
    kind === 'bytes' ? { full: 100, quick: 20, smoke: 1 } : { full: 10_000, quick: 2000, smoke: 100 },
  ]
  return {
    name: `world-${kind}`,
    title: kind === 'bytes' ? 'Bytes through a simulated connection' : 'Simulated connections',
    quantities: {
      rate: {
        title: kind === 'bytes' ? 'MiB per CPU second' : 'connections per CPU second',
        unit: '',
        better: 'higher',
      },
    },
    sides: [
      measured('reference', 'duplexPair', { program: 'worlds.ts', as: `${kind} duplexPair`, numbers }),
      measured('ours', 'MemoryWorld', { program: 'worlds.ts', as: `${kind} world`, numbers }),
    ],
    onePerProcessor: true,
    bars: [],
  }
}

/** How much longer a process takes that imports a package than one that imports the same modules of Node by hand. */
function start(name: 'backoff' | 'client', limit: number, reached: number): Comparison {
  const module = `@sennit/${name}`
  let builtIns: Promise<readonly string[]> | undefined
  const starting = (modules: (times: StartTimes) => Promise<readonly string[]>) => async (_scale: Scale) => {
    const times = new StartTimes()
    const burst = async () => times.import(await modules(times))
    return { burst, [Symbol.asyncDispose]: async () => times[Symbol.dispose]() }
  }
  return {
    name: `start-${name}`,
    title: `The start of a process with ${module}`,
    quantities: {
      wall: { title: 'until it is loaded', unit: 'ms', better: 'lower' },
      cpu: { title: 'CPU until then', unit: 'ms', better: 'lower' },
    },
    sides: [
      {
        name: 'the same modules of Node',
        role: 'reference',
        start: starting((times) => (builtIns ??= times.builtIns(module))),
      },
      { name: module, role: 'ours', start: starting(async () => [module]) },
    ],
    bars: [{ side: module, quantity: 'wall', by: 'difference', limit, reached }],
  }
}

export const work: readonly Comparison[] = [
  cooperation(1_000_000, 0.8),
  cooperation(10_000_000, 0.85),
  mixed,
  tree(''),
  tree(' async'),
  deep,
  policy,
  world('bytes'),
  world('connections'),
  start('backoff', 3, 10),
  start('client', 8, 22),
]
