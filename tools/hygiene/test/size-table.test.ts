import { describe, expect, it } from 'vitest'
import { withSizes } from '../src/size-table.ts'

describe('withSizes', () => {
  const sizes = [{ name: 'x', alone: 1234, together: 56_789 }]

  it('puts the table in its place, and in the place of an old one', () => {
    const once = withSizes('a\n<!-- sizes -->\n<!-- /sizes -->\nb\n', sizes)
    expect(once).toBe(
      'a\n<!-- sizes -->\n| package | alone, kB | with all that it needs, kB |\n|---|---|---|\n| `@sennit/x` | 1.2 | 56.8 |\n<!-- /sizes -->\nb\n',
    )
    expect(withSizes(once, sizes)).toBe(once)
  })

  it('says where its place should be', () => {
    expect(() => withSizes('no place', sizes)).toThrow('<!-- sizes --> … <!-- /sizes -->')
  })
})
