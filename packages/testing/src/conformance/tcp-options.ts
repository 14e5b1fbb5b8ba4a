/**
 * What every reactor takes for an option of TCP.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { ITCPOptions, TCPConnectOptions, TCPListenOptions } from '@sennit/interfaces'
import { ClientFactory, Factory } from '@sennit/protocol'
import { hasRole } from '@sennit/runtime'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import { streamCase } from './stream-case.ts'
import type { StreamSuite } from './stream-scene.ts'
import type { CarriedByTCP } from './tcp.ts'

const HOST = '127.0.0.1'
const REFUSED = { code: 'ERR_SENNIT_REACTOR_OPTION' }

/** The part of the TCP suite that is about options. */
export function tcpOptionConformance(suite: StreamSuite<CarriedByTCP>): void {
  const { kit, role } = suite
  const it = streamCase(suite)

  kit.describe(`${role}: options`, () => {
    it('RX-26 of a port can be meant, or are refused', async ({ made }) => {
      const options: readonly (readonly [TCPListenOptions, refusal: object])[] = [
        [{ interface: '127.0.0.1\0' }, REFUSED],
        [{ backlog: 0 }, REFUSED],
        [{ backlog: 1.5 }, REFUSED],
        [{ maxConnections: -1 }, REFUSED],
        [{ keepAlive: '1s' }, REFUSED],
        [{ idleTimeout: -1 }, { code: 'ERR_SENNIT_DURATION' }],
        [{ drainTimeout: '5 s' as '5s' }, { code: 'ERR_SENNIT_DURATION' }],
      ]
      for (const [each, refusal] of options) {
        await assert.rejects(made.run(made.reactor.listenTCP(0, new Factory(), each)), refusal)
      }
    })

    it('RX-27 of an attempt can be meant, or are refused', async ({ made }) => {
      const calls: readonly (readonly [host: unknown, TCPConnectOptions])[] = [
        ['', {}],
        ['localhost\0.evil.example', {}],
        [undefined, {}],
        [HOST, { bindAddress: 'localhost' }],
        [HOST, { bindAddress: [HOST, -1] }],
        [HOST, { keepAlive: '1s' }],
      ]
      for (const [host, options] of calls) {
        const factory = new ClientFactory()
        factory.doStart = () => assert.fail('it was put to use')
        assert.throws(() => made.reactor.connectTCP(host as string, 1, factory, options), REFUSED)
      }
    })

    it('of a connection can be set, and refused', async (scene) => {
      const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
      await scene.pair(client, server)
      for (const { transport } of [client, server]) {
        assert.ok(hasRole<ITCPOptions>(transport, ['setTcpNoDelay', 'setTcpKeepAlive']))
        transport.setTcpNoDelay(false)
        transport.setTcpNoDelay(true)
        transport.setTcpKeepAlive('1m')
        transport.setTcpKeepAlive(false)
        assert.throws(() => transport.setTcpKeepAlive('1s'), REFUSED)
      }
      client.transport.write(Buffer.from('alive'))
      await scene.made.until(() => server.data.toString() === 'alive')
    })
  })
}
