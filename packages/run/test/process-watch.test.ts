import { Clock } from '@sennit/runtime'
import { MemoryLog } from '@sennit/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { watchProcess } from '../src/process-watch.ts'
import { FakeProgram } from './support/fake-program.ts'

let clock: Clock
let log: MemoryLog
let program: FakeProgram
let told: unknown[]
let unwatch: () => void

beforeEach(() => {
  clock = new Clock()
  log = new MemoryLog()
  program = new FakeProgram()
  told = []
  unwatch = watchProcess(program, ['SIGINT', 'SIGTERM', 'SIGHUP'], {
    clock,
    log: () => log,
    what: 'The thing',
    stop: () => told.push('stop'),
    fail: (error) => told.push(error.message),
  })
})

describe('watchProcess', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'])(
    'RX-22 asks for a stop at %s, once, and logs one line',
    (signal) => {
      program.emit(signal)
      program.emit(signal)
      expect(told).toEqual(['stop'])
      expect(log.events).toEqual([
        { level: 'info', fields: { signal }, message: 'The thing is told to stop' },
      ])
    },
  )

  it('RX-23 a second signal ends the process at once, unless it is the same one handed on', () => {
    program.emit('SIGINT')
    clock.advance(0.5)
    program.emit('SIGINT')
    expect(program.exits).toEqual([])
    clock.advance(0.1)
    program.emit('SIGTERM')
    expect(program.exits).toEqual([143])
    expect(log.messages('warn')).toEqual(['A second signal: the process ends at once'])
  })

  it('hands on errors that nobody has caught, whatever was thrown', () => {
    program.emit('uncaughtException', new Error('thrown'))
    program.emit('unhandledRejection', 'text')
    expect(told).toEqual(['thrown', expect.stringContaining("'text'")])
  })

  it('ignores errors of the output, also afterwards, and listens to each stream once', () => {
    const emit = (): boolean[] =>
      [program.stdout, program.stderr].map((output) => output.emit('error', new Error('EPIPE')))
    expect(emit()).toEqual([true, true])
    unwatch()
    watchProcess(program, [], { clock, log: () => log, what: 'It', stop: () => {}, fail: () => {} })()
    expect(emit()).toEqual([true, true])
    expect(program.stdout.listenerCount('error')).toBe(1)
    expect(told).toEqual([])
  })

  it('RX-23 listens to the second half of one signal also when all is over', () => {
    program.emit('SIGTERM')
    clock.advance('200ms')
    unwatch()
    expect(program.emit('SIGTERM')).toBe(true)
    clock.advance('300ms')
    expect(program.heard).toBe(0)
    expect(program.exits).toEqual([])
  })

  it('RX-22 takes all its listeners away', () => {
    expect(program.heard).toBe(5)
    unwatch()
    expect(program.heard).toBe(0)
  })
})
