import { describe, expect, it, vi } from 'vitest'
import type { IReactorTime, LogMethod } from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { Ring } from '../src/ring.ts'
import { MAX_STEPS, Slice } from '../src/slice.ts'
import { sourceOf } from '../src/source.ts'
import { FULL_WEIGHT, TaskCore, type TaskOwner } from '../src/task-core.ts'

/** Tasks whose steps take as long as they are told, on a clock that counts how often it is read. */
function make(slice: number, longStep = slice) {
  const clock = new Clock()
  let readings = 0
  const counting: IReactorTime = {
    seconds: () => {
      readings++
      return clock.seconds()
    },
    callLater: clock.callLater.bind(clock),
    getDelayedCalls: () => [],
  }
  const warn = vi.fn<LogMethod>()
  const log = { debug() {}, info() {}, warn, error() {} }
  const owner: TaskOwner = {
    clock,
    log,
    cheapStep: 0,
    inTurn: () => true,
    ready: () => {},
    parked: (task) => ring.remove(task),
    over: (task) => ring.remove(task),
    closing: () => {},
  }
  const ring: Ring<TaskCore> = new Ring(new TaskCore('gate', sourceOf([]), owner))
  const slices = new Slice(slice, longStep)
  const add = (name: string, step: (n: number) => number, count = Infinity) => {
    function* work() {
      for (let n = 0; n < count; n++) {
        clock.advance(step(n))
        yield
      }
    }
    const task = new TaskCore(name, sourceOf(work()), owner)
    ring.add(task)
    return task
  }
  const run = () => {
    const began = clock.seconds()
    readings = 0
    slices.run(ring, counting, log)
    return { took: clock.seconds() - began, readings }
  }
  return { clock, ring, slices, add, run, warn }
}

const MS = 1 / 1024
const US = MS / 1024

