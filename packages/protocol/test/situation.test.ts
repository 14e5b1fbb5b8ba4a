import { afterEach, describe, expect, it } from 'vitest'
import { Clock, defaultLog, setGlobalReactor } from '@sennit/runtime'
import { clockOf, logOf } from '../src/situation.ts'
import { FakeLog } from './fake-log.ts'
import { FakeTransport } from './fake-transport.ts'
import { SituatedTransport } from './situated-transport.ts'

afterEach(() => setGlobalReactor(undefined))

describe('the clock and the log of a connection', () => {
  it('are those that were given, else its own, else those of the process', () => {
    const process = new Clock()
    setGlobalReactor(process)
    const given = { clock: new Clock(), log: new FakeLog() }
    const transport = new SituatedTransport()
    expect(clockOf(transport, given.clock)).toBe(given.clock)
    expect(clockOf(transport)).toBe(transport.clock)
    expect(clockOf(new FakeTransport())).toBe(process)
    expect(logOf(transport, given.log)).toBe(given.log)
    expect(logOf(transport)).toBe(transport.log)
    expect(logOf(new FakeTransport())).toBe(defaultLog)
    expect(logOf(undefined)).toBe(defaultLog)
  })
})
