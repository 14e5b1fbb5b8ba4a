/**
 * What every reactor does with UDP sockets that somebody else has bound.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type { IListeningPort, SocketFamily, UDPListenOptions } from '@sennit/interfaces'
import type { AdoptSurroundings } from './adopt.ts'
import { DatagramRecorder, DatagramScene, datagramCase, fact, portOf } from './datagram-scene.ts'
import type { ConformanceKit, Maker } from './kit.ts'

const HOST = '127.0.0.1'

/** One case's ports. */
class Scene extends DatagramScene<AdoptSurroundings> {
  adopt(
    fd: number,
    protocol: DatagramRecorder = new DatagramRecorder(),
    options: Omit<UDPListenOptions, 'interface'> = {},
    family: SocketFamily = 'INET',
  ): Promise<IListeningPort> {
    const { reactor } = this.made
    return this.opened(
      reactor.adoptDatagramPort(fd, family, protocol, { context: { log: this.log }, ...options }),
    )
  }

  open(): Promise<number> {
    return this.made.run(this.made.openUDP())
  }

  /** A port that is not adopted. */
  async other(): Promise<DatagramRecorder> {
    const protocol = new DatagramRecorder()
    await this.opened(this.made.reactor.listenUDP(0, protocol, { interface: HOST }))
    return protocol
  }
}

/** The suite for the role `IReactorSocket`, as far as it is about datagrams. */
export function adoptDatagramConformance(kit: ConformanceKit, make: Maker<AdoptSurroundings>): void {
  const it = datagramCase(kit, make, (made, log) => new Scene(made, log))

  kit.describe('IReactorSocket: a port for datagrams', () => {
    it('RX-30 receives and sends, until it stops', async (scene) => {
      const [protocol, other] = [new DatagramRecorder(), await scene.other()]
      const port = await scene.adopt(await scene.open(), protocol)
      assert.deepEqual(protocol.told, ['start'])
      protocol.onDatagram = (text, from) => protocol.transport.write(Buffer.from(`re: ${text}`), from)
      other.transport.write(Buffer.from('hi'), { host: HOST, port: portOf(port) })
      await scene.made.until(() => other.texts.length === 1)
      assert.deepEqual([protocol.texts, other.texts], [['hi'], ['re: hi']])
      assert.equal(other.datagrams[0]!.from.port, portOf(port))
      await scene.made.run(port.stopListening())
      assert.deepEqual(protocol.told, ['start', 'stop'])
      assert.equal(port.stopListening(), undefined)
    })

    it('RX-30 can be held, and drops and counts what comes then, or is too long', async (scene) => {
      const [protocol, other] = [new DatagramRecorder(), await scene.other()]
      const port = await scene.adopt(await scene.open(), protocol, { held: true, maxPacketSize: 4 })
      const to = { host: HOST, port: portOf(port) }
      other.transport.write(Buffer.from('held'), to)
      await scene.made.until(() => fact(port, 'dropped') === 1)
      port.serve()
      for (const text of ['12345', '1234']) other.transport.write(Buffer.from(text), to)
      await scene.made.until(() => protocol.texts.length === 1)
      assert.deepEqual([protocol.texts, fact(port, 'dropped')], [['1234'], 2])
    })

    it('RX-30 is not taken when it is of another family, or of one that cannot be used', async (scene) => {
      const fd = await scene.open()
      for (const family of ['INET6', 'UNIX', 'AX25'] as SocketFamily[]) {
        await assert.rejects(scene.adopt(fd, undefined, {}, family), {
          name: 'UnsupportedAddressFamily',
          code: 'ERR_SENNIT_ADDRESS_FAMILY',
        })
      }
      await scene.adopt(fd)
    })

    it('RX-30 fault 50: is not taken when it is for streams, or not there', async (scene) => {
      const { made } = scene
      const { fd } = await made.run(made.open('INET'))
      await assert.rejects(scene.adopt(fd), { name: 'UnsupportedSocketType', code: 'ERR_SENNIT_SOCKET_TYPE' })
      await assert.rejects(scene.adopt(made.unused), { code: 'ERR_SENNIT_REACTOR_OPTION', option: 'fd' })
    })
  })
}
