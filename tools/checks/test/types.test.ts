import { expect, it } from 'vitest'
import { Fixture } from './fixture.ts'

it('lets a clean workspace pass', () => {
  const fixture = new Fixture()
  expect(fixture.run('build')).toEqual({ ok: true, output: expect.any(String) })
  expect(fixture.run('types')).toEqual({ ok: true, output: expect.any(String) })
})

it.each([
  ['a wrong type', `export const two: string = 2\n`, 'TS2322'],
  ['an enum', `export enum Two {\n  a,\n}\n`, 'TS1294'],
  ['an export without its type', `export const two = [1].map(String)\n`, 'TS9010'],
  ['an index that may be absent', `export const two: string = ['a'][1]\n`, 'TS2322'],
  [
    'a type imported as a value',
    `import { NetConnectOpts } from 'node:net'\n\nexport type S = NetConnectOpts\n`,
    'TS1484',
  ],
])('refuses %s in the sources', (_, source, code) => {
  const fixture = new Fixture()
  fixture.write('packages/backoff/src/planted.ts', source)
  expect(fixture.run('build')).toEqual({ ok: false, output: expect.stringContaining(code) })
})

it.each(['planted.test.ts', 'planted.test-d.ts'])('refuses a wrong type in %s', (file) => {
  const fixture = new Fixture()
  const source = `import { expectTypeOf } from 'vitest'\nimport { one } from '../src/index.ts'\n`
  fixture.write(`packages/backoff/test/${file}`, `${source}\nexpectTypeOf(one).toEqualTypeOf<2>()\n`)
  expect(fixture.run('build')).toEqual({ ok: true, output: expect.any(String) })
  expect(fixture.run('types')).toEqual({ ok: false, output: expect.stringContaining(file) })
})
