import { setTimeout as wait } from 'node:timers/promises'
import { MemoryLog } from '@sennit/testing'
import { expect, it } from 'vitest'
import { watchForEnd } from '../src/leftovers.ts'
import { FakeProgram } from './support/fake-program.ts'

it('watchForEnd tells what keeps the process alive when it is still there', async () => {
  const log = new MemoryLog()
  const program = new FakeProgram()
  program.resources = ['TCPServerWrap']
  watchForEnd(program, () => log, 0.02)
  expect(log.events).toEqual([])
  await wait(100)
  expect(log.events).toEqual([
    {
      level: 'warn',
      fields: { resources: ['1 TCPServerWrap'] },
      message: 'The application has stopped, the process has not: 1 TCPServerWrap',
    },
  ])
})
