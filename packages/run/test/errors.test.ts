import { describe, expect, it } from 'vitest'
import { ExitError } from '../src/index.ts'

describe('ExitError', () => {
  it.each([0, 3, 255])('CK-15 asks for the exit code %d', (exitCode) => {
    const cause = new Error('why')
    expect(new ExitError(exitCode, { cause })).toMatchObject({
      name: 'ExitError',
      code: 'ERR_SENNIT_EXIT',
      exitCode,
      cause,
    })
  })

  it.each([-1, 256, 1.5, '1', undefined])('refuses %j', (exitCode) => {
    expect(() => new ExitError(exitCode as number)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_RUN_OPTION', option: 'exitCode' }),
    )
  })
})
