/**
 * What every reactor does with hosts and ports.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { IHostPort } from '@sennit/interfaces'
import { Factory } from '@sennit/protocol'
import { AccumulatingProtocol } from '../accumulating-protocol.ts'
import { streamCase } from './stream-case.ts'
import { ClientKeeper, codeOf, Keeper, type StreamSuite } from './stream-scene.ts'
import type { CarriedByTCP } from './tcp.ts'

const HOST = '127.0.0.1'

const newClient = () => new ClientKeeper(() => new AccumulatingProtocol())
const newServer = () => new Keeper(() => new AccumulatingProtocol())

/** The part of the TCP suite that is about addresses. */
export function tcpAddressConformance(suite: StreamSuite<CarriedByTCP>): void {
  const { kit, role } = suite
  const it = streamCase(suite)

  kit.describe(`${role}: the address of a port`, () => {
    it('PR-24 RX-26 is a free port for 0', async (scene) => {
      const [one, other] = [await scene.listen(new Factory()), await scene.listen(new Factory())]
      const [first, second] = [one.getHost() as IHostPort, other.getHost() as IHostPort]
      assert.ok(first.port > 0)
      assert.notEqual(first.port, second.port)
      assert.equal(first.host, HOST)
      assert.equal(first.type, 'TCP')
    })

    it('PR-22 RX-26 is in the error about a busy one', async (scene) => {
      const port = await scene.listen(new Factory())
      await assert.rejects(scene.listen(new Factory(), {}, port.getHost()), {
        name: 'CannotListenError',
        code: 'EADDRINUSE',
        interface: HOST,
        port: (port.getHost() as IHostPort).port,
      })
    })

    it('RX-26 must be its own', async ({ made }) => {
      await assert.rejects(made.run(made.reactor.listenTCP(0, new Factory(), { interface: '192.0.2.1' })), {
        name: 'CannotListenError',
        code: 'EADDRNOTAVAIL',
      })
    })

    it('RX-26 must be an address', async ({ made }) => {
      await assert.rejects(made.run(made.reactor.listenTCP(0, new Factory(), { interface: 'localhost' })), {
        code: 'ERR_SENNIT_REACTOR_OPTION',
      })
    })

    it('RX-26 must be a port', async ({ made }) => {
      for (const port of [-1, 65536, 1.5, Number.NaN, '80']) {
        await assert.rejects(made.run(made.reactor.listenTCP(port as number, new Factory())), {
          code: 'ERR_SENNIT_REACTOR_OPTION',
        })
      }
    })

    it('RX-26 is of IPv6 when the interface is', async (scene) => {
      const { hasIPv6, reactor } = scene.made
      if (hasIPv6 === false) return
      const server = newServer()
      const port = await scene.keep(reactor.listenTCP(0, server, { interface: '::1' }))
      const client = newClient()
      const connector = scene.connect(port, client)
      await scene.made.until(() => server.built.length === 1 && client.built.length === 1)
      assert.equal((client.first.transport.getPeer() as IHostPort).host, '::1')
      connector.disconnect()
    })
  })

  kit.describe(`${role}: the addresses of a connection`, () => {
    it('are known to both sides', async (scene) => {
      const [client, server] = [new AccumulatingProtocol(), new AccumulatingProtocol()]
      const { port } = await scene.pair(client, server)
      const at = (address: object) => {
        const { type, host, port: number } = address as IHostPort
        return `${type} ${host} ${number}`
      }
      assert.equal(at(client.transport.getPeer()), at(port.getHost()))
      assert.equal(at(client.transport.getPeer()), at(server.transport.getHost()))
      assert.equal(at(client.transport.getHost()), at(server.transport.getPeer()))
    })

    it('PR-06 ER-02 are in the error of a refused attempt, with what the system says', async (scene) => {
      const unused = (await scene.unused()) as IHostPort
      const client = newClient()
      scene.connect(unused, client)
      await scene.made.until(() => client.failure !== undefined)
      const { name, code, syscall, address, port } = client.failure as Error & Record<string, unknown>
      const wanted = { code: 'ECONNREFUSED', syscall: 'connect', address: HOST, port: unused.port }
      assert.deepEqual({ name, code, syscall, address, port }, { name: 'ConnectionRefusedError', ...wanted })
    })

    it('RX-27 are not found by the name of a service', async ({ made }) => {
      assert.throws(() => made.reactor.connectTCP(HOST, 'http' as unknown as number, newClient()), {
        code: 'ERR_SENNIT_SERVICE_NAME',
      })
    })

    it('RX-27 have ports', async ({ made }) => {
      for (const port of [-1, 65536, 1.5]) {
        assert.throws(() => made.reactor.connectTCP(HOST, port, newClient()), {
          code: 'ERR_SENNIT_REACTOR_OPTION',
        })
      }
    })

    it('RX-27 begin where the client was told to', async (scene) => {
      const server = newServer()
      const { port } = (await scene.listen(server)).getHost() as IHostPort
      const connector = scene.made.reactor.connectTCP(HOST, port, newClient(), { bindAddress: '127.0.0.2' })
      await scene.made.until(() => server.built[0]?.made === true)
      assert.equal((server.first.transport.getPeer() as IHostPort).host, '127.0.0.2')
      connector.disconnect()
    })

    it('RX-27 must be its own', async (scene) => {
      const client = newClient()
      const { port } = (await scene.listen(newServer())).getHost() as IHostPort
      scene.made.reactor.connectTCP(HOST, port, client, { bindAddress: '192.0.2.1' })
      await scene.made.until(() => client.failure !== undefined)
      assert.equal(client.failure?.name, 'ConnectBindError')
      assert.equal(codeOf(client.failure), 'EADDRNOTAVAIL')
    })
  })

  kit.describe(`${role}: an address that does not answer`, () => {
    it('PR-08 is given up after the timeout', async ({ made }) => {
      const { silent, reactor } = made
      const client = newClient()
      const start = reactor.seconds()
      reactor.connectTCP(silent.host, silent.port, client, { timeout: 0.1 })
      await made.until(() => client.failure !== undefined)
      assert.ok(reactor.seconds() - start >= 0.1 - 1e-9)
      assert.equal(client.failure?.name, 'ConnectionTimeoutError')
      assert.equal(codeOf(client.failure), 'ETIMEDOUT')
    })
  })
}
