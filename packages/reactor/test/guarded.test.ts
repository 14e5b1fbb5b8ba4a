import { describe, expect, it } from 'vitest'
import { guarded } from '../src/guarded.ts'
import { TestLog } from './kit.ts'

describe('guarded', () => {
  it('logs what is thrown, and returns it as an error', () => {
    const log = new TestLog()
    const error = new Error('broken')
    expect(
      guarded(log, 'It threw', () => {
        throw error
      }),
    ).toBe(error)
    expect(log.entries).toEqual([{ level: 'error', err: error, message: 'It threw' }])
  })

  it('returns nothing when nothing is thrown', () => {
    const log = new TestLog()
    expect(guarded(log, 'It threw', () => {})).toBeUndefined()
    expect(log.entries).toEqual([])
  })
})
