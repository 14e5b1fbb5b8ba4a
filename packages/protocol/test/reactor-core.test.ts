import { Clock } from '@sennit/runtime'
import { beforeEach, describe, expect, it } from 'vitest'
import { ReactorCore } from '../src/reactor-core.ts'
import { FakeLog } from './fake-log.ts'

let clock: Clock
let log: FakeLog
let calls: string[]
let holds: number
let closed: Error[]
let closing: Promise<void> | undefined
let core: ReactorCore
let turnEnd: (() => void)[]

beforeEach(() => {
  clock = new Clock()
  log = new FakeLog()
  calls = []
  holds = 0
  closed = []
  closing = undefined
  turnEnd = []
  core = new ReactorCore({
    clock,
    log,
    shutdownTimeout: 8,
    soon: (call) => turnEnd.push(call),
    hold: () => {
      holds++
      return () => holds--
    },
    closeAll: (reason) => {
      closed.push(reason)
      note('close all')
      return closing
    },
  })
})

function note(what: string): void {
  calls.push(`${what}${core.running ? ' (running)' : ''}`)
}

/** Notes every phase of startup and shutdown. */
function watch(): void {
  for (const event of ['startup', 'shutdown']) {
    for (const phase of ['before', 'during', 'after'] as const) {
      core.addSystemEventTrigger(phase, event, note, `${phase} ${event}`)
    }
  }
}

function endTurn(): void {
  for (const call of turnEnd.splice(0)) call()
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve()
}

/** Runs, and says what became of it. */
function run(): { outcome: string } {
  const result = { outcome: 'runs' }
  core.run().then(
    () => (result.outcome = 'over'),
    (error: { code: string }) => (result.outcome = error.code),
  )
  return result
}

