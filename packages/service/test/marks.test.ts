import type { ServiceState } from '@sennit/interfaces'
import { describe, expect, it } from 'vitest'
import { DUE, LATE, prepared, stateOf, TOUCHED, WANTED, withState } from '../src/marks.ts'

const STATES: ServiceState[] = ['idle', 'starting', 'running', 'stopping', 'stopped', 'failed']
const OTHERS = DUE | TOUCHED | WANTED | LATE

describe('Marks', () => {
  it.each(STATES)('keep the state %s beside all else', (state) => {
    for (const before of STATES) {
      const marks = withState(withState(OTHERS, before), state)
      expect(stateOf(marks)).toBe(state)
      expect(stateOf(withState(0, state))).toBe(state)
      expect([DUE, TOUCHED, WANTED, LATE].map((mark) => (marks & mark) !== 0)).toEqual([
        true,
        true,
        true,
        true,
      ])
    }
  })

  it('begin with the state idle', () => {
    expect(stateOf(0)).toBe('idle')
  })

  it('tell what is between the privileged start and the start', () => {
    const found = STATES.filter((state) => prepared(withState(OTHERS, state)))
    expect(found).toEqual(['starting'])
    expect(prepared(withState(0, 'starting'))).toBe(false)
  })
})
