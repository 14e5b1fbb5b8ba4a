/**
 * What every reactor does with datagrams over UNIX sockets.
 *
 * @module
 */
import assert from 'node:assert/strict'
import type {
  IDatagramConnector,
  IListeningPort,
  IPathAddress,
  IReactorTime,
  IReactorUNIXDatagram,
  IUNIXDatagramTransport,
  UNIXDatagramConnectOptions,
  UNIXDatagramListenOptions,
} from '@sennit/interfaces'
import { ConnectedDatagramProtocol } from '@sennit/protocol'
import { DatagramRecorder, DatagramScene, datagramCase, fact } from './datagram-scene.ts'
import type { ConformanceKit, Maker, Surroundings } from './kit.ts'

/** What the suite for `IReactorUNIXDatagram` is given. */
export interface UNIXDatagramSurroundings extends Surroundings {
  readonly reactor: IReactorTime & IReactorUNIXDatagram
  /** A folder that is empty, absolute and not long. */
  readonly folder: string
}

/** The longest datagram, in bytes. */
const LONGEST = 65_535
const TOO_LONG = { code: 'ERR_SENNIT_MESSAGE_LENGTH', length: LONGEST + 1 }
const REFUSED = { code: 'ERR_SENNIT_REACTOR_OPTION' }

class Recorder extends DatagramRecorder<IUNIXDatagramTransport, IPathAddress> {}

/** Remembers what it is told. */
class ClientRecorder extends ConnectedDatagramProtocol {
  readonly texts: string[] = []
  readonly told: string[] = []
  readonly failures: (Error & { code?: string })[] = []

  override startProtocol(): void {
    this.told.push('start')
  }

  override stopProtocol(): void {
    this.told.push('stop')
  }

  override datagramReceived(datagram: Uint8Array): void {
    this.texts.push(Buffer.from(datagram).toString())
  }

  override connectionFailed(error: Error): void {
    this.told.push('failed')
    this.failures.push(error)
  }
}

/** One case's sockets. */
class Scene extends DatagramScene<UNIXDatagramSurroundings> {
  path(name: string): string {
    return `${this.made.folder}/${name}`
  }

  listen(protocol: Recorder, path: string, options: UNIXDatagramListenOptions = {}): Promise<IListeningPort> {
    return this.opened(
      this.made.reactor.listenUNIXDatagram(path, protocol, { context: { log: this.log }, ...options }),
    )
  }

  connect(
    protocol: ClientRecorder,
    path: string,
    options: UNIXDatagramConnectOptions = {},
  ): IDatagramConnector {
    const context = { log: this.log }
    const connector = this.made.reactor.connectUNIXDatagram(path, protocol, { context, ...options })
    this.atEnd(() => connector.disconnect())
    return connector
  }

  /** Two ports. */
  async pair(): Promise<{ one: Recorder; other: Recorder; from: string; to: string }> {
    const [one, other] = [new Recorder(), new Recorder()]
    const [from, to] = [this.path('one'), this.path('other')]
    await this.listen(one, from)
    await this.listen(other, to)
    return { one, other, from, to }
  }

  /** A port, and a client of it that has a path as well. */
  async connected(): Promise<{ server: Recorder; client: ClientRecorder; connector: IDatagramConnector }> {
    const [server, client] = [new Recorder(), new ClientRecorder()]
    await this.listen(server, this.path('server'))
    const bindAddress = this.path('client')
    const connector = this.connect(client, this.path('server'), { bindAddress })
    await this.made.until(() => client.told.length > 0)
    assert.deepEqual(client.told, ['start'])
    return { server, client, connector }
  }
}

