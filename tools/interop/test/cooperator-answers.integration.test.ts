import { setImmediate as turn } from 'node:timers/promises'
import { Cooperator } from '@sennit/cooperator'
import { describe, expect, it } from 'vitest'
import { generated } from '../src/generated.ts'
import { answersOf, twistedIsThere } from '../src/twisted.ts'

type Step = 'go' | 'wait' | 'fail'
type Do = 'tick' | 'pause' | 'resume' | 'stop' | 'settle' | 'fail'

interface TaskCase {
  readonly steps: readonly Step[]
  readonly actions: readonly Do[]
}

interface Seen {
  readonly threw: string | null
  readonly steps: number
  readonly told: readonly string[]
}

/** A cooperator whose ticks run when they are told to, each for so many steps. */
class Turns {
  #due: (() => void) | undefined
  #steps = 1
  readonly cooperator = new Cooperator({
    terminationPredicateFactory: () => {
      let left = this.#steps
      return () => --left <= 0
    },
    scheduler: (tick) => {
      this.#due = tick
      return { cancel: () => (this.#due = undefined) }
    },
  })

  tick(steps: number): void {
    const due = this.#due
    this.#due = undefined
    this.#steps = steps
    due?.()
  }
}

function trace(tasks: number, ticks: readonly number[]): number[] {
  const turns = new Turns()
  const done: number[] = []
  function* work(name: number): Generator<undefined, never> {
    for (;;) {
      done.push(name)
      yield
    }
  }
  for (let name = 0; name < tasks; name++) turns.cooperator.cooperate(work(name))
  for (const steps of ticks) turns.tick(steps)
  return done
}

async function ours({ steps, actions }: TaskCase): Promise<Seen[]> {
  const turns = new Turns()
  const told: string[] = []
  const waits: { resolve(): void; reject(error: Error): void }[] = []
  let count = 0
  function* work(): Generator<Promise<void> | undefined> {
    for (const step of steps) {
      count++
      if (step === 'fail') throw new Error('as the case says')
      yield step === 'wait'
        ? new Promise<void>((resolve, reject) => waits.push({ resolve, reject }))
        : undefined
    }
  }
  const task = turns.cooperator.cooperate(work())
  const failed = (error: Error): unknown => told.push(error.name === 'Error' ? 'RuntimeError' : error.name)
  task.whenDone().then(() => told.push('done'), failed)
  const act = (action: Do): void => {
    if (action === 'tick') turns.tick(1)
    else if (action === 'settle') waits.pop()?.resolve()
    else if (action === 'fail') waits.pop()?.reject(new Error('as the case says'))
    else task[action]()
  }
  const seen: Seen[] = []
  for (const action of actions) {
    let threw: string | null = null
    try {
      act(action)
    } catch (error) {
      threw = (error as Error).name
    }
    await turn()
    seen.push({ threw, steps: count, told: [...told] })
  }
  return seen
}

describe.skipIf(!twistedIsThere)('Cooperator beside Twisted’s', () => {
  it('CO-02 CO-03 CO-06 gives tasks that stay the same turns', () => {
    const cases = generated('turns', 300, (draw) => ({
      tasks: draw.integer(1, 9),
      ticks: draw.many(1, 30, () => draw.integer(1, 20)),
    }))
    const theirs = answersOf<number[][]>('answers.py', { table: 'turns', cases })
    expect(cases.map(({ tasks, ticks }) => trace(tasks, ticks))).toEqual(theirs)
  })

  it('CO-15 CO-18 CO-19 CO-20 CO-21 CO-22 CO-23 CO-24 CO-25 a task takes the same from whatever is done to it', async () => {
    const cases = generated('tasks', 600, (draw): TaskCase => ({
      steps: draw.many(0, 8, () => (draw.chance(0.08) ? 'fail' : draw.one(['go', 'go', 'wait']))),
      actions: draw.many(5, 30, () =>
        draw.chance(0.4)
          ? 'tick'
          : draw.one(['pause', 'resume', 'pause', 'resume', 'settle', 'settle', 'fail', 'stop']),
      ),
    }))
    const theirs = answersOf<Seen[][]>('answers.py', { table: 'tasks', cases })
    for (const [index, scenario] of cases.entries()) {
      expect(await ours(scenario), JSON.stringify(scenario)).toEqual(theirs[index])
    }
  })
})