describe('ReactorCore', () => {
  it('RX-12 RX-14 fires startup inside run(), settles after shutdown, and runs from one "during" to the other', async () => {
    watch()
    const ran = run()
    expect(calls).toEqual(['before startup', 'during startup (running)', 'after startup (running)'])
    expect(core.running).toBe(true)
    calls = []
    core.stop()
    endTurn()
    expect(calls).toEqual(['before shutdown (running)', 'close all', 'during shutdown', 'after shutdown'])
    expect(core.running).toBe(false)
    await settle()
    expect(ran.outcome).toBe('over')
  })

  it('RX-12 refuses a second run() while it runs, in every state', async () => {
    const outcomes: { outcome: string }[] = []
    const again = (): void => void outcomes.push(run())
    for (const phase of ['before', 'during', 'after'] as const) {
      core.addSystemEventTrigger(phase, 'startup', again)
      core.addSystemEventTrigger(phase, 'shutdown', again)
    }
    run()
    again()
    core.stop()
    again()
    endTurn()
    await settle()
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(
      Array.from({ length: 8 }, () => 'ERR_SENNIT_REACTOR_ALREADY_RUNNING'),
    )
  })

  it('RX-12 cannot be run again after a stop', async () => {
    run()
    core.stop()
    endTurn()
    const again = run()
    await settle()
    expect(again.outcome).toBe('ERR_SENNIT_REACTOR_NOT_RESTARTABLE')
    expect(calls).toEqual(['close all'])
  })

  it('RX-13 refuses to stop when it does not run, and a second time', async () => {
    const refused = expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_NOT_RUNNING' }) as Error
    expect(() => core.stop()).toThrow(refused)
    run()
    core.addSystemEventTrigger('before', 'shutdown', () => {
      expect(() => core.stop()).toThrow(refused)
      calls.push('refused')
    })
    core.stop()
    expect(() => core.stop()).toThrow(refused)
    endTurn()
    await settle()
    expect(() => core.stop()).toThrow(refused)
    expect(calls).toContain('refused')
    expect(log.entries).toEqual([])
  })

  it('RX-13 stops at the end of the turn', () => {
    run()
    core.addSystemEventTrigger('before', 'shutdown', note, 'before shutdown')
    core.stop()
    expect([calls, core.running]).toEqual([[], true])
    endTurn()
    expect(calls[0]).toBe('before shutdown (running)')
  })

  it('RX-13 can be stopped during its startup, which is then ended first', async () => {
    watch()
    core.addSystemEventTrigger('before', 'startup', () => core.stop())
    const ran = run()
    expect(calls).toEqual(['before startup', 'during startup (running)', 'after startup (running)'])
    endTurn()
    await settle()
    expect(ran.outcome).toBe('over')
    expect(core.running).toBe(false)
  })

  it('a stop gives up a startup that still waits', async () => {
    let started = (): void => {}
    core.addSystemEventTrigger('before', 'startup', () => new Promise<void>((resolve) => (started = resolve)))
    watch()
    const ran = run()
    expect(core.running).toBe(false)
    core.stop()
    endTurn()
    await settle()
    started()
    await settle()
    expect(ran.outcome).toBe('over')
    expect(calls).toEqual([
      'before startup',
      'before shutdown',
      'close all',
      'during shutdown',
      'after shutdown',
    ])
  })

  it('runs once the promises of "before startup" have settled', async () => {
    let started = (): void => {}
    core.addSystemEventTrigger('before', 'startup', () => new Promise<void>((resolve) => (started = resolve)))
    run()
    expect(core.running).toBe(false)
    started()
    await settle()
    expect(core.running).toBe(true)
  })

  it('RX-15 calls at once when it runs, else after its startup', () => {
    const trigger = core.callWhenRunning(note, 'first')
    core.callWhenRunning(note, 'second')
    const removed = core.callWhenRunning(note, 'removed')
    expect(trigger).toMatchObject({ phase: 'after', event: 'startup' })
    core.removeSystemEventTrigger(removed!)
    expect(calls).toEqual([])
    run()
    expect(calls).toEqual(['first (running)', 'second (running)'])
    expect(core.callWhenRunning(note, 'at once')).toBeUndefined()
    expect(calls).toHaveLength(3)
  })

  it('RX-03 refuses to call what is no function, whether it runs or not', () => {
    const refused = expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION', option: 'f' }) as Error
    expect(() => core.callWhenRunning(5 as unknown as () => void)).toThrow(refused)
    run()
    expect(() => core.callWhenRunning(5 as unknown as () => void)).toThrow(refused)
  })

  it('RX-19 a "before shutdown" that never settles does not block the end for ever', async () => {
    core.addSystemEventTrigger('before', 'shutdown', () => new Promise(() => {}))
    const ran = run()
    core.stop()
    endTurn()
    clock.advance(8)
    await settle()
    expect(ran.outcome).toBe('over')
    expect(log.entries).toMatchObject([{ level: 'warn' }])
  })

  it('RX-20 closes what is left with ConnectionLost, when it runs no more, before the triggers of "during"', async () => {
    watch()
    run()
    calls = []
    core.stop()
    endTurn()
    expect(calls.slice(1, 3)).toEqual(['close all', 'during shutdown'])
    expect(closed).toMatchObject([{ name: 'ConnectionLost', message: expect.stringContaining('stopped') }])
  })

  it('RX-20 run() settles when what was closed is closed', async () => {
    let done = (): void => {}
    closing = new Promise((resolve) => (done = resolve))
    const ran = run()
    core.stop()
    endTurn()
    await settle()
    expect(ran.outcome).toBe('runs')
    done()
    await settle()
    expect(ran.outcome).toBe('over')
  })

  it('RX-21 crash() ends run() at once, and fires nothing', async () => {
    watch()
    const ran = run()
    calls = []
    core.crash()
    expect(core.running).toBe(false)
    await settle()
    endTurn()
    expect([calls, ran.outcome]).toEqual([[], 'over'])
  })

  it('RX-21 can be run again after a crash, but not when it had been stopped', async () => {
    run()
    core.crash()
    run()
    expect(core.running).toBe(true)
    core.stop()
    core.crash()
    endTurn()
    const again = run()
    await settle()
    expect(again.outcome).toBe('ERR_SENNIT_REACTOR_NOT_RESTARTABLE')
    expect(calls).toEqual([])
  })

  it.each(['startup', 'shutdown'])('RX-21 crash() gives up a %s that waits', async (event) => {
    let settleIt = (): void => {}
    watch()
    core.addSystemEventTrigger('before', event, () => new Promise<void>((resolve) => (settleIt = resolve)))
    const ran = run()
    if (event === 'shutdown') {
      core.stop()
      endTurn()
    }
    calls = []
    core.crash()
    settleIt()
    await settle()
    expect([calls, ran.outcome, holds]).toEqual([[], 'over', 0])
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('RX-21 crash() settles a run() that waits for what is being closed', async () => {
    closing = new Promise(() => {})
    const ran = run()
    core.stop()
    endTurn()
    core.crash()
    await settle()
    expect(ran.outcome).toBe('over')
  })

  it('crash() is harmless when nothing runs', () => {
    core.crash()
    run()
    core.stop()
    endTurn()
    core.crash()
    expect(holds).toBe(0)
  })

  it('keeps the process alive as long as it runs', () => {
    run()
    expect(holds).toBe(1)
    core.stop()
    endTurn()
    expect(holds).toBe(0)
  })

  it('fires other events, and its own by hand', async () => {
    watch()
    core.addSystemEventTrigger('during', 'persist', note, 'persist')
    core.fireSystemEvent('persist')
    expect(calls).toEqual(['persist'])
    const ran = run()
    core.fireSystemEvent('shutdown')
    await settle()
    expect(ran.outcome).toBe('over')
  })

  it('closes what is open when shutdown is fired by hand and nothing runs', () => {
    core.fireSystemEvent('startup')
    expect(core.running).toBe(false)
    core.fireSystemEvent('shutdown')
    expect(calls).toEqual(['close all'])
    run()
    expect(core.running).toBe(true)
  })
})
