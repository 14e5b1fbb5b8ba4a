import { describe, expect, it } from 'vitest'
import { MemoryLog } from '../src/index.ts'

describe('MemoryLog', () => {
  it('TE-12 remembers events in order, with their fields', () => {
    const log = new MemoryLog()
    log.info({ port: 80 }, 'listening')
    log.warn({ a: 1 })
    expect(log.events).toEqual([
      { level: 'info', fields: { port: 80 }, message: 'listening' },
      { level: 'warn', fields: { a: 1 }, message: '' },
    ])
  })

  it('TE-12 keeps the fields as they were', () => {
    const log = new MemoryLog()
    const fields = { n: 1 }
    log.debug(fields, 'x')
    fields.n = 2
    expect(log.events[0]?.fields).toEqual({ n: 1 })
  })

  it('TE-12 gives the errors and the messages of a level', () => {
    const log = new MemoryLog()
    const [one, other] = [new Error('one'), new Error('other')]
    log.error({ err: one }, 'first')
    log.error({}, 'second')
    log.warn({ err: other }, 'third')
    expect(log.errors()).toEqual([one])
    expect(log.errors('warn')).toEqual([other])
    expect(log.messages()).toEqual(['first', 'second', 'third'])
    expect(log.messages('error')).toEqual(['first', 'second'])
  })

  it('TE-12 forgets on request, so that it covers one part of a test', () => {
    const log = new MemoryLog()
    log.error({ err: new Error('x') }, 'x')
    log.clear()
    expect(log.events).toEqual([])
  })

  it('has methods that can be taken off', () => {
    const log = new MemoryLog()
    const { error } = log
    error({}, 'x')
    expect(log.messages('error')).toEqual(['x'])
  })
})
