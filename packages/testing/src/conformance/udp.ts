/**
 * What every reactor does with UDP.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type {
  IHostPort,
  IListeningPort,
  IReactorTime,
  IReactorUDP,
  IUDPTransport,
  UDPListenOptions,
} from '@sennit/interfaces'
import type { DatagramProtocol } from '@sennit/protocol'
import { DatagramRecorder, DatagramScene, datagramCase, fact, portOf } from './datagram-scene.ts'
import type { ConformanceKit, Maker, Surroundings } from './kit.ts'

/** What the suite for `IReactorUDP` is given. */
export interface UDPSurroundings extends Surroundings {
  readonly reactor: IReactorTime & IReactorUDP
}

const HOST = '127.0.0.1'

type Recorder = DatagramRecorder
const Recorder = DatagramRecorder<IUDPTransport>

/** One case's ports. */
class Scene extends DatagramScene<UDPSurroundings> {
  listen(protocol: DatagramProtocol, options: UDPListenOptions = {}, port = 0): Promise<IListeningPort> {
    const context = { log: this.log }
    return this.opened(this.made.reactor.listenUDP(port, protocol, { interface: HOST, context, ...options }))
  }

  /** Two ports. */
  async pair(): Promise<{ one: Recorder; other: Recorder; to: { host: string; port: number } }> {
    const [one, other] = [new Recorder(), new Recorder()]
    await this.listen(one)
    const port = await this.listen(other)
    return { one, other, to: { host: HOST, port: portOf(port) } }
  }
}

