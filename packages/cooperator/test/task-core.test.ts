import { describe, expect, it } from 'vitest'
import { sourceOf } from '../src/source.ts'
import { TaskCore, type TaskOwner } from '../src/task-core.ts'

/** A task, and what it tells its owner. */
function make(items: Iterable<unknown>) {
  const told: string[] = []
  const tell = (what: string) => () => void told.push(what)
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const owner: TaskOwner = {
    clock: {
      seconds: () => 0,
      callLater: () => {
        throw new Error('not needed')
      },
      getDelayedCalls: () => [],
    },
    log,
    cheapStep: 0,
    inTurn: () => false,
    ready: tell('ready'),
    parked: tell('parked'),
    over: tell('over'),
    closing: tell('closing'),
  }
  const task = new TaskCore('work', sourceOf(items), owner)
  return { told, task }
}

describe('TaskCore', () => {
  it('tells its owner once for each time that it leaves or joins the ring', async () => {
    const { told, task } = make([Promise.resolve(), 1])
    task.step()
    task.pause()
    task.pause()
    expect(told).toEqual(['parked'])
    await Promise.resolve()
    await Promise.resolve()
    task.resume()
    expect(told).toEqual(['parked'])
    task.resume()
    expect(told).toEqual(['parked', 'ready'])
    task.step()
    task.step()
    expect(told).toEqual(['parked', 'ready', 'over'])
  })

  it('tells its owner once when it pauses in a step that makes it wait', () => {
    const { told, task } = make({
      *[Symbol.iterator]() {
        task.pause()
        yield Promise.resolve()
      },
    })
    task.step()
    expect(told).toEqual(['parked'])
  })

  it('tells a failure of what it waits for once, as the end', async () => {
    const { told, task } = make([Promise.reject(new Error('in the item'))])
    const result = task.result()
    task.step()
    await expect(result).rejects.toThrow('in the item')
    expect(told).toEqual(['parked', 'over'])
  })

  it('CO-22 is closed once when it is stopped before what it waits for rejects', async () => {
    let closed = 0
    let reject!: (error: Error) => void
    const promise = new Promise((_, onReject) => (reject = onReject))
    const iterator = {
      next: () => ({ done: false, value: promise }),
      return: () => ({ done: true, value: ++closed }),
    }
    const { task } = make({ [Symbol.iterator]: () => iterator })
    task.step()
    task.stop()
    reject(new Error('late'))
    for (let i = 0; i < 5; i++) await Promise.resolve()
    expect(closed).toBe(1)
    expect(task.state).toBe('stopped')
  })

  it('CO-16 fails, and is closed, when the `then` of an item throws', async () => {
    let closed = 0
    const item = {
      // oxlint-disable-next-line unicorn/no-thenable
      get then() {
        throw new Error('in the getter')
      },
    }
    const iterator = {
      next: () => ({ done: false, value: item }),
      return: () => ({ done: true, value: ++closed }),
    }
    const { told, task } = make({ [Symbol.iterator]: () => iterator })
    const result = task.result()
    task.step()
    await expect(result).rejects.toThrow('in the getter')
    expect(task.state).toBe('failed')
    expect(told).toEqual(['parked', 'over'])
    expect(closed).toBe(1)
  })

  it('is abandoned at once, or, when it waits, only if that is asked for', () => {
    const ready = make([1])
    ready.task.abandon()
    ready.task.abandon()
    expect(ready.told).toEqual(['over'])
    const waiting = make([new Promise(() => {})])
    waiting.task.step()
    waiting.task.abandon()
    waiting.task.abandon()
    expect(waiting.task.isOver).toBe(false)
    waiting.task.abandon(true)
    expect(waiting.task.isOver).toBe(true)
    expect(waiting.told).toEqual(['parked', 'over'])
  })
})
