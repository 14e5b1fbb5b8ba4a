import { describe, expect, it } from 'vitest'
import { allowedWith, installFaults } from '../src/closure.ts'

const TABLE = {
  interfaces: { layer: 0, uses: [] },
  runtime: { layer: 1, uses: ['interfaces'] },
  backoff: { layer: 2, uses: ['interfaces', 'runtime'] },
  reactor: { layer: 3, uses: ['runtime'], outside: ['node-unix-socket'] },
  cli: { layer: 4, uses: ['runtime'], outside: ['pino'] },
}

const installed = (...names: string[]): { name: string; version: string; hasScript: boolean }[] =>
  names.map((name) => ({ name, version: '1.0.0', hasScript: false }))

describe('allowedWith', () => {
  it('has what a package uses, and what that uses', () => {
    expect([...allowedWith(TABLE, 'backoff')].sort()).toEqual([
      '@sennit/backoff',
      '@sennit/interfaces',
      '@sennit/runtime',
    ])
  })
})

describe('installFaults', () => {
  it('is content with less than a package may bring', () => {
    expect(installFaults(TABLE, 'backoff', installed('@sennit/backoff', '@sennit/runtime'))).toEqual([])
  })

  it('lets only the command bring packages from outside', () => {
    expect(installFaults(TABLE, 'cli', installed('@sennit/cli', 'pino'))).toEqual([])
    expect(installFaults(TABLE, 'reactor', installed('@sennit/reactor', 'node-unix-socket'))).toEqual([
      'node-unix-socket comes with it, which the table of the layers does not allow',
    ])
  })

  it('finds a package that the table does not allow, one that is missing, and one that is there twice', () => {
    expect(
      installFaults(TABLE, 'backoff', installed('@sennit/reactor', '@sennit/runtime', '@sennit/runtime')),
    ).toEqual([
      '@sennit/reactor comes with it, which the table of the layers does not allow',
      'it is not installed',
      '@sennit/runtime is installed twice',
    ])
  })

  it('finds one that runs a script when it is installed', () => {
    expect(
      installFaults(TABLE, 'backoff', [{ name: '@sennit/backoff', version: '1.0.0', hasScript: true }]),
    ).toEqual(['@sennit/backoff runs a script when it is installed'])
  })
})
