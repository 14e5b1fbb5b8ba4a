import { describe, expect, it } from 'vitest'
import { explain, withPlace } from '../src/explain.ts'

describe('explain', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' })

  it.each([
    ['an error', new Error('no database'), 'no database'],
    ['its causes', new Error('no database', { cause: refused }), `no database: ${refused.message}`],
    [
      'causes that say nothing more only once',
      new Error(`app/db: ${refused.message}`, { cause: refused }),
      `app/db: ${refused.message}`,
    ],
    [
      'several errors that have no message together',
      new AggregateError([refused, refused, new Error('other')]),
      `${refused.message}; other`,
    ],
    ['an error without a message by its code', Object.assign(new Error(''), { code: 'EX' }), 'EX'],
    ['an error that says nothing by its name', new RangeError(''), 'RangeError'],
    ['something that is no error', 5, 'A value that is no error was thrown: 5'],
    ['nothing at all', undefined, 'A value that is no error was thrown: undefined'],
  ])('tells %s', (_what, error, text) => {
    expect(explain(error)).toBe(text)
  })

  it('ends when a cause is its own cause', () => {
    const error = new Error('a')
    error.cause = new Error('b', { cause: error })
    expect(explain(error)).toBe('a: b')
  })
})

describe('withPlace', () => {
  function thrownAt(...places: string[]): Error {
    const error = new Error('x')
    error.stack = `Error: x\n${places.map((place) => `    at f (${place})`).join('\n')}`
    return error
  }
  const here = new URL('file://')
  here.pathname = `${process.cwd()}/app.mjs`

  it('tells where in the code of the user it was', () => {
    const error = thrownAt(
      'node:internal/x:1:2',
      'file:///x/node_modules/@sennit/endpoints/dist/x.js:3:4',
      new URL('../src/explain.ts', import.meta.url).href + ':5:6',
      `${here.href}:7:8`,
      'file:///other.mjs:9:1',
    )
    expect(withPlace('wrong', error)).toBe('wrong (app.mjs:7)')
  })

  it('knows the paths of CommonJS, and lets no message pass for one', () => {
    const error = thrownAt(`${process.cwd()}/folder (1)/app.cjs:7:8`)
    error.stack = `Error: cannot open /etc/x:5\n${error.stack}`
    expect(withPlace('wrong', error)).toBe('wrong (folder (1)/app.cjs:7)')
  })

  it('tells where the syntax is wrong', () => {
    const error = new SyntaxError('Unexpected token')
    error.stack = `${here.href}:3\nexport const = 5\n^\n\nSyntaxError: Unexpected token`
    expect(withPlace('wrong', error)).toBe('wrong (app.mjs:3)')
  })

  it.each([
    ['no stack leads there', thrownAt('node:internal/x:1:2')],
    ['there is no stack', Object.assign(new Error('x'), { stack: undefined })],
    ['it is no error', 'x'],
  ])('tells nothing when %s', (_what, error) => {
    expect(withPlace('wrong', error)).toBe('wrong')
  })
})
