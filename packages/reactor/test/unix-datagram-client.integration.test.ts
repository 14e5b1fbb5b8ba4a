import { existsSync, linkSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { IConnectedDatagramProtocol, UNIXDatagramConnectOptions } from '@sennit/interfaces'
import { ConnectedDatagramProtocol, DatagramProtocol } from '@sennit/protocol'
import { unixDatagramClient, type UNIXDatagramClient } from '../src/unix-datagram-client.ts'
import { fakeAddon, FakeAddonSocket, PlainDatagrams } from './addon.ts'
import { FolderTree } from './file-tree.ts'
import { assertNothingLogged, Cleanup, logged, type TestLog, turns, until } from './kit.ts'
import type { NodeReactor } from '../src/index.ts'

class Recorder extends ConnectedDatagramProtocol {
  readonly texts: string[] = []
  readonly told: string[] = []
  failure: (Error & { code?: string }) | undefined

  override startProtocol(): void {
    this.told.push('start')
  }

  override stopProtocol(): void {
    this.told.push('stop')
  }

  override datagramReceived(data: Uint8Array): void {
    this.texts.push(Buffer.from(data).toString())
  }

  override connectionFailed(error: Error): void {
    this.told.push('failed')
    this.failure = error
  }
}

describe('UNIXDatagramClient', () => {
  let cleanup: Cleanup
  let reactor: NodeReactor
  let log: TestLog
  let files: FolderTree
  let path: string

  beforeEach(() => {
    cleanup = new Cleanup()
    ;({ reactor, log } = logged())
    files = new FolderTree()
    path = `${files.folder}/peer`
  })
  afterEach(async () => {
    await cleanup.run()
    files.dispose()
    assertNothingLogged(log)
  })

  function connect(protocol: Recorder, options: UNIXDatagramConnectOptions = {}): UNIXDatagramClient {
    const client = reactor.connectUNIXDatagram(path, protocol, options) as UNIXDatagramClient
    cleanup.add(() => client.disconnect())
    return client
  }

  function plain(name?: string): PlainDatagrams {
    const socket = new PlainDatagrams(name === undefined ? undefined : `${files.folder}/${name}`)
    cleanup.add(() => socket.close())
    return socket
  }

  /** A client over a socket that does as it is told. */
  async function faked(): Promise<{
    client: UNIXDatagramClient
    protocol: Recorder
    socket: FakeAddonSocket
  }> {
    plain('peer')
    const protocol = new Recorder()
    const surroundings = { clock: reactor, log, closed: () => {} }
    const client = unixDatagramClient(path, protocol, {}, surroundings)
    cleanup.add(() => client.disconnect())
    client.connect(() => fakeAddon)
    await until(() => protocol.told.length > 0)
    return { client, protocol, socket: FakeAddonSocket.made.at(-1)! }
  }

  it('PR-32 talks with another program', async () => {
    const peer = plain('peer')
    const protocol = new Recorder()
    const bindAddress = `${files.folder}/client`
    const client = connect(protocol, { bindAddress })
    expect(client.describe()).toMatchObject({ kind: 'UNIXDatagramClient', state: 'connecting' })
    await until(() => protocol.told.length > 0)
    expect(statSync(bindAddress).mode & 0o777).toBe(0o660)
    protocol.transport.write(Buffer.from('hi'))
    await until(() => peer.got.length > 0)
    expect(peer.got).toEqual([{ text: 'hi', from: bindAddress }])
    await peer.send('re', bindAddress)
    await until(() => protocol.texts.length > 0)
    expect(client.describe()).toMatchObject({
      state: 'serving',
      facts: { address: `unix:${bindAddress}`, peer: `unix:${path}`, received: 1, sent: 1 },
    })
    expect(reactor.describe().children).toHaveLength(1)
    await client.disconnect()
    expect(existsSync(bindAddress)).toBe(false)
    expect(reactor.describe().children).toEqual([])
  })

  it('PR-32 hears its peer under another name of the same file; others are counted as dropped', async () => {
    const peer = plain('peer')
    linkSync(path, `${files.folder}/alias`)
    path = `${files.folder}/alias`
    const protocol = new Recorder()
    const bindAddress = `${files.folder}/client`
    const client = connect(protocol, { bindAddress })
    await until(() => protocol.told.length > 0)
    await plain('stranger').send('no', bindAddress)
    await plain().send('nobody', bindAddress)
    await peer.send('yes', bindAddress)
    await until(() => protocol.texts.length > 0)
    expect(protocol.texts).toEqual(['yes'])
    expect(client.describe().facts['dropped']).toBe(2)
  })

  it('PR-32 fault 17: a stale file at its own path is taken over', async () => {
    plain('peer')
    const bindAddress = `${files.folder}/client`
    new PlainDatagrams(bindAddress).close()
    const protocol = new Recorder()
    connect(protocol, { bindAddress })
    await until(() => protocol.told.length > 0)
    expect(protocol.told).toEqual(['start'])
  })

  it.each<[what: string, before: () => void | Promise<void>, code: string, name: string]>([
    ['nobody is there', () => undefined, 'ENOENT', 'BadFileError'],
    [
      'nobody listens there',
      () => new PlainDatagrams(path).close(),
      'ECONNREFUSED',
      'ConnectionRefusedError',
    ],
    [
      'streams are served there',
      async () => {
        const server = createServer().listen(path)
        await once(server, 'listening')
        cleanup.add(() => server.close())
      },
      'EPROTOTYPE',
      'BadFileError',
    ],
  ])('PR-32 tells the protocol once, by the kind of error, that %s', async (_what, before, code, name) => {
    await before()
    const protocol = new Recorder()
    const client = connect(protocol)
    await until(() => protocol.told.length > 0)
    await turns()
    expect(protocol.told).toEqual(['failed'])
    expect(protocol.failure).toMatchObject({ code, name })
    expect(client.describe()).toMatchObject({ state: 'stopped', error: protocol.failure!.message })
    expect(client.disconnect()).toBeUndefined()
    expect(reactor.describe().children).toEqual([])
  })

  it.each(['before', 'after'])('PR-32 is given up by its signal, aborted %s the call', async (when) => {
    plain('peer')
    const controller = new AbortController()
    const reason = new Error('no longer wanted')
    if (when === 'before') controller.abort(reason)
    const protocol = new Recorder()
    const bindAddress = `${files.folder}/client`
    connect(protocol, { signal: controller.signal, bindAddress })
    controller.abort(reason)
    await until(() => protocol.told.length > 0)
    expect(protocol.told).toEqual(['failed'])
    expect(protocol.failure).toMatchObject({ name: 'ConnectingCancelledError', cause: reason })
    expect(existsSync(bindAddress)).toBe(false)
  })

  it.each([undefined, {}, new DatagramProtocol()])(
    'PR-32 refuses %j, which is no protocol for a fixed peer',
    (protocol) => {
      const connecting = () =>
        reactor.connectUNIXDatagram(path, protocol as unknown as IConnectedDatagramProtocol)
      expect(connecting).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION', option: 'protocol' }),
      )
    },
  )

  it('PR-32 each datagram that does not reach the peer is told, but not inside the call', async () => {
    const { protocol, socket } = await faked()
    socket.onSend = (_length, sent) => sent(new Error('Connection refused'))
    for (let i = 0; i < 2; i++) protocol.transport.write(Buffer.from('x'))
    expect(protocol.told).toEqual(['start'])
    await turns(1)
    expect(protocol.told).toEqual(['start', 'failed', 'failed'])
    expect(protocol.failure).toMatchObject({ name: 'ConnectionRefusedError', code: 'ECONNREFUSED' })
  })

  it('PR-32 a peer that does not read is not gone: that is logged', async () => {
    const { client, protocol, socket } = await faked()
    socket.onSend = () => {}
    for (let i = 0; i < 130; i++) protocol.transport.write(Buffer.alloc(65_535))
    await turns(1)
    expect(protocol.told).toEqual(['start'])
    expect(client.describe().facts['failures']).toBe(3)
    expect(log.take()).toEqual(['warn: A datagram could not be sent'])
  })

  it('PR-32 fault 35: an error of the protocol is logged; one of its start ends the socket', async () => {
    plain('peer')
    const protocol = new Recorder()
    protocol.startProtocol = () => {
      throw new Error('broken')
    }
    const client = connect(protocol)
    await until(() => client.describe().state === 'stopped')
    const failing = new Recorder()
    failing.connectionFailed = () => {
      throw new Error('broken')
    }
    path = `${files.folder}/nobody`
    const other = connect(failing)
    await until(() => other.describe().state === 'stopped' && log.entries.length === 2)
    expect(log.take()).toEqual(['error: makeConnection threw', 'error: connectionFailed threw'])
    expect(protocol.told).toEqual([])
  })

  it('PR-32 what is made after it was disconnected is closed', async () => {
    const before = FakeAddonSocket.made.length
    const options = { clock: reactor, log, closed: () => {} }
    const client = unixDatagramClient(path, new Recorder(), {}, options)
    client.connect(() => fakeAddon)
    await client.disconnect()
    const made = FakeAddonSocket.made.slice(before)
    expect(made.map(({ isClosed }) => isClosed)).toEqual([true])
  })

  it('PR-32 is told nothing of a failure once it is disconnected', async () => {
    const protocol = new Recorder()
    const client = connect(protocol)
    await turns(1)
    await client.disconnect()
    await turns()
    expect(protocol.told).toEqual([])
  })
})