/** The suite for the role `IReactorUDP`. */
export function udpConformance(kit: ConformanceKit, make: Maker<UDPSurroundings>): void {
  const it = datagramCase(kit, make, (made, log) => new Scene(made, log))

  kit.describe('IReactorUDP: listening', () => {
    it('PR-24 RX-29 picks a free port for 0, and says which', async (scene) => {
      const port = await scene.listen(new Recorder())
      const { type, host, port: number } = port.getHost() as IHostPort
      assert.deepEqual({ type, host }, { type: 'UDP', host: HOST })
      assert.ok(number > 0)
    })

    it('RX-29 starts the protocol with its transport', async (scene) => {
      const protocol = new Recorder()
      const port = await scene.listen(protocol)
      assert.deepEqual(protocol.told, ['start'])
      assert.equal(protocol.transport.getHost().port, portOf(port))
    })

    it('PR-22 RX-29 refuses a busy port', async (scene) => {
      const port = portOf(await scene.listen(new Recorder()))
      const late = new Recorder()
      await assert.rejects(scene.listen(late, {}, port), {
        name: 'CannotListenError',
        code: 'EADDRINUSE',
        port,
      })
      assert.deepEqual(late.told, [])
    })

    it('RX-29 refuses what is no port and what is no address', async (scene) => {
      for (const port of [-1, 65536, 1.5]) {
        await assert.rejects(scene.listen(new Recorder(), {}, port), { code: 'ERR_SENNIT_REACTOR_OPTION' })
      }
      await assert.rejects(scene.listen(new Recorder(), { interface: 'localhost' }), {
        code: 'ERR_SENNIT_REACTOR_OPTION',
      })
    })

    it('PR-30 stops the protocol before the stop settles; a second stop joins', async (scene) => {
      const protocol = new Recorder()
      const port = await scene.listen(protocol)
      const first = port.stopListening()
      const second = port.stopListening()
      assert.ok(first instanceof Promise && second instanceof Promise)
      await scene.made.run(first)
      assert.deepEqual(protocol.told, ['start', 'stop'])
      await scene.made.run(second)
      assert.equal(port.stopListening(), undefined)
      await scene.listen(new Recorder(), {}, portOf(port))
    })

    it('PR-30 can be stopped by the protocol', async (scene) => {
      const { one, other, to } = await scene.pair()
      let stopped: void | Promise<void> = undefined
      other.onDatagram = () => {
        stopped = other.transport.stopListening()
      }
      one.transport.write(Buffer.from('stop'), to)
      await scene.made.until(() => other.told.includes('stop'))
      await scene.made.run(stopped)
    })

    it('drops and counts what comes to a held port', async (scene) => {
      const [one, other] = [new Recorder(), new Recorder()]
      await scene.listen(one)
      const held = await scene.listen(other, { held: true })
      const to = { host: HOST, port: portOf(held) }
      assert.deepEqual(other.told, [])
      one.transport.write(Buffer.from('early'), to)
      await scene.made.until(() => fact(held, 'dropped') === 1)
      held.serve()
      assert.deepEqual(other.told, ['start'])
      one.transport.write(Buffer.from('late'), to)
      await scene.made.until(() => other.texts.length > 0)
      assert.deepEqual(other.texts, ['late'])
    })
  })

  kit.describe('IReactorUDP: datagrams', () => {
    it('PR-29 carries datagrams both ways, with the sender', async (scene) => {
      const { one, other, to } = await scene.pair()
      other.onDatagram = (text, from) => other.transport.write(Buffer.from(`re: ${text}`), from)
      one.transport.write(Buffer.from('hi'), to)
      await scene.made.until(() => one.texts.length === 1)
      assert.deepEqual(one.texts, ['re: hi'])
      const { from } = one.datagrams[0]!
      assert.deepEqual({ type: from.type, host: from.host, port: from.port }, { type: 'UDP', ...to })
    })

    it('PR-29 keeps the borders of datagrams, also of empty ones', async (scene) => {
      const { one, other, to } = await scene.pair()
      for (const text of ['a', '', 'bc']) one.transport.write(Buffer.from(text), to)
      await scene.made.until(() => other.texts.length === 3)
      assert.deepEqual(other.texts, ['a', '', 'bc'])
    })

    it('PR-29 takes bytes only', async (scene) => {
      const { one, to } = await scene.pair()
      assert.throws(() => one.transport.write('text' as unknown as Uint8Array, to), {
        code: 'ERR_SENNIT_BYTES',
      })
    })

    it('PR-29 refuses names, the wrong family, and no address at all', async (scene) => {
      const { one } = await scene.pair()
      const code = 'ERR_SENNIT_INVALID_ADDRESS'
      const bytes = Buffer.from('x')
      assert.throws(() => one.transport.write(bytes, { host: 'localhost', port: 9 }), { code })
      assert.throws(() => one.transport.write(bytes, { host: '::1', port: 9 }), { code })
      assert.throws(() => one.transport.connect('localhost', 9), { code })
      assert.throws(() => one.transport.write(bytes), { code })
      for (const host of ['', '127.1'])
        assert.throws(() => one.transport.write(bytes, { host, port: 9 }), { code })
      for (const port of [0, 65_536, '1' as unknown as number]) {
        assert.throws(() => one.transport.write(bytes, { host: HOST, port }), { code })
      }
    })

    it('PR-29 refuses a datagram that is too long', async (scene) => {
      const { one, other, to } = await scene.pair()
      assert.throws(() => one.transport.write(Buffer.alloc(65508), to), { code: 'ERR_SENNIT_MESSAGE_LENGTH' })
      one.transport.write(Buffer.from('next'), to)
      await scene.made.until(() => other.texts.length === 1)
      assert.deepEqual(other.texts, ['next'])
    })

    it('RX-29 drops and counts what is longer than it takes', async (scene) => {
      const [one, other] = [new Recorder(), new Recorder()]
      await scene.listen(one)
      const port = await scene.listen(other, { maxPacketSize: 4 })
      const to = { host: HOST, port: portOf(port) }
      one.transport.write(Buffer.from('12345'), to)
      one.transport.write(Buffer.from('1234'), to)
      await scene.made.until(() => other.texts.length === 1)
      assert.deepEqual(other.texts, ['1234'])
      assert.equal(fact(port, 'dropped'), 1)
    })

    it('PR-29 logs what the protocol throws, and goes on', async (scene) => {
      const { one, other, to } = await scene.pair()
      const error = new Error('boom')
      other.onDatagram = (text) => {
        if (text === 'bad') throw error
      }
      one.transport.write(Buffer.from('bad'), to)
      one.transport.write(Buffer.from('good'), to)
      await scene.made.until(() => other.texts.length === 2)
      assert.deepEqual(scene.log.errors(), [error])
    })

    it('PR-29 sends nothing once it is stopped', async (scene) => {
      const { one, other, to } = await scene.pair()
      const transport: IUDPTransport = one.transport
      const stopped = transport.stopListening()
      transport.write(Buffer.from('late'), to)
      await scene.made.run(stopped)
      transport.write(Buffer.from('later'), to)
      await scene.made.pass(0.05)
      assert.deepEqual(other.texts, [])
    })
  })

  kit.describe('IReactorUDP: a fixed peer', () => {
    it('PR-29 sends to it without an address, and hears only it', async (scene) => {
      const { one, other, to } = await scene.pair()
      const third = new Recorder()
      await scene.listen(third)
      one.transport.connect(to.host, to.port)
      other.onDatagram = (_text, from) => {
        third.transport.write(Buffer.from('from a stranger'), from)
        other.transport.write(Buffer.from('from the peer'), from)
      }
      await scene.made.pass(0.02)
      one.transport.write(Buffer.from('hello'))
      await scene.made.until(() => one.texts.length > 0)
      await scene.made.pass(0.05)
      assert.deepEqual(one.texts, ['from the peer'])
    })

    it('PR-29 can be given once', async (scene) => {
      const { one, to } = await scene.pair()
      one.transport.connect(to.host, to.port)
      assert.throws(() => one.transport.connect(to.host, to.port), { code: 'ERR_SENNIT_ALREADY_CONNECTED' })
    })

    it('PR-29 tells that nobody listens there, and goes on', async (scene) => {
      const { one, other, to } = await scene.pair()
      await scene.made.run(other.transport.stopListening())
      one.transport.connect(to.host, to.port)
      await scene.made.pass(0.02)
      one.transport.write(Buffer.from('anybody?'))
      await scene.made.until(() => one.told.includes('refused'))
      const back = new Recorder()
      await scene.listen(back, {}, to.port)
      await scene.made.pass(0.02)
      one.transport.write(Buffer.from('again'))
      await scene.made.until(() => back.texts.length === 1)
      assert.deepEqual(back.texts, ['again'])
    })
  })
}
