import { defaultLog } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { seesDebug, tell } from '../src/log.ts'
import { recorder } from './kit.ts'

describe('seesDebug', () => {
  it('is false for the default log, which drops debug events', () => {
    expect(seesDebug(defaultLog)).toBe(false)
  })

  it('is true for a log that does not say', () => {
    expect(seesDebug(recorder())).toBe(true)
  })

  it.each([true, false])('asks a log that can say: %s', (enabled) => {
    const log = {
      ...recorder(),
      levels: { debug: enabled },
      isLevelEnabled(level: 'debug') {
        return this.levels[level]
      },
    }
    expect(seesDebug(log)).toBe(enabled)
  })

  it('is false for a log that throws when it is asked', () => {
    expect(seesDebug({ ...recorder(), isLevelEnabled: broken } as never)).toBe(false)
  })
})

describe('tell', () => {
  it.each(['debug', 'warn', 'error'] as const)('logs at %s', (level) => {
    const log = recorder()
    tell(log, level, { service: 'db' }, 'text')
    expect(log.events).toEqual([{ level, fields: { service: 'db' }, message: 'text' }])
  })

  it('goes on when the log throws', () => {
    expect(() => tell({ ...recorder(), error: broken }, 'error', {}, 'text')).not.toThrow()
  })
})

function broken(): never {
  throw new Error('the log has ended')
}
