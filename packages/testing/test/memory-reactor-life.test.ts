import { describe, expect, it } from 'vitest'
import { MemoryReactor } from '../src/index.ts'

describe('MemoryReactorLife', () => {
  it('TE-09 runs the hooks in order, then stops at once', () => {
    const reactor = new MemoryReactor()
    const order: unknown[] = []
    reactor.callWhenRunning((...args: unknown[]) => order.push(args, reactor.running), 1, 2)
    reactor.callWhenRunning(() => order.push('second'))
    void reactor.run()
    expect(order).toEqual([[1, 2], true, 'second'])
    expect(reactor).toMatchObject({ running: false, hasRun: true, hasStopped: true, hasCrashed: false })
  })

  it('TE-09 calls a hook at once that comes while it runs', () => {
    const reactor = new MemoryReactor()
    const order: string[] = []
    reactor.callWhenRunning(() => {
      reactor.callWhenRunning(() => order.push('inner'))
      order.push('outer')
    })
    void reactor.run()
    expect(order).toEqual(['inner', 'outer'])
  })

  it('TE-09 refuses to run while it runs', () => {
    const reactor = new MemoryReactor()
    let thrown: unknown
    reactor.callWhenRunning(() => {
      try {
        void reactor.run()
      } catch (error) {
        thrown = error
      }
    })
    void reactor.run()
    expect(thrown).toMatchObject({ code: 'ERR_SENNIT_DOUBLE_STATE' })
  })

  it('TE-09 is not running any more inside a hook that stops it', () => {
    const reactor = new MemoryReactor()
    const order: unknown[] = []
    reactor.callWhenRunning(() => {
      reactor.stop()
      order.push(reactor.running, reactor.hasStopped)
    })
    void reactor.run()
    expect(order).toEqual([false, true])
  })

  it('TE-09 is neither running nor stopped after a crash', () => {
    const reactor = new MemoryReactor()
    reactor.crash()
    expect(reactor).toMatchObject({ running: undefined, hasCrashed: true, hasStopped: false })
  })

  it('TE-09 records triggers by phase and event', () => {
    const reactor = new MemoryReactor()
    const calls: unknown[] = []
    const trigger = reactor.addSystemEventTrigger('before', 'shutdown', (n: number) => calls.push(n), 7)
    expect(reactor.triggers.before.get('shutdown')).toEqual([trigger])
    expect(trigger).toMatchObject({ phase: 'before', event: 'shutdown' })
    expect(calls).toEqual([])
  })

  it('TE-10 fires an event: before, during, after, each once', () => {
    const reactor = new MemoryReactor()
    const order: string[] = []
    for (const phase of ['after', 'before', 'during', 'before'] as const) {
      reactor.addSystemEventTrigger(phase, 'shutdown', () => order.push(phase))
    }
    reactor.addSystemEventTrigger('before', 'startup', () => order.push('startup'))
    reactor.fireSystemEvent('shutdown')
    reactor.fireSystemEvent('shutdown')
    expect(order).toEqual(['before', 'before', 'during', 'after'])
  })

  it('TE-10 takes a trigger back', () => {
    const reactor = new MemoryReactor()
    const order: string[] = []
    const one = reactor.addSystemEventTrigger('during', 'shutdown', () => order.push('one'))
    reactor.addSystemEventTrigger('during', 'shutdown', () => order.push('other'))
    reactor.removeSystemEventTrigger(one)
    reactor.fireSystemEvent('shutdown')
    expect(order).toEqual(['other'])
    expect(() => reactor.removeSystemEventTrigger(one)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_DOUBLE_STATE' }),
    )
  })
})
