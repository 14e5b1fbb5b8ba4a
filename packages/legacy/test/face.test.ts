import { expect, it } from 'vitest'
import * as face from '../src/index.ts'

it('exports exactly its public names', () => {
  expect(Object.keys(face).toSorted()).toEqual([
    'AbstractClient',
    'AbstractServer',
    'MulticastServer',
    'NoConnectorError',
    'ReconnectingClientFactory',
    'RetryOptionError',
    'SSLClient',
    'SSLServer',
    'ServiceNotListeningError',
    'TCPClient',
    'TCPServer',
    'UDPServer',
    'UNIXClient',
    'UNIXDatagramClient',
    'UNIXDatagramServer',
    'UNIXServer',
    'VolatileDataService',
  ])
})

it('LG-18 has no UDPClient and no MulticastClient', () => {
  expect(face).not.toHaveProperty('UDPClient')
  expect(face).not.toHaveProperty('MulticastClient')
})

it.each([
  ['TCPServer', 'AbstractServer'],
  ['UNIXServer', 'AbstractServer'],
  ['SSLServer', 'AbstractServer'],
  ['UDPServer', 'AbstractServer'],
  ['UNIXDatagramServer', 'AbstractServer'],
  ['MulticastServer', 'AbstractServer'],
  ['TCPClient', 'AbstractClient'],
  ['UNIXClient', 'AbstractClient'],
  ['SSLClient', 'AbstractClient'],
  ['UNIXDatagramClient', 'VolatileDataService'],
  ['AbstractServer', 'VolatileDataService'],
  ['AbstractClient', 'VolatileDataService'],
] as const)('%s is a kind of %s', (name, base) => {
  expect(face[name].prototype).toBeInstanceOf(face[base])
})