describe('Slice', () => {
  it('adds up what its tasks have done, and remembers the longest step and whose it was', () => {
    const { add, ring, run, slices } = make(1)
    expect(slices.work).toEqual({ steps: 0, cpuTime: 0, longestStep: 0, longestStepTask: undefined })
    add('quick', () => 0.125, 3)
    add('slow', (n) => (n === 0 ? 0.25 : 0.125), 2)
    while (!ring.empty) run()
    const { steps, cpuTime, ...longest } = slices.work
    // The last step of each finds its end.
    expect(steps).toBe(3 + 2 + 2)
    expect(cpuTime).toBeCloseTo(0.75)
    expect(longest).toEqual({ longestStep: 0.25, longestStepTask: 'slow' })
  })

  it('CO-05 does at least one step, and ends when the time is over', () => {
    const { add, run } = make(8 * MS)
    const task = add('long', () => 100 * MS)
    expect(run().took).toBe(100 * MS)
    expect(task.steps).toBe(1)
  })

  it('CO-05 ends exactly when the time is over for steps that are long', () => {
    const { add, run } = make(8 * MS)
    const tasks = Array.from({ length: 64 }, (_, i) => add(`task ${i}`, () => MS))
    for (let slice = 0; slice < 20; slice++) expect(run().took).toBe(8 * MS)
    expect(tasks.reduce((sum, { steps }) => sum + steps, 0)).toBe(160)
  })

  it('CO-06 goes on with the next task in the next slice', () => {
    const { add, run } = make(2 * MS)
    const tasks = Array.from({ length: 6 }, (_, i) => add(`task ${i}`, () => MS))
    run()
    run()
    expect(tasks.map(({ steps }) => steps)).toEqual([1, 1, 1, 1, 0, 0])
  })

  it('reads the clock once for many steps when they are cheap', () => {
    const { add, run } = make(8 * MS)
    const tasks = Array.from({ length: 100 }, (_, i) => add(`task ${i}`, () => US / 32))
    run()
    const before = tasks.reduce((sum, { steps }) => sum + steps, 0)
    const { readings } = run()
    const steps = tasks.reduce((sum, task) => sum + task.steps, 0) - before
    expect(steps / readings).toBeGreaterThan(FULL_WEIGHT * 0.9)
  })

  it('is not late for long steps among many cheap ones', () => {
    const { add, run } = make(8 * MS)
    for (let i = 0; i < 100; i++) add(`task ${i}`, () => (i % 10 < 5 ? MS : US / 32))
    run()
    for (let slice = 0; slice < 50; slice++) expect(run().took).toBeLessThanOrEqual(9.25 * MS)
  })

  it('is late once at most when the steps of all tasks become long at once', () => {
    const { add, run } = make(8 * MS)
    let step = US / 32
    for (let i = 0; i < 64; i++) add(`task ${i}`, () => step)
    run()
    step = MS
    run()
    for (let slice = 0; slice < 50; slice++) expect(run().took).toBeLessThanOrEqual(8 * MS)
  })

  it('is not lulled by one cheap step of a task that has long ones', () => {
    const { add, run } = make(8 * MS)
    for (let i = 0; i < 64; i++) add(`task ${i}`, (n) => (n % 2 === 0 ? MS : US / 32))
    for (let slice = 0; slice < 50; slice++) expect(run().took).toBeLessThanOrEqual(12 * MS)
  })

  it('finds out when steps that were long become cheap', () => {
    const { add, run } = make(8 * MS)
    let step = MS
    for (let i = 0; i < 10; i++) add(`task ${i}`, () => step)
    for (let slice = 0; slice < 5; slice++) run()
    step = US / 32
    run()
    expect(run().readings).toBeLessThan(8000)
  })

  it('ends after a fixed number of steps where the time stands still', () => {
    const { add, run } = make(8 * MS)
    const task = add('still', () => 0)
    expect(run().took).toBe(0)
    expect(task.steps).toBeGreaterThanOrEqual(MAX_STEPS)
    expect(task.steps).toBeLessThan(MAX_STEPS + FULL_WEIGHT)
  })

  it('ends when no task is left', () => {
    const { ring, add, run } = make(8 * MS)
    const tasks = [add('one', () => 0, 3), add('two', () => 0, 5)]
    run()
    expect(ring.empty).toBe(true)
    expect(tasks.map(({ state }) => state)).toEqual(['done', 'done'])
  })

  it('samples the cost of every task, and keeps account of the rest', () => {
    const { slices, add, run } = make(8 * MS)
    const cheap = add('cheap', () => US / 2)
    add('as cheap', () => US / 2)
    const long = add('long', () => MS)
    for (let slice = 0; slice < 10; slice++) run()
    expect(long.measured).toBe(long.steps)
    expect(long.measuredTime).toBe(long.steps * MS)
    expect(long.longestStep).toBe(MS)
    expect(cheap.measured).toBeGreaterThan(0)
    expect(cheap.longestStep).toBe(US / 2)
    expect(slices.meanStep).toBe(US / 2)
  })

  it('goes on sampling tasks that are known to be cheap', () => {
    const { add, run } = make(8 * MS)
    const tasks = Array.from({ length: 3 }, (_, i) => add(`task ${i}`, () => US / 2))
    for (let slice = 0; slice < 10; slice++) run()
    const before = tasks.map(({ measured }) => measured)
    for (let slice = 0; slice < 30; slice++) run()
    for (const [i, { measured }] of tasks.entries()) expect(measured).toBeGreaterThan(before[i]! + 3)
  })

  it('has no mean where all steps are measured alone', () => {
    expect(make(1).slices.meanStep).toBe(0)
  })

  it('warns of a task with a long step, by its name, and again when it has one twice as long', () => {
    const { add, run, warn } = make(8 * MS)
    const steps = [8, 9, 10, 12, 18, 19, 40, 3, 41]
    add('careless', (n) => steps[n % steps.length]! * MS)
    for (let slice = 0; slice < steps.length; slice++) run()
    expect(warn.mock.calls.map(([fields]) => fields)).toEqual([
      { task: 'careless', step: 9 * MS, slice: 8 * MS },
      { task: 'careless', step: 18 * MS, slice: 8 * MS },
      { task: 'careless', step: 40 * MS, slice: 8 * MS },
    ])
  })

  it('warns by the limit that it was given', () => {
    const { add, run, warn } = make(8 * MS, 100 * MS)
    add('slow', (n) => (n === 0 ? 100 : 101) * MS)
    run()
    expect(warn).not.toHaveBeenCalled()
    run()
    expect(warn).toHaveBeenCalledOnce()
  })

  it('lasts hardly longer than its time and one step when one in a hundred steps of every task is long', () => {
    const { add, run } = make(10 * MS)
    let state = 1
    const random = () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
    const step = () => (random() < 0.01 ? (0.1 + 1.9 * random()) * MS : US / 20)
    for (let i = 0; i < 100; i++) add(String(i), step)
    const slices = Array.from({ length: 2000 }, () => run().took / MS)
    expect(slices.filter((took) => took > 12).length).toBeLessThan(2)
  })
})
