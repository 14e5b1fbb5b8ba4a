import { describe, expect, it } from 'vitest'
import * as client from '../src/index.ts'

describe('@sennit/client', () => {
  it('exports exactly these', () => {
    expect(Object.keys(client).toSorted()).toEqual([
      'ClientOptionError',
      'ClientService',
      'ConnectionService',
    ])
  })
})
