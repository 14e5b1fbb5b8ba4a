import { describe, expect, it } from 'vitest'
import { versionsIn } from '../src/catalog.ts'

describe('versionsIn', () => {
  const versionOf = versionsIn(`packages:
  - packages/*

catalog:
  # One line for each.
  '@types/node': 20.19.43
  pg: 8.23.1

catalogs:
  tools:
    pg: 9.0.0
`)

  it('finds the version of a package, with and without a scope', () => {
    expect([versionOf('@types/node'), versionOf('pg')]).toEqual(['20.19.43', '8.23.1'])
  })

  it('knows nothing of others', () => {
    expect(versionOf('tools')).toBeUndefined()
  })
})
