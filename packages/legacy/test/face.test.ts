import { expect, it } from 'vitest'
import * as face from '../src/index.ts'

it('exports exactly its public names', () => {
  expect(Object.keys(face).toSorted()).toEqual([
    'AbstractClient',
    'AbstractServer',
    'ServiceNotListeningError',
    'TCPClient',
    'TCPServer',
    'UDPServer',
    'VolatileDataService',
  ])
})

it('LG-18 has no UDPClient and no MulticastClient', () => {
  expect(face).not.toHaveProperty('UDPClient')
  expect(face).not.toHaveProperty('MulticastClient')
})

it.each([
  ['TCPServer', 'AbstractServer'],
  ['UDPServer', 'AbstractServer'],
  ['TCPClient', 'AbstractClient'],
  ['AbstractServer', 'VolatileDataService'],
  ['AbstractClient', 'VolatileDataService'],
] as const)('%s is a kind of %s', (name, base) => {
  expect(face[name].prototype).toBeInstanceOf(face[base])
})
