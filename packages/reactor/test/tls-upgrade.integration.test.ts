import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type Socket } from 'node:net'
import { connect as connectTLS } from 'node:tls'
import type {
  IListeningPort,
  IPathAddress,
  IStreamTransport,
  ITLSTransport,
  StartTLSOptions,
} from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { afterEach, describe, expect, it } from 'vitest'
import { upgradePlan } from '../src/tls-upgrade.ts'
import {
  assertNothingLogged,
  Cleanup,
  Client,
  LOCAL,
  logged,
  Recorder,
  RecordingFactory,
  until,
} from './kit.ts'
import { server, trust, VERSIONS } from './tls-kit.ts'

const { reactor, log } = logged()
const cleanup = new Cleanup()
afterEach(async () => {
  await cleanup.run()
  assertNothingLogged(log)
})

const GO = 'go\n'

/** Makes its connection private when it is told to. */
class Upgrading extends Recorder {
  declare transport: IStreamTransport & ITLSTransport
  override dataReceived(data: Uint8Array): void {
    super.dataReceived(data)
    if (this.text !== GO) return
    this.transport.write(Buffer.from('in clear'))
    this.transport.startTLS({ isServer: true, ...server })
    this.transport.write(Buffer.from('in private'))
  }
  handshakeCompleted(): void {
    this.note('handshake')
  }
}

/** A client of Node that says the word, and goes on in private with what it was told then. */
async function upgraded(socket: Socket, options: object = {}): Promise<{ clear: string; secure: Client }> {
  cleanup.add(() => socket.destroy())
  socket.on('error', () => {})
  socket.write(GO)
  const wire: Buffer[] = []
  while (Buffer.concat(wire).length < 'in clear'.length) {
    const [chunk] = (await new Promise((resolve) => socket.once('data', (...all) => resolve(all)))) as [
      Buffer,
    ]
    wire.push(chunk)
  }
  socket.pause()
  const secure = connectTLS({ socket, host: 'localhost', servername: 'localhost', ...trust, ...options })
  return { clear: Buffer.concat(wire).toString(), secure: new Client(secure) }
}

