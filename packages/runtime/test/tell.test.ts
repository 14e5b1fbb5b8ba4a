import type { ILog } from '@sennit/interfaces'
import { describe, expect, it } from 'vitest'
import { tell } from '../src/tell.ts'

const LEVELS = ['debug', 'info', 'warn', 'error'] as const

describe('tell', () => {
  it.each(LEVELS)('logs at %s', (level) => {
    const events: unknown[] = []
    const note = (name: string) => (fields: object, message?: string) => events.push([name, fields, message])
    const log = Object.fromEntries(LEVELS.map((name) => [name, note(name)])) as unknown as ILog
    tell(log, level, { service: 'db' }, 'text')
    expect(events).toEqual([[level, { service: 'db' }, 'text']])
  })

  it.each(LEVELS)('goes on when the log throws at %s', (level) => {
    const broken = () => {
      throw new Error('the log has ended')
    }
    const log = { debug: broken, info: broken, warn: broken, error: broken }
    expect(() => tell(log, level, {}, 'text')).not.toThrow()
  })

  it('leaves a log its methods', () => {
    const log = {
      seen: [] as unknown[],
      debug() {},
      info() {},
      warn() {},
      error(_fields: object, message?: string) {
        this.seen.push(message)
      },
    }
    tell(log, 'error', {}, 'text')
    expect(log.seen).toEqual(['text'])
  })
})
