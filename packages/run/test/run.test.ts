import type { ILog } from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { Application, hooks } from '@sennit/service'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { run, type RunOptions } from '../src/index.ts'
import { FakeProgram } from './support/fake-program.ts'

let clock: Clock
let program: FakeProgram
let events: string[]
let logged: string[]
let errors: [string, string][]

beforeEach(() => {
  clock = new Clock()
  program = new FakeProgram()
  events = []
  logged = []
  errors = []
})

const write =
  (level: string) =>
  (_fields: object, message = ''): void => {
    logged.push(`${level}: ${message}`)
  }

const log: ILog = { debug: () => {}, info: write('info'), warn: write('warn'), error: write('error') }

function service(name: string, { fail = '', hang = '' } = {}) {
  const step = (what: string) => () => {
    events.push(`${what} ${name}`)
    if (fail === what) throw new Error(`${name} is broken`)
    return hang === what ? new Promise<void>(() => {}) : undefined
  }
  return hooks(name, { privilegedStart: step('bind'), start: step('start'), stop: step('stop') })
}

function begin(children = [service('a'), service('b')], options: RunOptions = {}, own = {}) {
  const application = new Application('app', { clock, log, ...own }, children)
  const result = run(application, {
    clock,
    process: program,
    log,
    onReady: () => events.push('ready'),
    onError: (error, during) => errors.push([during, error.message]),
    ...options,
  })
  return { application, result }
}