describe('startTLS', () => {
  it.each(VERSIONS)(
    'sends what was written before in clear, and nothing else, to a client of Node over %s',
    async (version) => {
      const factory = new RecordingFactory(() => new Upgrading())
      const { number } = await cleanup.port(reactor.listenTCP(0, factory, LOCAL))
      const { clear, secure } = await upgraded(connect(number, '127.0.0.1'), { maxVersion: version })
      expect(clear).toBe('in clear')
      await until(() => secure.text === 'in private')
      secure.socket.end('back')
      await until(() => secure.closed && factory.protocol.reason !== undefined)
      expect(factory.protocol.events).toEqual(['made', 'data', 'handshake', 'data', 'lost'])
      expect(factory.protocol.text).toBe(`${GO}back`)
      expect(factory.protocol.reason?.name).toBe('ConnectionDone')
    },
  )

  it('works over UNIX sockets, on both sides', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sennit-'))
    cleanup.add(() => rmSync(folder, { recursive: true, force: true }))
    const [accepting, connecting] = [new RecordingFactory(() => new Upgrading()), new RecordingFactory()]
    const port: IListeningPort = await reactor.listenUNIX(join(folder, 's'), accepting)
    cleanup.add(() => port.stopListening())
    reactor.connectUNIX((port.getHost() as IPathAddress).path, connecting)
    await until(() => connecting.protocols.length === 1)
    const transport = connecting.protocol.transport as IStreamTransport & ITLSTransport
    expect(() => transport.startTLS({ ...trust })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_TLS_OPTIONS', option: 'servername' }),
    )
    transport.write(Buffer.from(GO))
    await until(() => connecting.protocol.text === 'in clear')
    transport.startTLS({ ...trust, servername: 'localhost' })
    await until(() => connecting.protocol.text === 'in clearin private')
    expect(accepting.protocol.events).toEqual(['made', 'data', 'handshake'])
    transport.abortConnection()
    await until(() => accepting.protocol.reason !== undefined)
    expect(accepting.protocol.reason?.name).toBe('ConnectionLost')
  })

  it('a connection that is closed when its handshake is done leaves nothing behind', async () => {
    const { reactor: own } = logged()
    const factory = new RecordingFactory(() => new Upgrading())
    factory.prepare = (protocol) => {
      protocol.onNote = (event) => {
        if (event === 'handshake') protocol.transport.loseConnection()
      }
    }
    const { number } = await cleanup.port(own.listenTCP(0, factory, LOCAL))
    const { secure } = await upgraded(connect(number, '127.0.0.1'))
    await until(() => secure.ended)
    secure.socket.end()
    await until(() => factory.protocol.reason !== undefined)
    expect(own.getDelayedCalls()).toEqual([])
  })

  it('knows the addresses as before', async () => {
    const factory = new RecordingFactory(() => new Upgrading())
    const { number } = await cleanup.port(reactor.listenTCP(0, factory, LOCAL))
    const socket = connect(number, '127.0.0.1')
    const { secure } = await upgraded(socket)
    await until(() => secure.text === 'in private')
    expect(factory.protocol.transport.getPeer()).toMatchObject({ host: '127.0.0.1', port: socket.localPort })
    expect(factory.protocol.transport.getHost()).toMatchObject({ host: '127.0.0.1', port: number })
    secure.socket.end()
  })

  it('is not idle while something is sent in private', async () => {
    const factory = new RecordingFactory(() => new Upgrading())
    const { number } = await cleanup.port(reactor.listenTCP(0, factory, { ...LOCAL, idleTimeout: 0.4 }))
    const { secure } = await upgraded(connect(number, '127.0.0.1'))
    await until(() => secure.text === 'in private')
    for (let i = 0; i < 10; i++) {
      await new Promise((resolve) => setTimeout(resolve, 80))
      factory.protocol.transport.write(Buffer.from('.'))
    }
    expect(factory.protocol.reason).toBeUndefined()
    await until(() => factory.protocol.reason !== undefined)
    expect(factory.protocol.reason?.code).toBe('ERR_SENNIT_IDLE')
  })

  it('is idle within a handshake that does not go on', async () => {
    const factory = new RecordingFactory(() => new Upgrading())
    const { number } = await cleanup.port(reactor.listenTCP(0, factory, { ...LOCAL, idleTimeout: 0.1 }))
    const peer = await cleanup.client(number)
    peer.socket.write(GO)
    await until(() => factory.protocols[0]?.reason)
    expect(factory.protocol.reason?.code).toBe('ERR_SENNIT_IDLE')
    expect(factory.protocol.events).toEqual(['made', 'data', 'lost'])
  })

  it('is waited for, and cut, by a port that stops', async () => {
    const factory = new RecordingFactory(() => new Upgrading())
    const { port, number } = await cleanup.port(
      reactor.listenTCP(0, factory, { ...LOCAL, drainTimeout: 0.1 }),
    )
    const peer = await cleanup.client(number)
    peer.socket.write(GO)
    await until(() => peer.text === 'in clear')
    await port.stopListening()
    expect(factory.protocol.reason?.name).toBe('ConnectionAborted')
    expect(log.take()).toEqual(['warn: Connections were aborted at the end of a drain'])
  })
})

describe('upgradePlan', () => {
  const sideFor = (options: StartTLSOptions, host?: string) => upgradePlan(options, host, new Clock()).side
  const asServer = { isServer: true, ...server } as const

  it('makes the same of the same options, and another of others', () => {
    const side = sideFor(asServer)
    expect(sideFor({ ...asServer, handshakeTimeout: 1, received: Buffer.from('x') })).toBe(side)
    expect(sideFor({ ...asServer, requestCert: true })).not.toBe(side)
    expect(sideFor({ ...asServer, maxVersion: 'TLSv1.2' })).not.toBe(side)
    const clientSide = sideFor({ ...trust }, 'localhost')
    expect(sideFor({ ...trust }, 'localhost')).toBe(clientSide)
    expect(sideFor({ ...trust }, 'elsewhere.example')).not.toBe(clientSide)
  })

  it('makes another of lists, and of bytes, which may have changed', () => {
    const options = { ...asServer, ca: [trust.ca] }
    expect(sideFor(options)).not.toBe(sideFor(options))
    const bytes = { ...asServer, cert: Buffer.from(server.cert) }
    expect(sideFor(bytes)).not.toBe(sideFor(bytes))
    const frozen = { ...asServer, ca: Object.freeze([trust.ca]) }
    expect(sideFor({ ...frozen })).toBe(sideFor({ ...frozen }))
    expect(sideFor({ ...frozen, ca: Object.freeze([trust.ca]) })).not.toBe(sideFor(frozen))
  })

  it('limits the handshake to ten seconds unless told otherwise', () => {
    const clock = new Clock()
    expect(upgradePlan(asServer, undefined, clock).limit).toEqual({ clock, timeout: 10 })
    expect(upgradePlan({ ...asServer, handshakeTimeout: '250ms' }, undefined, clock).limit.timeout).toBe(0.25)
  })
})
