import { describe, expect, it } from 'vitest'
import { faultOf, parseModuleArguments } from '../src/module-options.ts'

const options = {
  carbon: { type: 'string', description: 'where' },
  interval: { type: 'string', default: '10s', short: 'i' },
  verbose: { type: 'boolean' },
  tag: { type: 'string', multiple: true },
} as const

describe('parseModuleArguments', () => {
  const declared = { options, what: 'app.mjs' }

  it.each([
    ['none', [], { interval: '10s' }],
    [
      'values',
      ['--carbon', 'a:1', '--interval=5s', '--verbose'],
      { carbon: 'a:1', interval: '5s', verbose: true },
    ],
    ['short forms', ['-i', '5s'], { interval: '5s' }],
    ['several of one', ['--tag', 'a', '--tag', 'b'], { interval: '10s', tag: ['a', 'b'] }],
  ])('reads %s', (_what, args, values) => {
    expect(parseModuleArguments(args, [], declared)).toEqual({ values, positionals: [] })
  })

  it('takes what stands behind -- as it is, when arguments are declared', () => {
    const { values, positionals } = parseModuleArguments(['--verbose', 'a'], ['--b', '-c'], {
      ...declared,
      positionals: true,
    })
    expect(values).toEqual({ interval: '10s', verbose: true })
    expect(positionals).toEqual(['a', '--b', '-c'])
  })

  it.each([
    [
      'an option that is not declared',
      ['--carbn', 'x'],
      [],
      "unknown option '--carbn'; app.mjs takes --carbon, --interval, --verbose, --tag",
    ],
    [
      'a value that is missing',
      ['--carbon'],
      [],
      "option '--carbon <value>' argument missing; app.mjs takes",
    ],
    [
      'a value for what has none',
      ['--verbose=x'],
      [],
      "option '--verbose' does not take an argument; app.mjs takes",
    ],
    ['an argument', ['x'], [], "unexpected argument 'x'; app.mjs takes --carbon"],
    ['an argument behind --', [], ['x'], "unexpected argument 'x'; app.mjs takes --carbon"],
  ])('refuses %s, and says what there is', (_what, args, rest, message) => {
    expect(() => parseModuleArguments(args, rest, declared)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_USAGE', message: expect.stringContaining(message) }),
    )
  })

  it('says that a module takes no options, or arguments', () => {
    expect(() => parseModuleArguments(['--x'], [], { what: 'a.js' })).toThrow(
      "unknown option '--x'; a.js takes no options of its own",
    )
    expect(() => parseModuleArguments(['--x'], [], { what: 'a.js', positionals: true })).toThrow(
      "unknown option '--x'; a.js takes arguments",
    )
  })
})

describe('faultOf', () => {
  const taken = new Set(['--log-level', '--help', '-h'])

  it('finds nothing wrong with options in the form of parseArgs', () => {
    expect(faultOf(options, taken)).toBeUndefined()
    expect(faultOf({}, taken)).toBeUndefined()
  })

  it.each([
    ['no object', 5, /must be an object/],
    ['a list', [], /must be an object/],
    ['a name that cannot be typed', { 'a b': { type: 'string' } }, /'a b' must be named with letters/],
    ['a name with dashes in front', { '--a': { type: 'string' } }, /'--a' must be named/],
    ['no type', { a: {} }, /the type of its option 'a' must be 'string' or 'boolean', got undefined/],
    ['another type', { a: { type: 'number' } }, /got number/],
    ['nothing behind the name', { a: undefined }, /got undefined/],
    [
      'a short form that is none',
      { a: { type: 'string', short: 'ab' } },
      /short form of its option 'a' must be one letter or digit, got ab/,
    ],
    [
      'a description that is none',
      { a: { type: 'string', description: 5 } },
      /description of its option 'a' must be text/,
    ],
    [
      'a default of another type',
      { a: { type: 'string', default: 5 } },
      /not in the form of parseArgs: .*default/,
    ],
    [
      "a name of the command's own",
      { 'log-level': { type: 'string' } },
      /its option --log-level is one of sennit's own/,
    ],
    [
      "a short form of the command's own",
      { a: { type: 'string', short: 'h' } },
      /its option -h is one of sennit's own/,
    ],
  ])('finds %s', (_what, declared, fault) => {
    expect(faultOf(declared, taken)).toMatch(fault)
  })
})
