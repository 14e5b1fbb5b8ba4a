import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ILog } from '@sennit/interfaces'
import { beforeEach, describe, expect, expectTypeOf, it } from 'vitest'
import type { LogArguments } from '../src/log-arguments.ts'
import { type OpenLog, openLog } from '../src/log.ts'
import type { Terminal } from '../src/terminal.ts'
import { folderWith, write } from './support/folder.ts'
import { memoryTerminal, type MemoryTerminal } from './support/memory-terminal.ts'

const folder = folderWith()
let terminal: MemoryTerminal

beforeEach(() => {
  terminal = memoryTerminal()
})

function open(changes: Partial<LogArguments> = {}, kind: Partial<Terminal> = {}): OpenLog {
  terminal = memoryTerminal(kind)
  return openLog({ logLevel: 'info', logFile: '-', ...changes }, terminal)
}

describe('openLog', () => {
  it('AP-29 AP-39 writes JSON to stdout when nobody looks at it', () => {
    const { log, watched } = open()
    log.info({ port: 80 }, 'hello')
    expect(JSON.parse(terminal.stdout.text)).toMatchObject({ level: 30, port: 80, msg: 'hello' })
    expect(watched).toBe(false)
  })

  it('AP-39 writes text to a terminal', () => {
    const { log, watched } = open({}, { outIsTerminal: true })
    log.info({ port: 80 }, 'hello')
    expect(terminal.stdout.text).toMatch(/Z info hello port=80\n$/)
    expect(watched).toBe(true)
  })

  it('AP-39 decides by where the log goes, not by stdout', () => {
    const file = join(folder, 'by-destination.log')
    open({ logFile: file }, { outIsTerminal: true, errIsTerminal: true }).log.info({}, 'to a file')
    expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject({ msg: 'to a file' })
    open({ logFile: '+' }, { outIsTerminal: true }).log.info({}, 'to stderr')
    expect(JSON.parse(terminal.stderr.text)).toMatchObject({ msg: 'to stderr' })
    open({ logFile: '+' }, { errIsTerminal: true }).log.info({}, 'to stderr')
    expect(terminal.stderr.text).toMatch(/Z info to stderr\n$/)
    expect(terminal.stdout.text).toBe('')
  })

  it.each([
    ['text', false, /^2.*Z info x\n$/],
    ['json', true, /^\{.*\}\n$/],
  ] as const)('AP-37 writes %s when it is told to', (logFormat, outIsTerminal, line) => {
    open({ logFormat }, { outIsTerminal }).log.info({}, 'x')
    expect(terminal.stdout.text).toMatch(line)
  })

  it('AP-37 drops what is less important than the level', () => {
    const { log } = open({ logLevel: 'warn' })
    log.info({}, 'no')
    log.warn({}, 'yes')
    expect(terminal.stdout.text.trim().split('\n')).toHaveLength(1)
    open({ logLevel: 'silent' }).log.fatal({}, 'no')
    expect(terminal.stdout.text).toBe('')
  })

  it('AP-37 appends to a file, and has it written before the process ends', () => {
    const file = join(folder, 'appended.log')
    write(folder, { 'appended.log': 'before\n' })
    const { log, output } = open({ logFile: file })
    log.info({}, 'after')
    const [first, second] = readFileSync(file, 'utf8').trim().split('\n')
    expect([first, JSON.parse(second!)]).toMatchObject(['before', { msg: 'after' }])
    expect(terminal.outputs).toContain(output)
    expect(statSync(file).mode & 0o777).toBe(0o666 & ~process.umask())
  })

  it.each([
    ['a folder that is not there', 'nowhere/x.log', /Cannot write the log to .*nowhere\/x\.log: ENOENT/],
    ['a folder', '.', /EISDIR/],
  ])('AP-37 says that it cannot write to %s', (_what, name, message) => {
    expect(() => open({ logFile: join(folder, name) })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_LOG_FILE', message: expect.stringMatching(message) }),
    )
  })

  it.each([
    ['-', 'stdout'],
    ['+', 'stderr'],
  ] as const)('AP-37 says that it cannot write to %s', (logFile, name) => {
    terminal[name].error = 'EBADF'
    expect(() => openLog({ logLevel: 'info', logFile }, terminal)).toThrow(
      expect.objectContaining({
        code: 'ERR_SENNIT_LOG_FILE',
        message: `Cannot write the log to ${name}: EBADF`,
      }),
    )
  })

  it('logs an error with its stack and its cause', () => {
    const err = new Error('outer', { cause: new Error('inner') })
    open().log.error({ err }, 'x')
    expect(JSON.parse(terminal.stdout.text)).toMatchObject({
      err: { message: 'outer', stack: expect.stringContaining('at '), cause: { message: 'inner' } },
    })
    open({ logFormat: 'text' }).log.error({ err }, 'x')
    expect(terminal.stdout.text).toMatch(/error x\n {4}Error: outer\n {8}at [^]*\[cause\]: Error: inner\n/)
  })

  it.each(['json', 'text'] as const)(
    'tells in %s how many lines were lost when there is room again',
    (logFormat) => {
      const { output } = open({ logFormat })
      expect(output.lost(3)).toMatch(
        logFormat === 'json'
          ? /^\{"level":40,.*"lines":3,.*lost.*\}\n$/
          : /Z warn Log lines were lost.* lines=3\n$/,
      )
    },
  )

  it('is a log', () => {
    expectTypeOf<OpenLog['log']>().toExtend<ILog>()
  })
})
