import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { UNIXClientEndpoint } from '../src/unix-client-endpoint.ts'
import { EndpointReactor, RecorderFactory } from './doubles.ts'

describe('UNIXClientEndpoint', () => {
  it('EP-19 connects by the reactor with what it was given, and yields the protocol', async () => {
    const reactor = new EndpointReactor()
    const factory = new RecorderFactory()
    const endpoint = new UNIXClientEndpoint('/run/a.sock', { timeout: '5s', checkPID: true, reactor })
    const connecting = endpoint.connect(factory)
    expect(reactor.unixClients).toMatchObject([
      { path: '/run/a.sock', options: { timeout: 5, checkPID: true } },
    ])
    reactor.connectors[0]!.succeed()
    expect(await connecting).toBe(factory.built[0])
  })

  it('EP-19 has 30 s, and looks at no lock, unless told otherwise', () => {
    const reactor = new EndpointReactor()
    const context = { reactor }
    void new UNIXClientEndpoint('/run/a.sock').connect(new RecorderFactory(), { context })
    expect(reactor.unixClients[0]!.options).toEqual({ timeout: 30, checkPID: false, context })
  })

  it('EP-08 rejects with the path when it is cancelled, before and while it connects', async () => {
    const reactor = new EndpointReactor()
    const endpoint = new UNIXClientEndpoint('/run/a.sock', { reactor })
    const cancelled = {
      code: 'ABORT_ERR',
      address: expect.objectContaining({ path: '/run/a.sock' }) as unknown,
    }
    const before = endpoint.connect(new RecorderFactory(), { signal: AbortSignal.abort() })
    await expect(before).rejects.toMatchObject(cancelled)
    expect(reactor.unixClients).toEqual([])
    const controller = new AbortController()
    const connecting = endpoint.connect(new RecorderFactory(), { signal: controller.signal })
    controller.abort()
    await expect(connecting).rejects.toMatchObject(cancelled)
  })

  it('EP-05 rejects when the reactor has no UNIX sockets', async () => {
    const connecting = new UNIXClientEndpoint('/a', { reactor: new Clock() }).connect(new RecorderFactory())
    await expect(connecting).rejects.toMatchObject({ code: 'ERR_SENNIT_MISSING_ROLE', role: 'IReactorUNIX' })
  })

  it('refuses a path that would be cut', () => {
    expect(() => new UNIXClientEndpoint('x'.repeat(108))).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_OPTION', option: 'path' }),
    )
  })
})