/** Lets promises settle. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve()
}

describe('run', () => {
  it('AP-13 AP-17 starts with the privileged pass, then says that it is ready', async () => {
    begin()
    await settle()
    expect(events).toEqual(['bind a', 'bind b', 'start a', 'start b', 'ready'])
  })

  it.each([undefined, 5, {}])(
    'refuses %j, which is no service, without touching the process',
    (application) => {
      expect(() => run(application as unknown as Application, { process: program })).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_RUN_OPTION', option: 'application' }),
      )
      expect(program.heard).toBe(0)
    },
  )

  it('RX-22 AP-10 AP-16 stops in reverse at SIGTERM, and yields and sets exit code 0', async () => {
    const { result } = begin()
    await settle()
    events = []
    program.emit('SIGTERM')
    expect(await result).toBe(0)
    expect(program.exitCode).toBe(0)
    expect(program.exits).toEqual([])
    expect(events).toEqual(['stop b', 'stop a'])
    expect(logged).toEqual(['info: The application is told to stop'])
  })

  it('RX-22 leaves no listener and no delayed call behind', async () => {
    const { result } = begin([service('a')], { for: '1h', signal: new AbortController().signal })
    await settle()
    expect(program.heard).toBeGreaterThan(3)
    expect(clock.getDelayedCalls().length).toBeGreaterThan(0)
    program.emit('SIGINT')
    await result
    clock.advance('500ms')
    expect(program.heard).toBe(0)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('RX-23 takes a repeated signal within half a second for one, and exits at once at a later one', async () => {
    begin([service('a', { hang: 'stop' })])
    await settle()
    program.emit('SIGINT')
    clock.advance('500ms')
    program.emit('SIGINT')
    expect(program.exits).toEqual([])
    clock.advance('1ms')
    program.emit('SIGINT')
    program.emit('SIGTERM')
    expect(program.exits).toEqual([130, 143])
  })

  it('stops at a signal during the start what had started, without a failure', async () => {
    const { result } = begin([service('a'), service('b', { hang: 'start' }), service('c')])
    await settle()
    program.emit('SIGTERM')
    await settle()
    clock.advance('8s')
    expect(await result).toBe(errors.length > 0 ? 1 : 0)
    expect(events).not.toContain('ready')
    expect(events).toContain('stop a')
    expect(events).not.toContain('start c')
    expect(errors.map(([during]) => during)).not.toContain('start')
  })

  it('AP-11 undoes a failed start, tells one error with the path in front, and yields 1', async () => {
    const { result } = begin([service('a'), service('b', { fail: 'start' }), service('c')])
    expect(await result).toBe(1)
    expect(program.exitCode).toBe(1)
    expect(errors).toEqual([['start', expect.stringMatching(/^app\/b: b is broken$/)]])
    expect(events).toContain('stop a')
    expect(events).not.toContain('start c')
  })

  it('undoes a failed privileged start', async () => {
    const { result } = begin([service('a'), service('b', { fail: 'bind' })])
    expect(await result).toBe(1)
    expect(events).toEqual(['bind a', 'bind b', 'stop a'])
  })

  it('ends a start that never settles by its deadline, and names the service', async () => {
    const { result } = begin([service('a', { hang: 'start' })])
    await settle()
    clock.advance('30s')
    expect(await result).toBe(1)
    expect(errors).toEqual([['start', expect.stringContaining('app/a')]])
  })

  it('ends a stop that never settles by its deadline, and names the service', async () => {
    const { result } = begin([service('a', { hang: 'stop' })])
    await settle()
    program.emit('SIGTERM')
    await settle()
    clock.advance('7.9s')
    await settle()
    expect(program.exitCode).toBeUndefined()
    clock.advance('100ms')
    expect(await result).toBe(1)
    expect(errors).toEqual([['stop', expect.stringContaining('app/a')]])
  })

  it.each(['start', 'stop'])('holds a service that knows no deadlines to them (%s)', async (what) => {
    const bare = {
      name: 'bare',
      running: false,
      parent: undefined,
      setName: () => {},
      setServiceParent: () => {},
      disownServiceParent: () => {},
      privilegedStartService: () => {},
      startService: () => (what === 'start' ? new Promise<void>(() => {}) : undefined),
      stopService: () => (what === 'stop' ? new Promise<void>(() => {}) : undefined),
    }
    const result = run(bare, {
      clock,
      process: program,
      log,
      startTimeout: '1s',
      stopTimeout: '1s',
      onError: (error, during) => errors.push([during, error.message]),
    })
    await settle()
    if (what === 'stop') program.emit('SIGTERM')
    await settle()
    clock.advance('1.1s')
    expect(await result).toBe(1)
    expect(errors).toEqual([[what, expect.stringContaining("'bare' took longer than")]])
  })

  it('prefers the deadlines of the application, and its own options most', async () => {
    const first = begin([service('a', { hang: 'stop' })], {}, { stopTimeout: '1s' })
    await settle()
    program.emit('SIGTERM')
    await settle()
    clock.advance('1s')
    expect(await first.result).toBe(1)

    const second = begin([service('a', { hang: 'stop' })], { stopTimeout: '2s' }, { stopTimeout: '1h' })
    await settle()
    program.emit('SIGTERM')
    await settle()
    clock.advance('2s')
    expect(await second.result).toBe(1)
  })

  it.each(['uncaughtException', 'unhandledRejection'])('stops and yields 1 at an %s', async (event) => {
    const { result } = begin()
    await settle()
    program.emit(event, new Error('nobody caught this'))
    expect(await result).toBe(1)
    expect(errors).toEqual([['run', 'nobody caught this']])
    expect(events).toContain('stop a')
  })

  it('stops and yields 1 when a service fails after its start', async () => {
    const broken = service('b')
    const { result } = begin([service('a'), broken])
    await settle()
    broken.fail(new Error('gave up'))
    expect(await result).toBe(1)
    expect(errors).toEqual([['run', expect.stringContaining('gave up')]])
    expect(events).toContain('stop a')
  })

  it('stops at an error during the stop only once, and yields 1', async () => {
    const { result } = begin([service('a'), service('b', { fail: 'stop' })])
    await settle()
    program.emit('SIGTERM')
    program.emit('uncaughtException', new Error('late'))
    expect(await result).toBe(1)
    expect(events.filter((event) => event.startsWith('stop'))).toEqual(['stop b', 'stop a'])
    expect(errors.map(([during]) => during).toSorted()).toEqual(['run', 'stop'])
  })

  describe('a service that is no more than that', () => {
    /** Has no name, no deadlines, no context, and tells no cause. */
    class Bare {
      readonly name = undefined
      readonly running = true
      readonly parent = undefined
      state = 'running'
      lastError: Error | undefined
      onStop: (() => Promise<void>) | undefined
      onPrivilegedStart: (() => Promise<void>) | undefined
      readonly listeners: ((state: string) => void)[] = []
      setName() {}
      setServiceParent() {}
      disownServiceParent() {}
      privilegedStartService() {
        events.push('bind')
        return this.onPrivilegedStart?.()
      }
      startService() {
        events.push('start')
      }
      stopService() {
        events.push('stop')
        return this.onStop?.()
      }
      onStateChange(listener: (state: string) => void) {
        this.listeners.push(listener)
        return () => {}
      }
    }

    function beginBare(bare: Bare, options: RunOptions = {}) {
      return run(bare as unknown as Application, {
        clock,
        process: program,
        onError: (error, during) => errors.push([during, error.message]),
        ...options,
      })
    }

    it('is held to the default deadlines', async () => {
      const bare = new Bare()
      bare.onStop = () => new Promise(() => {})
      const result = beginBare(bare, { log })
      await settle()
      program.emit('SIGTERM')
      clock.advance(8.1)
      expect(await result).toBe(1)
      expect(errors).toEqual([['stop', "Stopping 'the application' took longer than 8.1 s"]])
    })

    it('is stopped when it has failed without saying why', async () => {
      const bare = new Bare()
      const result = beginBare(bare, { log })
      await settle()
      for (const listener of bare.listeners) listener('failed')
      expect(await result).toBe(1)
      expect(errors).toEqual([['run', 'A service failed']])
    })

    it('is not started any more when a signal came during its privileged start', async () => {
      const bare = new Bare()
      let bound = () => {}
      bare.onPrivilegedStart = () => new Promise((resolve) => (bound = resolve))
      const result = beginBare(bare, { log })
      await settle()
      program.emit('SIGTERM')
      bound()
      expect(await result).toBe(0)
      expect(events).toEqual(['bind', 'stop'])
    })

    it('has what went wrong logged where everything is by default', async () => {
      const written: string[] = []
      const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
        written.push(String(text))
        return true
      })
      const bare = new Bare()
      const result = beginBare(bare, { onError: undefined })
      await settle()
      bare.lastError = new Error('no disk')
      for (const listener of bare.listeners) listener('failed')
      await result
      write.mockRestore()
      expect(written.join('')).toContain('no disk')
    })
  })

  it('runs in the process and on its clock when no other is given', async () => {
    const before = process.exitCode
    const application = new Application('app', { log }, [service('a')])
    const code = await run(application, { onReady: () => application.fail(new Error('broken')) })
    const { exitCode } = process
    process.exitCode = before
    expect([code, exitCode]).toEqual([1, 1])
    expect(events).toEqual(['bind a', 'start a', 'stop a'])
  })

  it('stops by itself after the given time, with exit code 0', async () => {
    const { result } = begin([service('a')], { for: '10s' })
    await settle()
    clock.advance('10s')
    expect(await result).toBe(0)
    expect(events).toContain('stop a')
  })

  it('stops once when a service asks for the stop inside its own', async () => {
    const control = new AbortController()
    const asks = hooks('asks', {
      stop: () => {
        events.push('stop asks')
        control.abort()
      },
    })
    const { result } = begin([service('a'), asks], { signal: control.signal })
    await settle()
    program.emit('SIGTERM')
    expect(await result).toBe(0)
    expect([events.slice(-2), errors]).toEqual([['stop asks', 'stop a'], []])
  })

  it.each(['before', 'after'])('stops when its signal is aborted %s the start', async (when) => {
    const control = new AbortController()
    if (when === 'before') control.abort()
    const { result } = begin([service('a')], { signal: control.signal })
    await settle()
    control.abort()
    expect(await result).toBe(0)
  })

  it('survives errors of stdout and stderr', async () => {
    begin()
    await settle()
    const epipe = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })
    expect(program.stdout.emit('error', epipe)).toBe(true)
    expect(program.stderr.emit('error', epipe)).toBe(true)
    expect(errors).toEqual([])
  })

  it('keeps the process alive while nothing else does', async () => {
    begin([service('a', { hang: 'start' })], { startTimeout: Infinity })
    await settle()
    expect(clock.getDelayedCalls().length).toBe(1)
    clock.advance(2 ** 31 / 1000)
    expect(clock.getDelayedCalls().length).toBe(1)
  })

  it('logs what went wrong when nobody else is told', async () => {
    const { result } = begin([service('a', { fail: 'start' })], { onError: undefined })
    expect(await result).toBe(1)
    expect(logged).toContain('error: The application could not start')
  })

  it('gives the process the name of the application', async () => {
    begin([service('a')], {}, { processName: 'my-server' })
    await settle()
    expect(program.title).toBe('my-server')
  })
})
