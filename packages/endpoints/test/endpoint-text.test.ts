import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitEndpointFields } from '../src/endpoint-fields.ts'
import { endpointText } from '../src/endpoint-text.ts'
import { anyText } from './doubles.ts'

describe('endpointText', () => {
  it('puts the plain fields before the others, and leaves out what is not there', () => {
    expect(
      endpointText('tcp', ['carbon', 80], { timeout: 1.5, bindAddress: undefined, on: true, off: false }),
    ).toBe('tcp:carbon:80:timeout=1.5:on=1:off=0')
  })

  it.each([
    ['::1', '[::1]'],
    ['a:b=c\\d', String.raw`a\:b\=c\\d`],
    ['[x', String.raw`\[x`],
  ])('writes %j as %s', (value, text) => {
    expect(endpointText('t', [value], { k: value })).toBe(`t:${text}:k=${text}`)
  })

  it('writes a number without an exponent', () => {
    expect(endpointText('t', [], { timeout: 1e-7 })).toBe('t:timeout=0.000000100')
  })

  it('EP-52 EP-48 reads back, whatever the texts are', () => {
    fc.assert(
      fc.property(fc.array(anyText), anyText, (plain, value) => {
        const fields = splitEndpointFields(endpointText('t', plain, { k: value }))
        expect(fields.map((field) => [field.keyword, field.value])).toEqual([
          [undefined, 't'],
          ...plain.map((each) => [undefined, each]),
          ['k', value],
        ])
      }),
    )
  })
})
