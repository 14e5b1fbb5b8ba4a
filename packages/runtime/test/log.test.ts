import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defaultLog } from '../src/index.ts'

describe('defaultLog', () => {
  let written: string[]
  beforeEach(() => {
    written = []
    vi.spyOn(process.stderr, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0)
  })
  afterEach(() => vi.restoreAllMocks())

  it('writes warnings and errors to stderr, with fields, message and stack', () => {
    defaultLog.warn({ port: 80 }, 'Careful')
    defaultLog.error({ err: new Error('broken'), port: 80 }, 'Failed')
    expect(written[0]).toBe('warn: Careful { port: 80 }\n')
    expect(written[1]).toMatch(/^error: Failed \{ port: 80 \}\nError: broken\n +at /)
  })

  it('drops the rest', () => {
    defaultLog.debug({}, 'x')
    defaultLog.info({}, 'x')
    expect(written).toEqual([])
  })

  it('needs no message and no fields', () => {
    defaultLog.warn({})
    expect(written).toEqual(['warn: \n'])
  })

  it('its methods can be handed on alone', () => {
    const { error } = defaultLog
    error({}, 'alone')
    expect(written).toEqual(['error: alone\n'])
  })
})
