import { describe, expect, it } from 'vitest'
import * as client from '../src/index.ts'
import * as internal from '../src/internal.ts'

describe('@sennit/client', () => {
  it('exports exactly these', () => {
    expect(Object.keys(client).toSorted()).toEqual([
      'ClientOptionError',
      'ClientService',
      'ConnectionService',
    ])
  })

  it('shares these with its siblings', () => {
    expect(Object.keys(internal).toSorted()).toEqual([
      'DisconnectFactory',
      'EndpointConnectable',
      'ReconnectingProtocolProxy',
      'noop',
    ])
  })
})
