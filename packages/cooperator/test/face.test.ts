import { expect, it } from 'vitest'
import * as face from '../src/index.ts'

it('exports exactly its public names', () => {
  expect(Object.keys(face).toSorted()).toEqual([
    'CooperativeTask',
    'Cooperator',
    'CooperatorOptionError',
    'CooperatorService',
    'NotPaused',
    'SchedulerError',
    'SchedulerStopped',
    'TaskDone',
    'TaskFailed',
    'TaskFinished',
    'TaskStopped',
    'coiterate',
    'cooperate',
  ])
})
