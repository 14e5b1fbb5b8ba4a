import { Clock } from '@sennit/runtime'
import { expect, it } from 'vitest'
import * as internal from '../src/internal.ts'
import { splitOptions } from '../src/split-options.ts'
import { recorder } from './kit.ts'

it('takes every option of a service out, and leaves the others as they are', () => {
  const service = {
    name: 'web',
    reactor: new Clock(),
    clock: new Clock(),
    log: recorder(),
    random: () => 0,
    startTimeout: 1,
    stopTimeout: 2,
    onFailure: 'log',
  } as const
  const rest = { interface: '127.0.0.1', backlog: 0 }
  const options = { ...service, ...rest }
  expect(splitOptions(options)).toEqual({ service, rest })
  expect(options).toEqual({ ...service, ...rest })
})

it('is all that is shared with the siblings', () => {
  expect(Object.keys(internal)).toEqual(['splitOptions'])
})
