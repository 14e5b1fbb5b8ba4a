import { expectTypeOf, it } from 'vitest'
import type { ModuleOptions, ModuleValues } from '../src/index.ts'

const options = {
  port: { type: 'string', default: '8080', description: 'where to listen' },
  carbon: { type: 'string' },
  verbose: { type: 'boolean' },
  tag: { type: 'string', multiple: true, default: [] },
} as const satisfies ModuleOptions

it('gives what has a default its value, and the others perhaps', () => {
  type Values = ModuleValues<typeof options>
  expectTypeOf<Values['port']>().toEqualTypeOf<string>()
  expectTypeOf<Values['carbon']>().toEqualTypeOf<string | undefined>()
  expectTypeOf<Values['verbose']>().toEqualTypeOf<boolean | undefined>()
  expectTypeOf<Values['tag']>().toEqualTypeOf<string[]>()
})
