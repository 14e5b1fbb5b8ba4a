import { describe, expect, it } from 'vitest'
import { ForeignHooks } from '../src/foreign-hooks.ts'
import { Bare } from './kit.ts'

describe('ForeignHooks', () => {
  it('calls the service that it stands for, with what the hook was given, and yields what it yields', () => {
    const given: unknown[] = []
    const journal: string[] = []
    const keep = (options: unknown) => void given.push(options)
    const promise = Promise.resolve()
    const hooks = new ForeignHooks(
      new Bare('x', journal, { privileged: keep, start: keep, stop: () => promise }),
    )
    const options = { signal: new AbortController().signal }
    expect(hooks.onPrivilegedStart(options)).toBeUndefined()
    expect(hooks.onStart(options)).toBeUndefined()
    expect(hooks.onStop(options)).toBe(promise)
    expect(journal).toEqual(['privileged x', 'start x', 'stop x'])
    expect(given).toEqual([options, options])
  })
})
