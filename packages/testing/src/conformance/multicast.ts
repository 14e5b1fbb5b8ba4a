/**
 * What every reactor does with multicast.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type {
  IListeningPort,
  IMulticastScope,
  IMulticastTransport,
  IReactorMulticast,
  IReactorTime,
  MulticastListenOptions,
} from '@sennit/interfaces'
import { DatagramRecorder, DatagramScene, datagramCase, fact, portOf } from './datagram-scene.ts'
import type { ConformanceKit, Maker, Surroundings } from './kit.ts'

/** What the suite for `IReactorMulticast` is given. */
export interface MulticastSurroundings extends Surroundings {
  readonly reactor: IReactorTime & IReactorMulticast
}

/** The interface that every machine has. */
const LOOPBACK = '127.0.0.1'
const GROUP = '239.255.77.1'
const OTHER_GROUP = '239.255.77.2'
const FAILED = { name: 'MulticastJoinError' }

class Recorder extends DatagramRecorder<IMulticastTransport & IMulticastScope> {}

/** One case's ports. */
class Scene extends DatagramScene<MulticastSurroundings> {
  listen(protocol: Recorder, options: MulticastListenOptions = {}, port = 0): Promise<IListeningPort> {
    return this.opened(
      this.made.reactor.listenMulticast(port, protocol, { context: { log: this.log }, ...options }),
    )
  }

  /** A port that sends to groups by the loopback interface, and one that receives. */
  async pair(): Promise<{ sender: Recorder; receiver: Recorder; port: number }> {
    const [sender, receiver] = [new Recorder(), new Recorder()]
    await this.listen(sender)
    sender.transport.setOutgoingInterface(LOOPBACK)
    return { sender, receiver, port: portOf(await this.listen(receiver)) }
  }

  join(protocol: Recorder, group = GROUP): Promise<void> {
    return this.made.run(protocol.transport.joinGroup(group, LOOPBACK))
  }

  leave(protocol: Recorder, group = GROUP): Promise<void> {
    return this.made.run(protocol.transport.leaveGroup(group, LOOPBACK))
  }
}

