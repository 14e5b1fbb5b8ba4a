import type { ITCPOptions } from '@sennit/interfaces'
import { hasRole } from '@sennit/runtime'
import { describe, expect, it } from 'vitest'
import { AccumulatingProtocol } from '../../../src/index.ts'
import { clientOf, newWorld, pair, serverOf } from '../world-pair.ts'

const METHODS = ['setTcpNoDelay', 'setTcpKeepAlive'] as const

describe('MemoryTCPTransport', () => {
  it('can be told how to send, and refuses what the real one refuses', async () => {
    const { client, server } = await pair()
    for (const { transport } of [client, server]) {
      if (!hasRole<ITCPOptions>(transport, METHODS)) throw new Error('It has no options of TCP')
      transport.setTcpNoDelay(false)
      transport.setTcpKeepAlive('11s')
      transport.setTcpKeepAlive(false)
      expect(() => transport.setTcpKeepAlive('10s')).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION', option: 'keepAlive' }),
      )
    }
  })

  it('is not there over a UNIX socket', async () => {
    const { world } = newWorld()
    const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
    await world.listenUNIX('/run/app', serverOf(server))
    world.connectUNIX('/run/app', clientOf(client))
    await world.until(() => client.made && server.made)
    for (const { transport } of [client, server]) {
      expect(hasRole<ITCPOptions>(transport, METHODS)).toBe(false)
    }
  })
})
