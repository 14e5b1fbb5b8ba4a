import { describe, expect, it } from 'vitest'
import { clientFromString, serverFromString } from '../src/from-string.ts'
import { clientEndpointTypes, serverEndpointTypes } from '../src/known-types.ts'

const servers: [string, string][] = [
  ['tcp', '80'],
  ['tcp6', '80:interface=[::]'],
  ['tls', '443:privateKey=key.pem'],
  ['ssl', '443:privateKey=server.pem'],
  ['unix', '/run/a.sock'],
  ['systemd', 'domain=INET:index=0'],
  ['fd', '3'],
  ['haproxy', 'tcp:80'],
]
const clients: [string, string][] = [
  ['tcp', 'carbon:80'],
  ['tcp4', 'carbon:80'],
  ['tcp6', 'carbon:80'],
  ['tls', 'carbon:80'],
  ['ssl', 'carbon:80'],
  ['unix', '/run/a.sock'],
]

describe('the built-in types', () => {
  it('EP-78 are there on both sides', () => {
    expect(serverEndpointTypes.names).toEqual(servers.map(([type]) => type))
    expect(clientEndpointTypes.names).toEqual(clients.map(([type]) => type))
  })

  it.each(servers)('EP-66 knows the server %s in any case', (type, rest) => {
    const text = `${type}:${rest}`
    for (const spelling of [type, type.toUpperCase(), type[0]!.toUpperCase() + type.slice(1)]) {
      expect(String(serverFromString(`${spelling}:${rest}`))).toBe(text)
    }
  })

  it.each(clients)('EP-66 knows the client %s in any case', (type, rest) => {
    const text = `${type}:${rest}`
    for (const spelling of [type, type.toUpperCase()]) {
      expect(String(clientFromString(`${spelling}:${rest}`))).toBe(text)
    }
  })
})
