import { describe, expect, it } from 'vitest'
import { guardedCall } from '../src/guarded-call.ts'
import { FakeLog } from './fake-log.ts'
import { FakeTransport } from './fake-transport.ts'

describe('guardedCall', () => {
  it('does no more than call when nothing is thrown', () => {
    const transport = new FakeTransport()
    const log = new FakeLog()
    let called = 0
    guardedCall(() => called++, 'hook', transport, log)
    expect([called, transport.calls, log.entries]).toEqual([1, [], []])
  })

  it('PR-17 DF-04 logs what is thrown, and aborts the connection with it', () => {
    const transport = new FakeTransport()
    const log = new FakeLog()
    const error = new Error('no')
    const fail = () => {
      throw error
    }
    guardedCall(fail, 'hook', transport, log)
    expect(transport.abortReason).toBe(error)
    expect(log.entries).toEqual([
      { level: 'error', message: 'hook threw; its connection is closed', err: error },
    ])
  })
})
