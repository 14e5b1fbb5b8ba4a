import type { ConnectionHandler, StreamListenOptions } from '@sennit/interfaces'
import { MemoryReactorClock } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { TCP4ServerEndpoint } from '../src/tcp-server-endpoint.ts'
import { WrapperServerEndpoint } from '../src/wrapper-server-endpoint.ts'
import { RecorderFactory } from './doubles.ts'

describe('WrapperServerEndpoint', () => {
  it('EP-46 hands the wrapping handler to the endpoint inside, and returns its port unchanged', async () => {
    const reactor = new MemoryReactorClock()
    const given: [ConnectionHandler, StreamListenOptions][] = []
    const outer = new RecorderFactory()
    const endpoint = new WrapperServerEndpoint(
      new TCP4ServerEndpoint(80, { reactor }),
      (handler, options) => {
        given.push([handler, options])
        return outer
      },
    )
    const handler = new RecorderFactory()
    const options = { maxConnections: 3 }
    const port = await endpoint.listen(handler, options)
    expect(given).toEqual([[handler, options]])
    expect(reactor.tcpServers).toMatchObject([{ handler: outer, options: { maxConnections: 3 } }])
    expect(port).toBe(reactor.tcpServers[0]!.listeningPort)
    await endpoint.listen(handler)
    expect(given[1]).toEqual([handler, {}])
  })

  it('EP-02 rejects, and never throws, when the wrapping does', async () => {
    const error = new Error('boom')
    const endpoint = new WrapperServerEndpoint(new TCP4ServerEndpoint(80), () => {
      throw error
    })
    await expect(endpoint.listen(new RecorderFactory())).rejects.toBe(error)
  })
})
