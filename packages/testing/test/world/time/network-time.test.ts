import { describe, expect, it } from 'vitest'
import { Clock } from '@sennit/runtime'
import { ClockTime } from '../../../src/world/time/network-time.ts'

describe('ClockTime', () => {
  it('schedules on its clock', () => {
    const clock = new Clock()
    const time = new ClockTime(clock)
    const calls: string[] = []
    clock.advance(10)
    time.after(2, () => calls.push('after'))
    time.at(11, () => calls.push('at'))
    time.at(5, () => calls.push('past'))
    time.soon(() => calls.push('soon'))
    time.callLater(3, (word: string) => calls.push(word), 'later')
    expect(time.getDelayedCalls()).toHaveLength(5)
    expect(time.seconds()).toBe(10)
    clock.advance(0)
    expect(calls).toEqual(['past', 'soon'])
    clock.advance(3)
    expect(calls).toEqual(['past', 'soon', 'at', 'after', 'later'])
  })
})
