import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import {
  InheritedStreamServerEndpoint,
  type InheritedSocketChoice,
} from '../src/inherited-stream-server-endpoint.ts'
import { EndpointReactor, RecorderFactory } from './doubles.ts'

function started(): EndpointReactor {
  const reactor = new EndpointReactor()
  reactor.inherited = [
    { fd: 3, name: 'http' },
    { fd: 4, name: 'admin' },
  ]
  return reactor
}

describe('InheritedStreamServerEndpoint', () => {
  it.each([
    [{ index: 0 }, 3],
    [{ index: 1 }, 4],
    [{ name: 'admin' }, 4],
  ])(
    'EP-60 EP-61 takes over the socket %j of those that the process was started with',
    async (choice, fd) => {
      const reactor = started()
      const handler = new RecorderFactory()
      await new InheritedStreamServerEndpoint('INET', choice).listen(handler, { context: { reactor } })
      expect(reactor.adoptedPorts).toMatchObject([{ fd, family: 'INET', handler }])
    },
  )

  it('EP-21 takes it over once, and not again', async () => {
    const reactor = started()
    const endpoint = new InheritedStreamServerEndpoint('INET', { index: 0 }, { reactor })
    await endpoint.listen(new RecorderFactory())
    await expect(endpoint.listen(new RecorderFactory())).rejects.toMatchObject({
      code: 'ERR_SENNIT_ALREADY_LISTENED',
    })
  })

  it.each([
    [{ index: 2 }, /'index' must be below 2, got 2/],
    [{ name: 'smtp' }, /'name' must be one of those that there are \("http", "admin"\), got "smtp"/],
  ])('EP-60 rejects when there is no socket %j', async (choice, message) => {
    const listening = new InheritedStreamServerEndpoint('INET', choice, { reactor: started() }).listen(
      new RecorderFactory(),
    )
    await expect(listening).rejects.toMatchObject({ code: 'ERR_SENNIT_INHERITED_SOCKET' })
    await expect(listening).rejects.toThrow(message)
  })

  it.each([
    [{ index: 0 }, /'index' must be that of a socket \(there is none\), got 0/],
    [{ name: 'http' }, /\(none\), got "http"/],
  ])(
    'EP-61 rejects when the process was started with none, and can try again: %j',
    async (choice, message) => {
      const reactor = new EndpointReactor()
      const endpoint = new InheritedStreamServerEndpoint('INET', choice, { reactor })
      await expect(endpoint.listen(new RecorderFactory())).rejects.toThrow(message)
      reactor.inherited = [{ fd: 3, name: 'http' }]
      await endpoint.listen(new RecorderFactory())
      expect(reactor.adoptedPorts).toHaveLength(1)
    },
  )

  it('EP-60 rejects a name that several have, which can be told apart by their places', async () => {
    const reactor = new EndpointReactor()
    reactor.inherited = ['web', 'admin', 'web'].map((name, i) => ({ fd: 3 + i, name }))
    const listen = (choice: InheritedSocketChoice) =>
      new InheritedStreamServerEndpoint('INET', choice, { reactor }).listen(new RecorderFactory())
    const ambiguous = listen({ name: 'web' })
    await expect(ambiguous).rejects.toMatchObject({ code: 'ERR_SENNIT_INHERITED_SOCKET' })
    await expect(ambiguous).rejects.toThrow(
      /'name' must be that of a single socket, or an 'index' instead, got "web"/,
    )
    expect(reactor.adoptedPorts).toEqual([])
    for (const choice of [{ index: 0 }, { name: 'admin' }, { index: 2 }]) await listen(choice)
    expect(reactor.adoptedPorts.map(({ fd }) => fd)).toEqual([3, 4, 5])
  })

  it('rejects when the reactor knows of no inherited sockets', async () => {
    const endpoint = new InheritedStreamServerEndpoint('INET', { index: 0 }, { reactor: new Clock() })
    await expect(endpoint.listen(new RecorderFactory())).rejects.toMatchObject({
      code: 'ERR_SENNIT_MISSING_ROLE',
      role: 'IInheritedSockets',
    })
  })
})