/** The suite for the role `IReactorMulticast`. */
export function multicastConformance(kit: ConformanceKit, make: Maker<MulticastSurroundings>): void {
  const it = datagramCase(kit, make, (made, log) => new Scene(made, log))

  kit.describe('IReactorMulticast: listening', () => {
    it('PR-24 RX-29 picks a free port for 0, and starts the protocol', async (scene) => {
      const protocol = new Recorder()
      const port = await scene.listen(protocol)
      assert.ok(portOf(port) > 0)
      assert.deepEqual(protocol.told, ['start'])
      assert.equal(protocol.transport.getHost().port, portOf(port))
    })

    it('PR-31 RX-29 shares a port only when both sides want it', async (scene) => {
      const inUse = { name: 'CannotListenError', code: 'EADDRINUSE' }
      const alone = portOf(await scene.listen(new Recorder()))
      await assert.rejects(scene.listen(new Recorder(), {}, alone), inUse)
      await assert.rejects(scene.listen(new Recorder(), { listenMultiple: true }, alone), inUse)
      const shared = portOf(await scene.listen(new Recorder(), { listenMultiple: true }))
      await assert.rejects(scene.listen(new Recorder(), {}, shared), inUse)
      await scene.listen(new Recorder(), { listenMultiple: true }, shared)
    })

    it('drops and counts what comes to a held port', async (scene) => {
      const [sender, receiver] = [new Recorder(), new Recorder()]
      await scene.listen(sender)
      const held = await scene.listen(receiver, { held: true })
      const to = { host: LOOPBACK, port: portOf(held) }
      sender.transport.write(Buffer.from('early'), to)
      await scene.made.until(() => fact(held, 'dropped') === 1)
      held.serve()
      sender.transport.write(Buffer.from('late'), to)
      await scene.made.until(() => receiver.texts.length > 0)
      assert.deepEqual(receiver.texts, ['late'])
    })

    it('PR-30 stops the protocol before the stop settles', async (scene) => {
      const protocol = new Recorder()
      const port = await scene.listen(protocol)
      await scene.made.run(port.stopListening())
      assert.deepEqual(protocol.told, ['start', 'stop'])
      assert.equal(port.stopListening(), undefined)
    })
  })

  kit.describe('IReactorMulticast: groups', () => {
    it('PR-31 receives what is sent to a group that was joined, until it is left', async (scene) => {
      const { sender, receiver, port } = await scene.pair()
      const to = { host: GROUP, port }
      await scene.join(receiver)
      sender.transport.write(Buffer.from('one'), to)
      await scene.made.until(() => receiver.texts.length === 1)
      await scene.leave(receiver)
      sender.transport.write(Buffer.from('two'), to)
      await scene.made.pass(0.05)
      await scene.join(receiver)
      sender.transport.write(Buffer.from('three'), to)
      await scene.made.until(() => receiver.texts.length > 1)
      assert.deepEqual(receiver.texts, ['one', 'three'])
      assert.equal(receiver.datagrams[0]?.from.port, sender.transport.getHost().port)
    })

    it('PR-31 receives from several groups, and what is sent to itself alone', async (scene) => {
      const { sender, receiver, port } = await scene.pair()
      await scene.join(receiver)
      await scene.join(receiver, OTHER_GROUP)
      for (const host of [GROUP, OTHER_GROUP, LOOPBACK]) {
        sender.transport.write(Buffer.from(host), { host, port })
      }
      await scene.made.until(() => receiver.texts.length === 3)
      assert.deepEqual(receiver.texts, [GROUP, OTHER_GROUP, LOOPBACK])
    })

    it('PR-31 tells every port that shares it and has joined', async (scene) => {
      const [sender, one, other] = [new Recorder(), new Recorder(), new Recorder()]
      await scene.listen(sender)
      sender.transport.setOutgoingInterface(LOOPBACK)
      const port = portOf(await scene.listen(one, { listenMultiple: true }))
      await scene.listen(other, { listenMultiple: true }, port)
      await scene.join(one)
      await scene.join(other)
      sender.transport.write(Buffer.from('to all'), { host: GROUP, port })
      await scene.made.until(() => one.texts.length > 0 && other.texts.length > 0)
      assert.deepEqual([one.texts, other.texts], [['to all'], ['to all']])
    })

    it('PR-31 refuses what is no group, what is no address, and the wrong family', async (scene) => {
      const { receiver } = await scene.pair()
      for (const group of ['127.0.0.1', 'localhost', '', 'ff02::1']) {
        await assert.rejects(scene.join(receiver, group), { ...FAILED, group })
        await assert.rejects(scene.leave(receiver, group), { ...FAILED, group })
      }
      const { transport } = receiver
      await assert.rejects(scene.made.run(transport.joinGroup(GROUP, 'lo0.example')), FAILED)
    })

    it('PR-31 refuses to join twice, to leave what was not joined, and an interface that is not there', async (scene) => {
      const { receiver } = await scene.pair()
      await scene.join(receiver)
      await assert.rejects(scene.join(receiver), { ...FAILED, code: 'EADDRINUSE' })
      await assert.rejects(scene.leave(receiver, OTHER_GROUP), { ...FAILED, code: 'EADDRNOTAVAIL' })
      const away = scene.made.run(receiver.transport.joinGroup(GROUP, '192.0.2.99'))
      await assert.rejects(away, { ...FAILED, code: 'ENODEV', group: GROUP, interface: '192.0.2.99' })
    })

    it('PR-31 joins nothing once it is stopped', async (scene) => {
      const { receiver } = await scene.pair()
      await scene.made.run(receiver.transport.stopListening())
      await assert.rejects(scene.join(receiver), FAILED)
      await assert.rejects(scene.leave(receiver), FAILED)
    })
  })

  kit.describe('IReactorMulticast: sending', () => {
    it('PR-31 has a TTL of 1, which can be set from 0 to 255', async (scene) => {
      const { transport } = (await scene.pair()).sender
      assert.equal(transport.getTTL(), 1)
      for (const ttl of [0, 255, 7]) {
        transport.setTTL(ttl)
        assert.equal(transport.getTTL(), ttl)
      }
      for (const ttl of [-1, 256, 1.5, NaN]) {
        assert.throws(() => transport.setTTL(ttl), { code: 'ERR_SENNIT_REACTOR_OPTION' })
      }
      assert.equal(transport.getTTL(), 7)
    })

    it('PR-31 loops back unless told otherwise', async (scene) => {
      const { transport } = (await scene.pair()).sender
      assert.equal(transport.getLoopbackMode(), true)
      transport.setLoopbackMode(false)
      assert.equal(transport.getLoopbackMode(), false)
      transport.setLoopbackMode(true)
      assert.equal(transport.getLoopbackMode(), true)
    })

    it('PR-31 leaves the interface to the system unless it is set', async (scene) => {
      const sender = new Recorder()
      await scene.listen(sender)
      const { transport } = sender
      assert.equal(transport.getOutgoingInterface(), '')
      transport.setOutgoingInterface(LOOPBACK)
      assert.equal(transport.getOutgoingInterface(), LOOPBACK)
      for (const address of ['192.0.2.99', 'lo0.example', '::1']) {
        assert.throws(() => transport.setOutgoingInterface(address), { code: 'ERR_SENNIT_INVALID_ADDRESS' })
      }
      assert.equal(transport.getOutgoingInterface(), LOOPBACK)
    })
  })
}
