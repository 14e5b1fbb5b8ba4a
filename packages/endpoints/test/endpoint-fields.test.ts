import { describe, expect, it } from 'vitest'
import { LONGEST_DESCRIPTION, quoteStringArgument, splitEndpointFields } from '../src/endpoint-fields.ts'
import { EndpointSyntaxError } from '../src/errors.ts'

/** The fields in short: a plain value is a string, a keyword a pair. */
function short(description: string): (string | [string, string])[] {
  return splitEndpointFields(description).map(({ keyword, value }) =>
    keyword === undefined ? value : [keyword, value],
  )
}

function faultOf(description: string): EndpointSyntaxError {
  try {
    splitEndpointFields(description)
  } catch (error) {
    expect(error).toBeInstanceOf(EndpointSyntaxError)
    return error as EndpointSyntaxError
  }
  throw new Error(`No error for ${description}`)
}

describe('splitEndpointFields', () => {
  it.each<[string, string, ReturnType<typeof short>]>([
    ['EP-47 splits at colons', 'tcp:80:lo', ['tcp', '80', 'lo']],
    ['EP-47 takes a field with = for a keyword', 'tcp:port=80', ['tcp', ['port', '80']]],
    ['EP-47 lets keywords and plain values mix', 'a:b:d=1:c', ['a', 'b', ['d', '1'], 'c']],
    ['EP-48 takes an escaped colon literally', String.raw`a\:b:c`, ['a:b', 'c']],
    ['EP-48 takes an escaped = literally', String.raw`a\=b`, ['a=b']],
    ['EP-48 takes an escaped backslash literally', String.raw`a\\:b`, ['a\\', 'b']],
    ['EP-48 takes any other escaped character literally', String.raw`\a\b:\c`, ['ab', 'c']],
    ['EP-48 takes escapes in keywords literally', String.raw`k\:\=\\=v`, [['k:=\\', 'v']]],
    ['EP-48 takes escapes in values of keywords literally', String.raw`k=\:v\\`, [['k', ':v\\']]],
    ['EP-49 splits at the first = only', 'k=a=b==', [['k', 'a=b==']]],
    ['EP-50 keeps empty fields', ':a::b:', ['', 'a', '', 'b', '']],
    ['EP-50 keeps the only, empty field', '', ['']],
    ['EP-50 keeps an empty value of a keyword', 'k=:a', [['k', ''], 'a']],
    [
      'EP-50 keeps both of a repeated keyword',
      'k=1:k=2',
      [
        ['k', '1'],
        ['k', '2'],
      ],
    ],
    ['reads an IPv6 address in brackets', 'tcp:[2001:db8::7]:80', ['tcp', '2001:db8::7', '80']],
    ['reads an IPv6 address in brackets after a keyword', 'i=[::1]', [['i', '::1']]],
    ['reads a scoped IPv6 address', '[fe80::1%eth0]:1', ['fe80::1%eth0', '1']],
    ['takes a bracket inside a value literally', 'a[b]', ['a[b]']],
    ['takes an escaped bracket literally', String.raw`\[b]`, ['[b]']],
    ['keeps characters beyond ASCII', 'tcp:büro:😀', ['tcp', 'büro', '😀']],
    ['keeps an escaped character beyond the basic plane', String.raw`a\😀b`, ['a😀b']],
  ])('%s', (_title, description, fields) => {
    expect(short(description)).toEqual(fields)
  })

  it('tells where fields and values begin', () => {
    expect(splitEndpointFields(String.raw`t\:cp:port=[::1]:x`)).toEqual([
      { keyword: undefined, value: 't:cp', position: 0, valuePosition: 0 },
      { keyword: 'port', value: '::1', position: 6, valuePosition: 11 },
      { keyword: undefined, value: 'x', position: 17, valuePosition: 17 },
    ])
  })

  it.each<[string, string, number, RegExp]>([
    ['EP-51 refuses a lone backslash at the end', 'tcp:80\\', 6, /a backslash and a character/],
    ['EP-51 refuses a lone backslash after a keyword', 'tcp:a=\\', 6, /a backslash and a character/],
    ['refuses a keyword without a name', 'tcp:=80', 4, /a name before the '='/],
    ['refuses a bracket that is not closed', 'tcp:[::1:80', 4, /closed by a ']'/],
    ['refuses brackets around a name', 'tcp:[host]:80', 5, /an IPv6 address in brackets/],
    ['refuses brackets around an IPv4 address', 'tcp:[127.0.0.1]:80', 5, /an IPv6 address in brackets/],
    ['refuses what follows a bracket', 'tcp:[::1]80', 9, /followed by ':' or by the end/],
    ['refuses a keyword in brackets', '[::1]=80', 5, /followed by ':' or by the end/],
  ])('%s', (_title, description, position, expected) => {
    const error = faultOf(description)
    expect(error.code).toBe('ERR_SENNIT_ENDPOINT_SYNTAX')
    expect(error.position).toBe(position)
    expect(error.expected).toMatch(expected)
    expect(error.message).toContain(`(position ${position})`)
    expect(error.description).toBe(description)
  })

  it('refuses what is no string', () => {
    expect(() => splitEndpointFields(80 as unknown as string)).toThrow(
      `Cannot read the endpoint string "80": 'description' must be a string, got "80" (position 0)`,
    )
  })

  it('takes 4096 characters and no more', () => {
    const longest = 'a'.repeat(LONGEST_DESCRIPTION)
    expect(LONGEST_DESCRIPTION).toBe(4096)
    expect(short(longest)).toEqual([longest])
    const error = faultOf(`${longest}a`)
    expect(error.position).toBe(4096)
    expect(error.message.length).toBeLessThan(400)
  })

  it('gives fields or a typed error for any junk', () => {
    const alphabet = ['a', '7', ':', '=', '\\', '[', ']', '::1', '\0', ' ', 'é', '\u{d800}']
    let state = 1
    const random = (below: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    let refused = 0
    for (let run = 0; run < 5000; run++) {
      const text = Array.from({ length: random(12) }, () => alphabet[random(alphabet.length)]).join('')
      try {
        for (const field of splitEndpointFields(text)) {
          expect(field.position).toBeLessThanOrEqual(field.valuePosition)
          expect(field.valuePosition).toBeLessThanOrEqual(text.length)
        }
      } catch (error) {
        if (!(error instanceof EndpointSyntaxError)) throw error
        expect(error.position).toBeLessThanOrEqual(text.length)
        refused++
      }
    }
    expect(refused).toBeGreaterThan(500)
    expect(refused).toBeLessThan(4500)
  })
})

describe('quoteStringArgument', () => {
  it.each([
    ['EP-52 escapes backslashes and colons', String.raw`a\b:c`, String.raw`a\\b\:c`],
    ['EP-52 escapes =, so that a plain value stays one', 'a=b', String.raw`a\=b`],
    ['EP-52 escapes a bracket at the beginning', '[::1]', String.raw`\[\:\:1]`],
    ['EP-52 leaves other characters alone', '/run/a[1] é', '/run/a[1] é'],
  ])('%s', (_title, argument, quoted) => {
    expect(quoteStringArgument(argument)).toBe(quoted)
  })

  it.each(['', 'a', 'a:b=c\\', '[x]', '=', '\\', ':::', 'C:\\socket', '[::1]'])(
    'EP-52 makes %j come back as it was, as a plain value and after a keyword',
    (argument) => {
      const quoted = quoteStringArgument(argument)
      expect(short(`unix:${quoted}:k=${quoted}`)).toEqual(['unix', argument, ['k', argument]])
    },
  )
})
