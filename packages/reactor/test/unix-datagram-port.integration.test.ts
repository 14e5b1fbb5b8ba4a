import { createServer } from 'node:net'
import { once } from 'node:events'
import { chmodSync, existsSync, lstatSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  IInspectable,
  IListeningPort,
  IPathAddress,
  IUNIXDatagramTransport,
  UNIXDatagramListenOptions,
} from '@sennit/interfaces'
import { DatagramProtocol } from '@sennit/protocol'
import { openUNIXDatagramPort } from '../src/unix-datagram-port.ts'
import type { NodeReactor } from '../src/index.ts'
import { fakeAddon, FakeAddonSocket, PlainDatagrams } from './addon.ts'
import { FolderTree } from './file-tree.ts'
import { assertNothingLogged, Cleanup, logged, type TestLog, turns, until } from './kit.ts'

class Recorder extends DatagramProtocol<IUNIXDatagramTransport, IPathAddress> {
  readonly received: { text: string; from: IPathAddress }[] = []
  override datagramReceived(data: Uint8Array, from: IPathAddress): void {
    this.received.push({ text: Buffer.from(data).toString(), from })
  }
}

describe('UNIXDatagramPort', () => {
  let cleanup: Cleanup
  let reactor: NodeReactor
  let log: TestLog
  let files: FolderTree
  let path: string

  beforeEach(() => {
    cleanup = new Cleanup()
    ;({ reactor, log } = logged())
    files = new FolderTree()
    path = `${files.folder}/port`
  })
  afterEach(async () => {
    await cleanup.run()
    files.dispose()
    assertNothingLogged(log)
  })

  async function listen(options: UNIXDatagramListenOptions = {}): Promise<{
    port: IListeningPort & IInspectable
    protocol: Recorder
  }> {
    const protocol = new Recorder()
    const { port } = await cleanup.port(reactor.listenUNIXDatagram(path, protocol, options))
    return { port: port as IListeningPort & IInspectable, protocol }
  }

  /** A port over a socket that does as it is told. */
  async function faked(): Promise<{
    port: IListeningPort & IInspectable
    protocol: Recorder
    socket: FakeAddonSocket
  }> {
    const protocol = new Recorder()
    const surroundings = { clock: reactor, log, closed: () => {} }
    const opening = openUNIXDatagramPort(path, protocol, {}, surroundings, () => fakeAddon)
    const { port } = await cleanup.port(opening)
    return { port, protocol, socket: FakeAddonSocket.made.at(-1)! }
  }

  function plain(name?: string): PlainDatagrams {
    const socket = new PlainDatagrams(name === undefined ? undefined : `${files.folder}/${name}`)
    cleanup.add(() => socket.close())
    return socket
  }

  describe('with other programs', () => {
    it('RX-29 hears them, knows their path, and answers', async () => {
      const { protocol } = await listen()
      const peer = plain('peer')
      await peer.send('hi', path)
      await until(() => protocol.received.length > 0)
      const [{ text, from }] = protocol.received as [(typeof protocol.received)[0]]
      expect([text, from.path]).toEqual(['hi', `${files.folder}/peer`])
      protocol.transport.write(Buffer.from('re: hi'), from.path)
      await until(() => peer.got.length > 0)
      expect(peer.got).toEqual([{ text: 're: hi', from: path }])
    })

    it('RX-29 hears those without a path', async () => {
      const { protocol } = await listen()
      await plain().send('hi', path)
      await until(() => protocol.received.length > 0)
      expect(protocol.received[0]!.from.path).toBe('')
    })

    it('RX-29 sends views of larger buffers as they are', async () => {
      const { protocol } = await listen()
      const peer = plain('peer')
      const bytes = new Uint8Array(Buffer.from('abcdef')).subarray(2, 4)
      protocol.transport.write(bytes, `${files.folder}/peer`)
      await until(() => peer.got.length > 0)
      expect(peer.got[0]!.text).toBe('cd')
    })
  })

  describe('the file', () => {
    it.each([
      [undefined, 0o660],
      [0o600, 0o600],
      [0o666, 0o666],
    ])('RX-29 has the mode %s, whatever the umask', async (mode, expected) => {
      const before = process.umask(0o022)
      cleanup.add(() => process.umask(before))
      await listen({ mode })
      expect(statSync(path).mode & 0o777).toBe(expected)
      expect(process.umask()).toBe(0o022)
    })

    it('RX-29 fault 18: never lets in more than its mode does, however loose the umask', async () => {
      const before = process.umask(0)
      cleanup.add(() => process.umask(before))
      let first: number | undefined
      class Watching extends FakeAddonSocket {
        override readonly onBind = (): void => {
          first = lstatSync(path).mode & 0o777
        }
      }
      const surroundings = { clock: reactor, log, closed: () => {} }
      const opening = openUNIXDatagramPort(path, new Recorder(), { mode: 0o600 }, surroundings, () => ({
        DgramSocket: Watching,
      }))
      await cleanup.port(opening)
      expect(first).toBe(0o600)
      expect(process.umask()).toBe(0)
    })

    it('RX-29 fault 17: a stale one is taken over', async () => {
      new PlainDatagrams(path).close()
      const { protocol } = await listen()
      await plain().send('hi', path)
      await until(() => protocol.received.length > 0)
      expect(protocol.received[0]!.text).toBe('hi')
    })

    it('RX-29 fault 17: that of another program that listens is left alone, for streams as well', async () => {
      const taken = { name: 'CannotListenError', code: 'EADDRINUSE', port: path }
      const peer = new PlainDatagrams(path)
      await expect(listen()).rejects.toMatchObject(taken)
      await plain().send('still here', path)
      await until(() => peer.got.length > 0)
      peer.close()
      rmSync(path)
      const server = createServer().listen(path)
      await once(server, 'listening')
      cleanup.add(() => server.close())
      await expect(listen()).rejects.toMatchObject(taken)
      expect(statSync(path).isSocket()).toBe(true)
    })

    it('RX-29 fault 17: what is no socket is left alone', async () => {
      writeFileSync(path, 'precious')
      await expect(listen()).rejects.toMatchObject({ code: 'EADDRINUSE' })
      expect(existsSync(path)).toBe(true)
    })

    it('RX-29 is removed when the port stops', async () => {
      const { port } = await listen()
      expect(existsSync(path)).toBe(true)
      await port.stopListening()
      expect(existsSync(path)).toBe(false)
    })

    it('RX-29 fault 17: another one in its place is left alone', async () => {
      const { port } = await listen()
      renameSync(path, `${path}.aside`)
      const successor = new PlainDatagrams(path)
      cleanup.add(() => successor.close())
      await port.stopListening()
      await plain().send('to the successor', path)
      await until(() => successor.got.length > 0)
      expect(successor.got[0]!.text).toBe('to the successor')
    })

    it('is removed also when the process has gone to another folder', async () => {
      const before = process.cwd()
      cleanup.add(() => process.chdir(before))
      process.chdir(files.folder)
      const opening = reactor.listenUNIXDatagram('relative', new Recorder())
      const { port } = await cleanup.port(opening)
      process.chdir(before)
      await port.stopListening()
      expect(existsSync(`${files.folder}/relative`)).toBe(false)
    })

    it('RX-29 says what the system says when there can be none', async () => {
      path = `${files.folder}/nothing/port`
      await expect(listen()).rejects.toMatchObject({
        name: 'CannotListenError',
        code: 'ENOENT',
        syscall: 'bind',
        port: path,
        message: `Cannot listen on ${path}: bind ENOENT ${path}`,
      })
      expect(reactor.describe().children).toEqual([])
    })

    it('is removed when the protocol cannot be started, or nobody wants the port any more', async () => {
      const error = new Error('broken')
      const broken = new Recorder()
      broken.startProtocol = () => {
        throw error
      }
      await expect(reactor.listenUNIXDatagram(path, broken)).rejects.toBe(error)
      expect(existsSync(path)).toBe(false)
      const controller = new AbortController()
      const opening = listen({ signal: controller.signal })
      controller.abort(error)
      await expect(opening).rejects.toBe(error)
      expect(existsSync(path)).toBe(false)
    })
  })

  describe('sending', () => {
    it('RX-29 what the system calls too long at once is thrown', async () => {
      const { protocol, socket } = await faked()
      socket.onSend = (_length, sent) => sent(new Error('Message too long'))
      expect(() => protocol.transport.write(Buffer.alloc(9000), path)).toThrow(
        expect.objectContaining({ code: 'ERR_SENNIT_MESSAGE_LENGTH', length: 9000 }),
      )
    })

    it('RX-29 what fails is never told inside the call', async () => {
      const { port, protocol, socket } = await faked()
      socket.onSend = (_length, sent) => sent(new Error('Permission denied'))
      protocol.transport.write(Buffer.from('x'), path)
      expect(port.describe().facts['failures']).toBe(0)
      await turns(1)
      expect(port.describe()).toMatchObject({ error: `send EACCES ${path}`, facts: { failures: 1 } })
      expect(log.take()).toEqual(['warn: A datagram could not be sent'])
      socket.onSend = (_length, sent) => sent()
      protocol.transport.write(Buffer.from('x'), path)
      socket.onSend = (_length, sent) => sent(new Error('Permission denied'))
      protocol.transport.write(Buffer.from('x'), path)
      await turns(1)
      expect(log.take()).toEqual(['warn: A datagram could not be sent'])
    })

    it('RX-29 keeps no more than 8 MiB for one that does not read, and goes on when it does', async () => {
      const { port, protocol, socket } = await faked()
      const waiting: (() => void)[] = []
      socket.onSend = (_length, sent) => void waiting.push(sent)
      for (let i = 0; i < 200; i++) protocol.transport.write(Buffer.alloc(65_535), path)
      await turns(1)
      expect(waiting).toHaveLength(127)
      expect(port.describe().facts).toMatchObject({ sent: 200, failures: 73 })
      expect(port.describe().error).toContain('ENOBUFS')
      expect(log.take()).toEqual(['warn: A datagram could not be sent'])
      for (const sent of waiting.splice(0)) sent()
      protocol.transport.write(Buffer.alloc(65_535), path)
      expect(waiting).toHaveLength(1)
    })

    it('an error of the socket itself does not end the process', async () => {
      const { port, socket } = await faked()
      socket.listeners['error']!(new Error('Bad file descriptor') as never)
      expect(port.describe().error).toContain('recv EBADF')
      expect(log.take()).toEqual(['warn: A datagram could not be sent'])
    })
  })

  it('may not be sent to by those whom its mode leaves out', async () => {
    const { protocol } = await listen()
    chmodSync(path, 0o000)
    // Root is never left out.
    if (process.getuid?.() === 0) {
      await plain().send('root', path)
      await until(() => protocol.received.length > 0)
    } else await expect(plain().send('x', path)).rejects.toThrow('Permission denied')
  })

  it('describes itself', async () => {
    const { port, protocol } = await listen({ held: true })
    expect(port.describe()).toEqual({
      kind: 'UNIXDatagramPort',
      name: undefined,
      state: 'held',
      since: expect.any(Number) as number,
      error: undefined,
      facts: { address: `unix:${path}`, received: 0, dropped: 0, sent: 0, failures: 0 },
      children: [],
    })
    port.serve()
    await plain().send('x', path)
    await until(() => protocol.received.length > 0)
    expect(reactor.describe().children).toMatchObject([{ state: 'serving', facts: { received: 1 } }])
    await port.stopListening()
    expect(reactor.describe().children).toEqual([])
  })
})
