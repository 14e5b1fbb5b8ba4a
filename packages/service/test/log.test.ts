import { defaultLog } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { seesDebug } from '../src/log.ts'
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

function broken(): never {
  throw new Error('the log has ended')
}
