import { expect, it } from 'vitest'
import { Fixture } from './fixture.ts'

it('refuses to mutate what is no package', () => {
  const { ok, output } = new Fixture().run('mutate')
  expect(output).toContain("Cannot mutate: the first argument must be a folder of packages/, got ''")
  expect(ok).toBe(false)
})