/** The suite for the role `IReactorUNIXDatagram`. */
export function unixDatagramConformance(kit: ConformanceKit, make: Maker<UNIXDatagramSurroundings>): void {
  const it = datagramCase(kit, make, (made, log) => new Scene(made, log))

  kit.describe('IReactorUNIXDatagram: listening', () => {
    it('RX-29 listens at a path, and starts the protocol', async (scene) => {
      const protocol = new Recorder()
      const path = scene.path('port')
      const port = await scene.listen(protocol, path)
      assert.deepEqual(protocol.told, ['start'])
      assert.equal((port.getHost() as IPathAddress).path, path)
      assert.equal(protocol.transport.getHost().path, path)
    })

    it('RX-29 refuses a path that is in use', async (scene) => {
      const { to } = await scene.pair()
      const late = new Recorder()
      await assert.rejects(scene.listen(late, to), {
        name: 'CannotListenError',
        code: 'EADDRINUSE',
        port: to,
      })
      assert.deepEqual(late.told, [])
    })

    it('RX-29 PR-28 refuses paths that are too long, that have no file, or that are none', async (scene) => {
      const tooLong = scene.path('x'.repeat(107 - scene.path('').length + 1))
      for (const path of [tooLong, '\0abstract', 'nul\0byte', '']) {
        await assert.rejects(scene.listen(new Recorder(), path), REFUSED)
      }
      await scene.listen(new Recorder(), tooLong.slice(0, -1))
    })

    it('RX-29 refuses modes and sizes that are none', async (scene) => {
      const path = scene.path('port')
      for (const options of [{ mode: 0o1000 }, { mode: -1 }, { maxPacketSize: 0 }, { maxPacketSize: 1.5 }]) {
        await assert.rejects(scene.listen(new Recorder(), path, options), REFUSED)
      }
      await scene.listen(new Recorder(), path, { mode: 0o600, maxPacketSize: 1 })
    })

    it('PR-30 stops the protocol before the stop settles; the path is free again', async (scene) => {
      const protocol = new Recorder()
      const port = await scene.listen(protocol, scene.path('port'))
      const first = port.stopListening()
      const second = port.stopListening()
      assert.ok(first instanceof Promise && second instanceof Promise)
      await scene.made.run(first)
      assert.deepEqual(protocol.told, ['start', 'stop'])
      await scene.made.run(second)
      assert.equal(port.stopListening(), undefined)
      await scene.listen(new Recorder(), scene.path('port'))
    })

    it('PR-30 can be stopped by the protocol, and hears nothing after that', async (scene) => {
      const { one, other, to } = await scene.pair()
      let stopped: void | Promise<void> = undefined
      other.onDatagram = () => {
        stopped = other.transport.stopListening()
      }
      for (let i = 0; i < 5; i++) one.transport.write(Buffer.from('stop'), to)
      await scene.made.until(() => other.told.includes('stop'))
      await scene.made.run(stopped)
      await scene.made.pass(0.02)
      assert.deepEqual(other.texts, ['stop'])
    })

    it('drops and counts what comes to a held port', async (scene) => {
      const [one, other] = [new Recorder(), new Recorder()]
      const to = scene.path('held')
      await scene.listen(one, scene.path('one'))
      const held = await scene.listen(other, to, { held: true })
      assert.deepEqual(other.told, [])
      one.transport.write(Buffer.from('early'), to)
      await scene.made.until(() => fact(held, 'dropped') === 1)
      held.serve()
      assert.deepEqual(other.told, ['start'])
      one.transport.write(Buffer.from('late'), to)
      await scene.made.until(() => other.texts.length > 0)
      assert.deepEqual(other.texts, ['late'])
    })

    it('gives a bind up by its signal', async (scene) => {
      const reason = new Error('no longer wanted')
      const protocol = new Recorder()
      const signal = AbortSignal.abort(reason)
      await assert.rejects(scene.listen(protocol, scene.path('port'), { signal }), reason)
      assert.deepEqual(protocol.told, [])
      await scene.listen(new Recorder(), scene.path('port'))
    })
  })

  kit.describe('IReactorUNIXDatagram: datagrams', () => {
    it('RX-29 carries datagrams both ways, with the path of the sender', async (scene) => {
      const { one, other, from: path, to } = await scene.pair()
      other.onDatagram = (text, from) => other.transport.write(Buffer.from(`re: ${text}`), from.path)
      one.transport.write(Buffer.from('hi'), to)
      await scene.made.until(() => one.texts.length === 1)
      assert.deepEqual(one.texts, ['re: hi'])
      assert.deepEqual([other.datagrams[0]?.from.path, one.datagrams[0]?.from.path], [path, to])
    })

    it('RX-29 keeps the borders and the order of datagrams, also of empty ones', async (scene) => {
      const { one, other, to } = await scene.pair()
      const texts = ['a', '', 'bc', ...Array.from({ length: 50 }, (_, i) => `${i}`)]
      for (const text of texts) one.transport.write(Buffer.from(text), to)
      await scene.made.until(() => other.texts.length === texts.length)
      assert.deepEqual(other.texts, texts)
    })

    it('RX-29 takes bytes only, and paths only', async (scene) => {
      const { one, to } = await scene.pair()
      const text = 'text' as unknown as Uint8Array
      assert.throws(() => one.transport.write(text, to), { code: 'ERR_SENNIT_BYTES' })
      for (const path of ['', '\0abstract', `/${'x'.repeat(107)}`, undefined as unknown as string]) {
        assert.throws(() => one.transport.write(Buffer.from('x'), path), REFUSED)
      }
    })

    it('RX-29 carries 65,535 bytes, and refuses more', async (scene) => {
      const [one, other] = [new Recorder(), new Recorder()]
      const to = scene.path('large')
      await scene.listen(one, scene.path('one'))
      await scene.listen(other, to, { maxPacketSize: LONGEST })
      assert.throws(() => one.transport.write(Buffer.alloc(LONGEST + 1), to), TOO_LONG)
      one.transport.write(Buffer.alloc(LONGEST, 'x'), to)
      await scene.made.until(() => other.texts.length === 1)
      assert.equal(other.texts[0], 'x'.repeat(LONGEST))
    })

    it('RX-29 drops and counts what is longer than it takes, 8192 bytes unless told otherwise', async (scene) => {
      const [one, other, small] = [new Recorder(), new Recorder(), new Recorder()]
      const [to, toSmall] = [scene.path('other'), scene.path('small')]
      await scene.listen(one, scene.path('one'))
      const port = await scene.listen(other, to)
      const smallPort = await scene.listen(small, toSmall, { maxPacketSize: 4 })
      for (const length of [8193, 8192]) one.transport.write(Buffer.alloc(length), to)
      for (const text of ['12345', '1234']) one.transport.write(Buffer.from(text), toSmall)
      await scene.made.until(() => other.texts.length === 1 && small.texts.length === 1)
      assert.equal(other.texts[0]?.length, 8192)
      assert.deepEqual(small.texts, ['1234'])
      assert.deepEqual([fact(port, 'dropped'), fact(smallPort, 'dropped')], [1, 1])
    })

    it('RX-29 logs what the protocol throws, and goes on', async (scene) => {
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

    it('RX-29 counts what cannot be sent, logs the first of a row, and goes on', async (scene) => {
      const [one, other] = [new Recorder(), new Recorder()]
      const to = scene.path('other')
      const port = await scene.listen(one, scene.path('one'))
      for (let i = 0; i < 3; i++) one.transport.write(Buffer.from('nobody'), scene.path('nobody'))
      await scene.made.until(() => fact(port, 'failures') === 3)
      assert.equal(scene.log.messages('warn').length, 1)
      await scene.listen(other, to)
      one.transport.write(Buffer.from('here'), to)
      await scene.made.until(() => other.texts.length === 1)
    })

    it('RX-29 sends nothing once it is stopped', async (scene) => {
      const { one, other, to } = await scene.pair()
      const { transport } = one
      const stopped = transport.stopListening()
      transport.write(Buffer.from('late'), to)
      await scene.made.run(stopped)
      transport.write(Buffer.from('later'), to)
      await scene.made.pass(0.05)
      assert.deepEqual(other.texts, [])
    })
  })

  kit.describe('IReactorUNIXDatagram: clients', () => {
    it('PR-32 RX-29 talks with its peer', async (scene) => {
      const { server, client, connector } = await scene.connected()
      server.onDatagram = (text, from) => server.transport.write(Buffer.from(`re: ${text}`), from.path)
      client.transport.write(Buffer.from('hi'))
      await scene.made.until(() => client.texts.length === 1)
      assert.deepEqual(client.texts, ['re: hi'])
      assert.equal(client.transport.getHost().path, scene.path('client'))
      assert.equal(client.transport.getPeer().path, scene.path('server'))
      assert.equal(connector.getDestination().path, scene.path('server'))
    })

    it('PR-32 RX-29 needs no path of its own to send', async (scene) => {
      const [server, client] = [new Recorder(), new ClientRecorder()]
      await scene.listen(server, scene.path('server'))
      scene.connect(client, scene.path('server'))
      await scene.made.until(() => client.told.length > 0)
      client.transport.write(Buffer.from('hi'))
      await scene.made.until(() => server.texts.length === 1)
      assert.equal(server.datagrams[0]?.from.path, '')
      assert.equal(client.transport.getHost().path, '')
    })

    it('PR-32 hears only its peer', async (scene) => {
      const { server, client } = await scene.connected()
      const stranger = new Recorder()
      await scene.listen(stranger, scene.path('stranger'))
      stranger.transport.write(Buffer.from('from a stranger'), scene.path('client'))
      await scene.made.pass(0.02)
      server.transport.write(Buffer.from('from the peer'), scene.path('client'))
      await scene.made.until(() => client.texts.length > 0)
      assert.deepEqual(client.texts, ['from the peer'])
    })

    it('PR-32 tells the protocol, and throws nothing, when nobody is there', async (scene) => {
      const client = new ClientRecorder()
      scene.connect(client, scene.path('nobody'))
      assert.deepEqual(client.told, [])
      await scene.made.until(() => client.told.length > 0)
      await scene.made.pass(0.02)
      assert.deepEqual(client.told, ['failed'])
      assert.equal(client.failures[0]?.code, 'ENOENT')
    })

    it('PR-32 tells the protocol when its own path is in use', async (scene) => {
      const { server } = await scene.connected()
      const late = new ClientRecorder()
      scene.connect(late, server.transport.getHost().path, { bindAddress: scene.path('client') })
      await scene.made.until(() => late.told.length > 0)
      assert.deepEqual(late.told, ['failed'])
      assert.equal(late.failures[0]?.code, 'EADDRINUSE')
    })

    it('PR-32 refuses paths and sizes that are none at once', async (scene) => {
      const client = new ClientRecorder()
      const path = scene.path('server')
      assert.throws(() => scene.connect(client, '\0abstract'), REFUSED)
      assert.throws(() => scene.connect(client, path, { bindAddress: 'x'.repeat(108) }), REFUSED)
      assert.throws(() => scene.connect(client, path, { maxPacketSize: 0 }), REFUSED)
      assert.deepEqual(client.told, [])
    })

    it('PR-32 tells the protocol that the peer is gone, and goes on when it is back', async (scene) => {
      const { server, client } = await scene.connected()
      await scene.made.run(server.transport.stopListening())
      client.transport.write(Buffer.from('anybody?'))
      await scene.made.until(() => client.told.includes('failed'))
      assert.ok(['ENOENT', 'ECONNREFUSED'].includes(client.failures[0]?.code ?? ''))
      const back = new Recorder()
      await scene.listen(back, scene.path('server'))
      client.transport.write(Buffer.from('again'))
      await scene.made.until(() => back.texts.length === 1)
      assert.deepEqual(back.texts, ['again'])
    })

    it('PR-32 refuses datagrams that are too long or no bytes', async (scene) => {
      const { client } = await scene.connected()
      assert.throws(() => client.transport.write(Buffer.alloc(LONGEST + 1)), TOO_LONG)
      const text = 'text' as unknown as Uint8Array
      assert.throws(() => client.transport.write(text), { code: 'ERR_SENNIT_BYTES' })
    })

    it('PR-32 ends when it is disconnected, once, and frees its path', async (scene) => {
      const { server, client, connector } = await scene.connected()
      const first = connector.disconnect()
      const second = connector.disconnect()
      client.transport.write(Buffer.from('late'))
      await scene.made.run(first)
      await scene.made.run(second)
      assert.equal(connector.disconnect(), undefined)
      assert.deepEqual(client.told, ['start', 'stop'])
      await scene.made.pass(0.02)
      assert.deepEqual(server.texts, [])
      await scene.listen(new Recorder(), scene.path('client'))
    })

    it('PR-32 can be disconnected before it stands: it is told nothing', async (scene) => {
      const [server, client] = [new Recorder(), new ClientRecorder()]
      await scene.listen(server, scene.path('server'))
      const connector = scene.connect(client, scene.path('server'), { bindAddress: scene.path('client') })
      await scene.made.run(connector.disconnect())
      await scene.made.pass(0.02)
      assert.deepEqual(client.told, [])
      await scene.listen(new Recorder(), scene.path('client'))
    })

    it('PR-32 can be ended by its transport', async (scene) => {
      const { client, connector } = await scene.connected()
      await scene.made.run(client.transport.stopListening())
      assert.deepEqual(client.told, ['start', 'stop'])
      assert.equal(connector.disconnect(), undefined)
    })
  })
}
