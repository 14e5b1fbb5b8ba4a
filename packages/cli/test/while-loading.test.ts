import { afterEach, describe, expect, it } from 'vitest'
import { leaveSignals, whileLoading } from '../src/while-loading.ts'
import { memoryTerminal } from './support/memory-terminal.ts'

const heard = (): number[] => [process.listenerCount('SIGINT'), process.listenerCount('SIGTERM')]
const before = heard()
const more = (count: number): number[] => before.map((each) => each + count)

afterEach(leaveSignals)

describe('whileLoading', () => {
  it('listens to signals from then on, without a gap, until somebody else does', async () => {
    const terminal = memoryTerminal()
    expect(await whileLoading(terminal, 'Stuck', async () => heard())).toEqual(more(1))
    expect(heard()).toEqual(more(1))
    await whileLoading(terminal, 'Stuck', async () => {})
    expect(heard()).toEqual(more(1))
    leaveSignals()
    leaveSignals()
    expect(heard()).toEqual(more(0))
  })

  it('has its word at the end of the process before what is left is written out', async () => {
    const writeOut = (): void => {}
    process.on('exit', writeOut)
    const others = process.listeners('exit')
    await whileLoading(memoryTerminal(), 'Stuck', async () => {
      expect(process.listeners('exit').slice(1)).toEqual(others)
    })
    expect(process.listeners('exit')).toEqual(others)
    process.off('exit', writeOut)
  })

  it('hands on what was thrown', async () => {
    const failure = new Error('broken')
    await expect(whileLoading(memoryTerminal(), 'Stuck', () => Promise.reject(failure))).rejects.toBe(failure)
  })
})
