import type { SocketFamily } from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { AdoptedStreamServerEndpoint } from '../src/adopted-stream-server-endpoint.ts'
import { EndpointReactor, RecorderFactory } from './doubles.ts'

describe('AdoptedStreamServerEndpoint', () => {
  it('EP-20 hands the descriptor to the reactor, and yields its port', async () => {
    const reactor = new EndpointReactor()
    const handler = new RecorderFactory()
    const port = await new AdoptedStreamServerEndpoint(7, 'INET6', { reactor }).listen(handler)
    expect(reactor.adoptedPorts).toMatchObject([{ fd: 7, family: 'INET6', handler }])
    expect(port.getHost().toString()).toBe('tcp:[::]:0')
  })

  it('EP-21 RX-30 listens once, and not again', async () => {
    const reactor = new EndpointReactor()
    const endpoint = new AdoptedStreamServerEndpoint(7, 'INET')
    const context = { reactor }
    await endpoint.listen(new RecorderFactory(), { context })
    await expect(endpoint.listen(new RecorderFactory(), { context })).rejects.toMatchObject({
      name: 'AlreadyListened',
      code: 'ERR_SENNIT_ALREADY_LISTENED',
    })
    expect(reactor.adoptedPorts).toHaveLength(1)
  })

  it('EP-21 does not listen again after it has failed', async () => {
    const endpoint = new AdoptedStreamServerEndpoint(7, 'INET', { reactor: new Clock() })
    await expect(endpoint.listen(new RecorderFactory())).rejects.toMatchObject({
      code: 'ERR_SENNIT_MISSING_ROLE',
      role: 'IReactorSocket',
    })
    await expect(endpoint.listen(new RecorderFactory())).rejects.toMatchObject({
      code: 'ERR_SENNIT_ALREADY_LISTENED',
    })
  })

  it.each([
    [-1, 'INET', 'fd'],
    [1.5, 'INET', 'fd'],
    [Number.NaN, 'INET', 'fd'],
    [3, 'inet', 'family'],
    [3, 'IPX', 'family'],
  ])('refuses the descriptor %s of the family %s', (fd, family, option) => {
    expect(() => new AdoptedStreamServerEndpoint(fd, family as SocketFamily)).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_ENDPOINT_OPTION', option }),
    )
  })
})
