import { describe, expect, it } from 'vitest'
import {
  CooperatorOptionError,
  NotPaused,
  SchedulerError,
  SchedulerStopped,
  TaskDone,
  TaskFailed,
  TaskFinished,
  TaskStopped,
} from '../src/index.ts'

describe('errors', () => {
  const cause = new Error('in the work')

  it.each([
    [new SchedulerStopped(), 'ERR_SENNIT_SCHEDULER_STOPPED', [SchedulerError]],
    [new TaskDone('t'), 'ERR_SENNIT_TASK_DONE', [SchedulerError, TaskFinished]],
    [new TaskStopped('t'), 'ERR_SENNIT_TASK_STOPPED', [SchedulerError, TaskFinished]],
    [new TaskFailed('t', cause), 'ERR_SENNIT_TASK_FAILED', [SchedulerError, TaskFinished]],
    [new NotPaused('t'), 'ERR_SENNIT_NOT_PAUSED', [SchedulerError]],
    [
      new CooperatorOptionError('make a task', 'work', 'an iterator', 3),
      'ERR_SENNIT_COOPERATOR_OPTION',
      [TypeError],
    ],
  ])('%s has its name and code, and is what it is', (error, code, kinds) => {
    expect(error).toMatchObject({ code, name: error.constructor.name })
    for (const kind of kinds) expect(error).toBeInstanceOf(kind)
  })

  it('a failed task carries what it failed with', () => {
    expect(new TaskFailed('t', cause).cause).toBe(cause)
  })

  it('a wrong option is named', () => {
    const error = new CooperatorOptionError('make a cooperator', 'scheduler', 'a function', 'soon')
    expect(error.option).toBe('scheduler')
    expect(error.message).toBe(`Cannot make a cooperator: 'scheduler' must be a function, got "soon"`)
  })
})
