import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { UNIXServerEndpoint } from '../src/unix-server-endpoint.ts'
import { EndpointReactor, RecorderFactory } from './doubles.ts'

describe('UNIXServerEndpoint', () => {
  it('EP-19 listens by the reactor with what it was given', async () => {
    const reactor = new EndpointReactor()
    const handler = new RecorderFactory()
    const endpoint = new UNIXServerEndpoint('/run/a.sock', {
      mode: 0o600,
      backlog: 7,
      wantPID: true,
      reactor,
    })
    const port = await endpoint.listen(handler, { maxConnections: 3 })
    expect(reactor.unixServers).toMatchObject([
      {
        path: '/run/a.sock',
        handler,
        options: { mode: 0o600, backlog: 7, wantPID: true, maxConnections: 3 },
      },
    ])
    expect(port.getHost()).toMatchObject({ path: '/run/a.sock' })
  })

  it('EP-19 leaves the mode to the reactor, and takes no lock, unless told otherwise', async () => {
    const reactor = new EndpointReactor()
    await new UNIXServerEndpoint('/run/a.sock').listen(new RecorderFactory(), { context: { reactor } })
    expect(reactor.unixServers[0]!.options).toEqual({ context: { reactor } })
  })

  it('takes the options of listen first', async () => {
    const reactor = new EndpointReactor()
    const endpoint = new UNIXServerEndpoint('/run/a.sock', { mode: 0o600, backlog: 7, reactor })
    await endpoint.listen(new RecorderFactory(), { mode: 0o640, backlog: 9, wantPID: true })
    expect(reactor.unixServers[0]!.options).toEqual({ mode: 0o640, backlog: 9, wantPID: true })
  })

  it('EP-02 rejects when the reactor has no UNIX sockets', async () => {
    const listening = new UNIXServerEndpoint('/run/a.sock', { reactor: new Clock() }).listen(
      new RecorderFactory(),
    )
    await expect(listening).rejects.toMatchObject({ code: 'ERR_SENNIT_MISSING_ROLE', role: 'IReactorUNIX' })
  })

  it.each([
    ['no path', '', {}, 'path'],
    ['a path that is cut', 'x'.repeat(108), {}, 'path'],
    ['a path that is cut, in bytes', 'é'.repeat(54), {}, 'path'],
    ['a path with a NUL', 'a\0b', {}, 'path'],
    ['a path that is no text', 7 as unknown as string, {}, 'path'],
    ['a mode beyond the last', '/a', { mode: 0o1000 }, 'mode'],
    ['a mode that is no whole number', '/a', { mode: 1.5 }, 'mode'],
  ])('refuses %s', (_what, path, options, option) => {
    expect(() => new UNIXServerEndpoint(path, options)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_OPTION', option }),
    )
  })
})
