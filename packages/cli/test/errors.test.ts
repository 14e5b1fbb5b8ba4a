import { describe, expect, it } from 'vitest'
import {
  isUsageError,
  LogFileError,
  ModuleError,
  PluginError,
  StatusError,
  UsageError,
} from '../src/errors.ts'

describe('errors', () => {
  const cause = new Error('why')

  it.each([
    [new ModuleError('a.js', 'no'), 'ModuleError', 'ERR_SENNIT_MODULE', 'Cannot run a.js: no'],
    [new UsageError('no'), 'UsageError', 'ERR_SENNIT_USAGE', 'no'],
    [
      new PluginError('./a.js', '/p.json', 'no'),
      'PluginError',
      'ERR_SENNIT_PLUGIN',
      'Cannot use the plugin ./a.js of /p.json: no',
    ],
    [
      new StatusError('tcp:1', 'no'),
      'StatusError',
      'ERR_SENNIT_STATUS',
      'Cannot read the status of tcp:1: no',
    ],
    [
      new LogFileError('/x', { cause }),
      'LogFileError',
      'ERR_SENNIT_LOG_FILE',
      'Cannot write the log to /x: why',
    ],
  ])('have a name, a code and a message: %s', (error, name, code, message) => {
    expect(error).toMatchObject({ name, code, message })
  })

  it('keep what they are about', () => {
    expect(new ModuleError('a.js', 'no', { cause })).toMatchObject({ file: 'a.js', cause })
    expect(new PluginError('x', 'm', 'no')).toMatchObject({ plugin: 'x' })
    expect(new StatusError('a', 'no')).toMatchObject({ address: 'a' })
  })

  it('tell a usage error by its code', () => {
    expect(isUsageError(new UsageError('x'))).toBe(true)
    expect(isUsageError(Object.assign(new Error('x'), { code: 'ERR_SENNIT_USAGE' }))).toBe(true)
    for (const other of [new Error('x'), { code: 'ERR_SENNIT_USAGE' }, undefined, null, 5])
      expect(isUsageError(other)).toBe(false)
  })
})
