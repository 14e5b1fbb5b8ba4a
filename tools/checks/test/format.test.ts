import { expect, it } from 'vitest'
import { Fixture } from './fixture.ts'

it('refuses a file that is not formatted, and accepts it when it is', () => {
  const fixture = new Fixture()
  const planted = 'packages/backoff/src/planted.ts'
  fixture.write(planted, `export const two: string = "2";\n`)
  const { ok, output } = fixture.run('format:check')
  expect(output).toContain(planted)
  expect(ok).toBe(false)
  fixture.run('format')
  expect(fixture.run('format:check').output).not.toContain(planted)
})
