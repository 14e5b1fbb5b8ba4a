import { setImmediate as turn } from 'node:timers/promises'
import { Clock } from '@sennit/runtime'
import { LoopingCall } from '@sennit/timer'
import { describe, expect, it } from 'vitest'
import { generated, type Draw } from '../src/generated.ts'
import { answersOf, twistedIsThere } from '../src/twisted.ts'

interface Run {
  readonly takes: number
  readonly waits: boolean
  readonly fails: boolean
}

type Action =
  | { readonly do: 'advance'; readonly by: number }
  | { readonly do: 'interval'; readonly to: number }
  | { readonly do: 'nothing' | 'reset' | 'stop' | 'start' | 'settle' }

interface Case {
  readonly interval: number
  readonly now: boolean
  readonly withCount: boolean
  readonly runs: readonly Run[]
  readonly actions: readonly Action[]
}

/** What was to be seen after one action. */
interface Seen {
  readonly threw: boolean
  readonly runs: readonly (readonly [time: number, count: number | null])[]
  /** When the next run is due. */
  readonly next: readonly number[]
  readonly running: boolean
  /** How the loops that are over have ended. */
  readonly told: readonly string[]
}

function drawCase(draw: Draw, rough: boolean): Case {
  const seconds = (most: number): number => (rough ? draw.integer(0, most * 100) / 100 : draw.binary(0, most))
  const interval = (): number => Math.max(seconds(3), 0.0625)
  const withCount = draw.chance(0.5)
  const action = (): Action => {
    if (draw.chance(0.7)) return { do: 'advance', by: seconds(draw.chance(0.1) ? 30 : 2) }
    return draw.one<Action>([
      { do: 'reset' },
      { do: 'stop' },
      // With counts a second start differs: see below.
      { do: withCount ? 'nothing' : 'start' },
      { do: 'settle' },
      { do: 'settle' },
      { do: 'interval', to: interval() },
    ])
  }
  return {
    interval: interval(),
    now: draw.chance(0.5),
    withCount,
    runs: draw.many(1, 4, () => ({
      takes: draw.chance(0.3) ? seconds(4) : 0,
      waits: draw.chance(0.2),
      fails: draw.chance(0.05),
    })),
    actions: draw.many(5, 25, action),
  }
}

/** The same as the class `Loop` of `python/answers.py`. */
class Loop {
  readonly #case: Case
  readonly #clock = new Clock()
  readonly #loop: LoopingCall
  readonly #told: string[] = []
  #runs: (readonly [time: number, count: number | null])[] = []
  #count = 0
  #settle: (() => void) | undefined

  constructor(scenario: Case) {
    this.#case = scenario
    const options = { clock: this.#clock }
    this.#loop = scenario.withCount
      ? LoopingCall.withCount((count) => this.#run(count), options)
      : new LoopingCall(() => this.#run(null), options)
    this.#start()
  }

  async after(action: Action): Promise<Seen> {
    let threw = false
    try {
      this.#act(action)
    } catch {
      threw = true
    }
    await turn()
    const runs = this.#runs
    this.#runs = []
    return {
      threw,
      runs,
      next: this.#clock.getDelayedCalls().map((call) => call.getTime()),
      running: this.#loop.running,
      told: [...this.#told],
    }
  }

  #start(): void {
    const { interval, now } = this.#case
    const told = (outcome: string) => () => void this.#told.push(outcome)
    void this.#loop.start(interval, { now }).then(told('done'), told('RuntimeError'))
  }

  #run(count: number | null): Promise<void> | undefined {
    this.#runs.push([this.#clock.seconds(), count])
    const { takes, fails, waits } = this.#case.runs[this.#count++ % this.#case.runs.length]!
    this.#clock.advance(takes)
    if (fails) throw new Error('as the case says')
    return waits ? new Promise((resolve) => (this.#settle = resolve)) : undefined
  }

  #act(action: Action): void {
    if (action.do === 'advance') this.#clock.advance(action.by)
    else if (action.do === 'interval') this.#loop.interval = action.to
    else if (action.do === 'reset') this.#loop.reset()
    else if (action.do === 'stop') this.#loop.stop()
    else if (action.do === 'start' && !this.#loop.running && !this.#settle) this.#start()
    else if (action.do === 'settle') {
      this.#settle?.()
      this.#settle = undefined
    }
  }
}

async function ours(scenario: Case): Promise<Seen[]> {
  const loop = new Loop(scenario)
  const seen = [await loop.after({ do: 'nothing' })]
  for (const action of scenario.actions) seen.push(await loop.after(action))
  return seen
}

describe.skipIf(!twistedIsThere)('LoopingCall beside Twisted’s', () => {
  it.each([
    ['exact', false],
    ['rounded', true],
  ])(
    'LC-07 LC-08 LC-12 LC-21 LC-24 runs at the same times, with the same counts: %s times',
    async (name, rough) => {
      const cases = generated(`loops of ${name} times`, 400, (draw) => drawCase(draw, rough))
      const theirs = answersOf<Seen[][]>('answers.py', { table: 'loops', cases })
      for (const [index, scenario] of cases.entries()) {
        expect(await ours(scenario), JSON.stringify(scenario)).toEqual(theirs[index])
      }
    },
  )

  it('LC-26 counts from the latest start; theirs, started again, counts from the last run before', async () => {
    const advance = (by: number): Action => ({ do: 'advance', by })
    const actions: Action[] = [advance(1), { do: 'stop' }, advance(20), { do: 'start' }, advance(3.5)]
    const runs = [{ takes: 0, waits: false, fails: false }]
    const scenario: Case = { interval: 1, now: false, withCount: true, runs, actions }
    const [theirs] = answersOf<[Seen[]]>('answers.py', { table: 'loops', cases: [scenario] })
    expect(theirs.at(-1)?.runs).toEqual([[24.5, 23]])
    expect((await ours(scenario)).at(-1)?.runs).toEqual([[24.5, 3]])
  })
})
