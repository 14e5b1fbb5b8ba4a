import { expect, it } from 'vitest'
import { Fixture } from './fixture.ts'

it('lets a workspace pass in which everything is used', () => {
  expect(new Fixture().run('unused')).toEqual({ ok: true, output: expect.any(String) })
})

it('refuses a file that nobody imports', () => {
  const fixture = new Fixture()
  fixture.write('packages/backoff/src/planted.ts', `export const two: number = 2\n`)
  expect(fixture.run('unused')).toEqual({ ok: false, output: expect.stringContaining('planted.ts') })
})

it('refuses an export that nobody imports', () => {
  const fixture = new Fixture()
  fixture.write(
    'packages/backoff/src/planted.ts',
    `export const two: number = 2\nexport const three: number = 3\n`,
  )
  fixture.write('packages/backoff/src/index.ts', `export { two } from './planted.ts'\n`)
  expect(fixture.run('unused')).toEqual({ ok: false, output: expect.stringContaining('three') })
})

it('refuses a dependency that no file uses', () => {
  const fixture = new Fixture()
  fixture.depend('backoff', 'interfaces')
  expect(fixture.run('unused')).toEqual({ ok: false, output: expect.stringContaining('@sennit/interfaces') })
})
