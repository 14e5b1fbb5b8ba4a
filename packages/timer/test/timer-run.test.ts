import { describe, expect, it } from 'vitest'
import { Run } from '../src/timer-run.ts'

describe('Run', () => {
  it('has one signal, made when it is read', () => {
    const run = new Run(0, 1, 1)
    expect(run.signal).toBe(run.signal)
    expect(run.signal.aborted).toBe(false)
  })

  it('has an aborted signal, also when that is first read after the abort', () => {
    const reason = new Error('stop')
    const run = new Run(0, 1, 1)
    run.abort(reason)
    expect(run.signal.reason).toBe(reason)
  })

  it('keeps the reason of the first abort', () => {
    const run = new Run(0, 1, 1)
    const { signal } = run
    run.abort(new Error('first'))
    run.abort(new Error('second'))
    expect(signal.reason).toMatchObject({ message: 'first' })
  })

  it('knows an error that is the reason of its abort from any other', () => {
    const reason = new Error('stop')
    const run = new Run(0, 1, 1)
    expect(run.wasAbortedWith(reason)).toBe(false)
    expect(run.signal.aborted).toBe(false)
    expect(run.wasAbortedWith(undefined)).toBe(false)
    run.abort(reason)
    expect(run.wasAbortedWith(reason)).toBe(true)
    expect(run.wasAbortedWith(new Error('stop'))).toBe(false)
  })
})
