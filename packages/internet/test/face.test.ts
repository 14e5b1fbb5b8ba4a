import * as backoff from '@sennit/backoff'
import * as client from '@sennit/client'
import * as cooperator from '@sennit/cooperator'
import * as endpoints from '@sennit/endpoints'
import * as legacy from '@sennit/legacy'
import * as timer from '@sennit/timer'
import { expect, it } from 'vitest'
import * as face from '../src/index.ts'

/** `__all__` of the original's module. */
const NAMES = [
  'ClientService',
  'CooperatorService',
  'MulticastServer',
  'SSLClient',
  'SSLServer',
  'StreamServerEndpointService',
  'TCPClient',
  'TCPServer',
  'TimerService',
  'UDPServer',
  'UNIXClient',
  'UNIXDatagramClient',
  'UNIXDatagramServer',
  'UNIXServer',
  'backoffPolicy',
]

it('LG-19 exports exactly the names of the original, LG-18 without UDPClient and MulticastClient', () => {
  expect(Object.keys(face).toSorted()).toEqual(NAMES)
})

it('LG-19 has the very things of the packages', () => {
  const packages: Record<string, unknown> = {
    ...backoff,
    ...client,
    ...cooperator,
    ...endpoints,
    ...legacy,
    ...timer,
  }
  for (const [name, value] of Object.entries(face)) expect(value, name).toBe(packages[name])
})
