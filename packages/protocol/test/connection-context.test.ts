import { describe, expect, it } from 'vitest'
import { Clock } from '@sennit/runtime'
import { IPv4Address } from '../src/addresses.ts'
import { ConnectionContext } from '../src/connection-context.ts'
import { FakeLog } from './fake-log.ts'

function make() {
  const asked: string[] = []
  const find = (name: string, port: number) => () => {
    asked.push(name)
    return new IPv4Address('TCP', '127.0.0.1', port)
  }
  const clock = new Clock()
  const log = new FakeLog()
  const context = new ConnectionContext({ peer: find('peer', 2), host: find('host', 1), clock, log })
  return { asked, clock, log, context }
}

describe('ConnectionContext', () => {
  it('hands on the clock and the log', () => {
    const { clock, log, context } = make()
    expect(context.clock).toBe(clock)
    expect(context.log).toBe(log)
  })

  it('asks for an address when it is read first, and never again', () => {
    const { asked, context } = make()
    expect(asked).toEqual([])
    expect(context.peer.toString()).toBe('tcp:127.0.0.1:2')
    expect(context.peer).toBe(context.peer)
    expect(asked).toEqual(['peer'])
    expect(context.host.toString()).toBe('tcp:127.0.0.1:1')
    expect(context.host).toBe(context.host)
    expect(asked).toEqual(['peer', 'host'])
  })

  it('aborts a signal that was read before', () => {
    const { context } = make()
    const { signal } = context
    expect(signal.aborted).toBe(false)
    context.abort()
    expect(signal.reason).toMatchObject({ code: 'ABORT_ERR' })
    expect(context.signal).toBe(signal)
  })

  it('aborts a signal that is read later', () => {
    const { context } = make()
    context.abort()
    expect(context.signal.aborted).toBe(true)
    expect(context.signal.reason).toMatchObject({ code: 'ABORT_ERR' })
  })

  it('aborts once', () => {
    const { context } = make()
    context.abort()
    const { reason } = context.signal
    context.abort()
    expect(context.signal.reason).toBe(reason)
  })

  it('explains the reason of its signal, and what that caused, and nothing else', () => {
    const { context } = make()
    expect(context.explains(undefined)).toBe(false)
    context.abort()
    const reason = context.signal.reason as Error
    expect(context.explains(reason)).toBe(true)
    expect(context.explains(new Error('aborted', { cause: reason }))).toBe(true)
    expect(context.explains(new Error('other'))).toBe(false)
    expect(context.explains(undefined)).toBe(false)
  })
})
