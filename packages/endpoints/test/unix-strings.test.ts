import { describe, expect, it } from 'vitest'
import { clientFromString, serverFromString } from '../src/from-string.ts'
import { EndpointReactor, RecorderFactory } from './doubles.ts'

const none = undefined

describe('unix', () => {
  it.each<[string, string, unknown[]]>([
    ['unix:/run/a.sock', '/run/a.sock', [none, none, true]],
    ['unix:address=/run/a.sock', '/run/a.sock', [none, none, true]],
    ['unix:/run/a.sock:mode=600', '/run/a.sock', [0o600, none, true]],
    ['unix:/run/a.sock:0777:7:0', '/run/a.sock', [0o777, 7, false]],
    ['unix:/run/a.sock:lockfile=0:backlog=7', '/run/a.sock', [none, 7, false]],
    ['unix:/run/a.sock:lockfile=1', '/run/a.sock', [none, none, true]],
    [String.raw`UNIX:/run/a\:b\=c`, '/run/a:b=c', [none, none, true]],
  ])('EP-54 listens at %s', async (description, path, expected) => {
    const reactor = new EndpointReactor()
    await serverFromString(description, { reactor }).listen(new RecorderFactory())
    const [server] = reactor.unixServers
    const { mode, backlog, wantPID } = server!.options
    expect([server!.path, mode, backlog, wantPID]).toEqual([path, ...expected])
  })

  it.each<[string, string, unknown[]]>([
    ['unix:/run/a.sock', '/run/a.sock', [30, false]],
    ['unix:path=/run/a.sock', '/run/a.sock', [30, false]],
    ['unix:/run/a.sock:lockfile=1:timeout=5', '/run/a.sock', [5, true]],
    ['unix:lockfile=0:timeout=500ms:path=/run/a.sock', '/run/a.sock', [0.5, false]],
  ])('EP-74 connects to %s', (description, path, expected) => {
    const reactor = new EndpointReactor()
    void clientFromString(description, { reactor }).connect(new RecorderFactory())
    const [client] = reactor.unixClients
    expect([client!.path, client!.options.timeout, client!.options.checkPID]).toEqual([path, ...expected])
  })

  it.each<[string, number, RegExp]>([
    ['unix', 4, /'address' must be a path of 1 to 107 bytes, without NUL characters, got nothing/],
    ['unix:', 5, /'address' .*, got ""/],
    [`unix:${'x'.repeat(108)}`, 5, /'address'/],
    ['unix:/a:mode=888', 13, /'mode' must be a mode in octal digits, from 0 to 777, got "888"/],
    ['unix:/a:mode=rw', 13, /'mode'/],
    ['unix:/a:mode=1777', 13, /'mode'/],
    ['unix:/a:lockfile=yes', 17, /'lockfile' must be 0 or 1/],
    [
      'unix:/a:wantPID=1',
      8,
      /'keyword' must be one of those that 'unix' has \(address, mode, backlog, lockfile\)/,
    ],
  ])('EP-68 refuses the server %j at position %i', (description, position, message) => {
    const read = () => serverFromString(description)
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX', position }))
    expect(read).toThrow(message)
  })

  it.each<[string, number, RegExp]>([
    ['unix', 4, /'path' .*, got nothing/],
    ['unix:/a:5', 8, /'argument' must be one of those that 'unix' has \(path, lockfile, timeout\)/],
    ['unix:/a:timeout=soon', 16, /'timeout' must be seconds/],
  ])('EP-68 refuses the client %j at position %i', (description, position, message) => {
    const read = () => clientFromString(description)
    expect(read).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_SYNTAX', position }))
    expect(read).toThrow(message)
  })
})
