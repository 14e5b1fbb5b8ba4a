import { describe, expect, it } from 'vitest'
import { countArgument, durationArgument, portArgument, textArgument } from '../src/argument-kinds.ts'
import { EndpointArguments, type EndpointReader } from '../src/endpoint-arguments.ts'
import { splitEndpointFields } from '../src/endpoint-fields.ts'

/** Reads no endpoints, but says what it was asked to read. */
const reader: EndpointReader<unknown> = {
  read: (description) => ({ description }),
  readFields: (description, fields) => ({
    description,
    fields: fields.map(({ keyword, value }) => [keyword, value]),
  }),
}

/** The arguments of a string of the type `t`. */
function argumentsOf(description: string): EndpointArguments {
  return new EndpointArguments('t', description, splitEndpointFields(description).slice(1), undefined, reader)
}

describe('EndpointArguments', () => {
  it('hands plain values out in the order of asking', () => {
    const args = argumentsOf('t:1:2')
    expect(args.required('first', textArgument)).toBe('1')
    expect(args.optional('second', textArgument)).toBe('2')
    expect(args.optional('third', textArgument)).toBeUndefined()
    args.finish()
  })

  it('EP-68 names a keyword that differs from what is missing only by its capitals', () => {
    const args = argumentsOf('t:a:privatekey=b')
    args.required('first', textArgument)
    expect(() => args.required('privateKey', textArgument)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX', position: 4 }),
    )
    expect(() => args.required('privateKey', textArgument)).toThrow(/'privateKey', got "privatekey"/)
  })

  it('EP-47 takes a keyword before a plain value, wherever it stands', () => {
    const args = argumentsOf('t:a:second=b:c')
    expect(args.required('first', textArgument)).toBe('a')
    expect(args.required('second', textArgument)).toBe('b')
    expect(args.required('third', textArgument)).toBe('c')
    args.finish()
  })

  it('EP-50 keeps the last of a repeated keyword', () => {
    const args = argumentsOf('t:k=1:k=2')
    expect(args.required('k', textArgument)).toBe('2')
    args.finish()
  })

  it('takes an empty field for an empty value, not for a missing one', () => {
    const args = argumentsOf('t::5')
    expect(args.optional('interface', textArgument)).toBe('')
    expect(args.optional('backlog', countArgument)).toBe(5)
  })

  it('never takes a plain value for an argument that needs its keyword', () => {
    const args = argumentsOf('t:1')
    expect(args.keyword('timeout', durationArgument)).toBeUndefined()
    expect(args.required('port', portArgument)).toBe(1)
    expect(argumentsOf('t:timeout=1.5').keyword('timeout', durationArgument)).toBe(1.5)
  })

  it('EP-68 says which argument is missing, and what it must be', () => {
    expect(() => argumentsOf('t').required('port', portArgument)).toThrow(
      `Cannot read the endpoint string "t": 'port' must be a whole number from 0 to 65535, got nothing (position 1)`,
    )
  })

  it.each([
    ['required', 't:a:x', 'second', 4],
    ['optional', 't:a:second=x', 'second', 11],
    ['keyword', 't:second=x:a', 'second', 9],
  ] as const)(
    'EP-68 names the argument and its position when a %s one is wrong',
    (method, description, name, position) => {
      const args = argumentsOf(description)
      args.required('first', textArgument)
      const read = () => args[method](name, portArgument)
      expect(read).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX', position }))
      expect(read).not.toThrow(/first/)
    },
  )

  it('EP-68 names an argument too many', () => {
    const args = argumentsOf('t:1:2')
    args.required('port', portArgument)
    expect(() => args.finish()).toThrow(
      `Cannot read the endpoint string "t:1:2": 'argument' must be one of those that 't' has (port), got "2" (position 4)`,
    )
  })

  it.each(['prot', '__proto__', 'constructor', 'toString'])(
    'names the unknown keyword %s and the known ones',
    (keyword) => {
      const args = argumentsOf(`t:80:${keyword}=1`)
      args.required('port', portArgument)
      args.keyword('timeout', durationArgument)
      expect(() => args.finish()).toThrow(
        `'keyword' must be one of those that 't' has (port, timeout), got "${keyword}" (position 5)`,
      )
    },
  )

  it('says so when a type takes no arguments at all', () => {
    expect(() => argumentsOf('t:1').finish()).toThrow(/those that 't' has \(none\)/)
  })

  it('EP-62 hands all that is left to what reads endpoints', () => {
    const args = argumentsOf('t:a=1:u:b=2:v:b=3')
    expect(args.keyword('a', textArgument)).toBe('1')
    expect(args.rest()).toEqual({
      description: 't:a=1:u:b=2:v:b=3',
      fields: [
        [undefined, 'u'],
        ['b', '2'],
        [undefined, 'v'],
        ['b', '3'],
      ],
    })
    args.finish()
  })

  it('hands on nothing that was asked for', () => {
    const args = argumentsOf('t:a:k=1:b:k=2')
    expect(args.required('first', textArgument)).toBe('a')
    expect(args.keyword('k', textArgument)).toBe('2')
    expect(args.rest()).toMatchObject({ fields: [[undefined, 'b']] })
  })

  it('EP-75 reads the endpoint that a keyword describes', () => {
    const args = argumentsOf('t:endpoint=u\\:v')
    expect(args.endpoint('endpoint')).toEqual({ description: 'u:v' })
    expect(args.endpoint('other')).toBeUndefined()
    args.finish()
  })

  it('says where an argument is that is wrong beside the others, or is missing', () => {
    const args = argumentsOf('t:ab:k=cd')
    args.required('first', textArgument)
    args.keyword('k', textArgument)
    expect(args.fault('first', 'short', 'ab')).toMatchObject({
      code: 'ERR_SENNIT_ENDPOINT_SYNTAX',
      position: 2,
    })
    expect(args.fault('k', 'short', 'cd')).toMatchObject({ position: 7, expected: 'short' })
    expect(args.fault('other', 'there').message).toMatch(/'other' must be there, got nothing \(position 9\)/)
  })
})
