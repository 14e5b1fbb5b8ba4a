import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { addRunOptions, flagsOf, joinStatus } from '../src/run-options.ts'

function parse(...args: string[]): Record<string, unknown> {
  const command = addRunOptions(new Command('run'))
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
  return command.parse(args, { from: 'user' }).opts()
}

describe('the options of running', () => {
  it('AP-37 log from info on, to stdout, in the format that suits', () => {
    expect(parse()).toEqual({ logLevel: 'info', logFile: '-' })
  })

  it.each([
    [
      ['--log-level', 'debug', '--log-format', 'json', '--log-file', '+'],
      { logLevel: 'debug', logFormat: 'json', logFile: '+' },
    ],
    [
      ['--start-timeout', '1m', '--stop-timeout', '250ms', '--for', '2'],
      { startTimeout: 60, stopTimeout: 0.25, for: 2 },
    ],
    [['--ready-delay', '1s', '--drain-delay', '.5s'], { readyDelay: 1, drainDelay: 0.5 }],
    [['--uid', '33', '--gid', 'www-data'], { uid: 33, gid: 'www-data' }],
    [['--uid', 'me', '--gid', '0'], { uid: 'me', gid: 0 }],
    [['--umask', '027'], { umask: 0o27 }],
    [['--umask', '0'], { umask: 0 }],
    [['--status=tcp:80'], { status: 'tcp:80' }],
  ])('read %j', (args, options) => {
    expect(parse(...args)).toMatchObject(options)
  })

  it.each([
    ['AP-38', '--log-level', 'loud', 'trace, debug, info'],
    ['AP-38', '--log-format', 'xml', 'text, json'],
    ['AP-20', '--umask', '8', 'octal number'],
    ['AP-20', '--umask', '1777', 'octal number'],
    ['AP-20', '--umask', 'u=rwx', 'octal number'],
    ['AP-20', '--umask', '27x', 'octal number'],
    ['AP-20', '--umask', '0x1F', 'octal number'],
    ['AP-37', '--log-file', '', "'-' for stdout"],
    ['AP-41', '--uid', '-1', 'a name or a number'],
    ['AP-41', '--gid', '1.5', 'a name or a number'],
    ['AP-41', '--uid', '', 'a name or a number'],
    ['AP-36', '--for', '5 minutes', "the unit 'ms', 's', 'm' or 'h'"],
    ['AP-36', '--stop-timeout', '-1', 'beginning with a digit'],
    ['AP-36', '--ready-delay', '1.2.3', '0 or more'],
  ])(
    '%s take %s %j for a usage error that names it, and say what is wanted',
    (_number, flag, value, wanted) => {
      expect(() => parse(flag, value)).toThrow(
        expect.objectContaining({
          message: expect.stringMatching(new RegExp(`${flag} .*'${value}'.*${wanted}`)),
        }),
      )
    },
  )

  it('have flags that nobody else may have', () => {
    expect([...flagsOf(addRunOptions(new Command('run')))]).toEqual(
      expect.arrayContaining(['--log-level', '--status', '--uid', '--for']),
    )
  })
})

describe('--status', () => {
  it.each([
    [
      ['--status', 'app.js'],
      ['--status=tcp:8127', 'app.js'],
    ],
    [
      ['--status', 'tcp:80', 'app.js'],
      ['--status=tcp:80', 'app.js'],
    ],
    [
      ['--status', 'unix:/run/x', 'app.js'],
      ['--status=unix:/run/x', 'app.js'],
    ],
    [
      ['app.js', '--status'],
      ['app.js', '--status=tcp:8127'],
    ],
    [
      ['--status', '--for', '1s'],
      ['--status=tcp:8127', '--for', '1s'],
    ],
    [
      ['--status=tcp:1', 'x'],
      ['--status=tcp:1', 'x'],
    ],
    [
      ['--status', 'C:\\app.js'],
      ['--status=tcp:8127', 'C:\\app.js'],
    ],
  ])('takes the endpoint behind it, and nothing else: %j', (args, joined) => {
    expect(joinStatus(args)).toEqual(joined)
  })
})
