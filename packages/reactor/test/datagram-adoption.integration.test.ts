import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { closeSync, openSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { IHostPort, IInspectable, IListeningPort, SocketFamily } from '@sennit/interfaces'
import { DatagramProtocol } from '@sennit/protocol'
import type { NodeReactor } from '../src/index.ts'
import { assertNothingLogged, Cleanup, logged, type TestLog, until } from './kit.ts'

class Recorder extends DatagramProtocol {
  readonly texts: string[] = []
  override datagramReceived(data: Uint8Array, from: IHostPort): void {
    this.texts.push(Buffer.from(data).toString())
    this.transport.write(Buffer.from('re'), from)
  }
}

interface RawUDP {
  readonly fd: number
  bind(host: string, port: number, flags: number): number
  bind6(host: string, port: number, flags: number): number
}

/** A socket of Node's that its loop does not know, as one that another process has passed on. */
function foreignSocket(host?: string): number {
  const { binding } = process as unknown as { binding(name: string): { UDP: new () => RawUDP } }
  const socket = new (binding.call(process, 'udp_wrap').UDP)()
  if (host !== undefined)
    expect(host.includes(':') ? socket.bind6(host, 0, 0) : socket.bind(host, 0, 0)).toBe(0)
  return socket.fd
}

describe('adoptDatagramPort', () => {
  let cleanup: Cleanup
  let reactor: NodeReactor
  let log: TestLog

  beforeEach(() => {
    cleanup = new Cleanup()
    ;({ reactor, log } = logged())
  })
  afterEach(async () => {
    await cleanup.run()
    assertNothingLogged(log)
  })

  it.each([
    ['INET', '127.0.0.1', 'udp4'],
    ['INET6', '::1', 'udp6'],
  ] as const)(
    'RX-30 receives and sends by a socket of %s that was bound by somebody else',
    async (family, host, type) => {
      const protocol = new Recorder()
      const fd = foreignSocket(host)
      const { port, number } = await cleanup.port(reactor.adoptDatagramPort(fd, family, protocol))
      expect(port.getHost()).toMatchObject({ type: 'UDP', host, port: number })
      const peer = createSocket(type)
      cleanup.add(() => peer.close())
      peer.send('hi', number, host)
      const [answer] = (await once(peer, 'message')) as [Buffer]
      expect([protocol.texts, String(answer)]).toEqual([['hi'], 're'])
    },
  )

  it('RX-30 drops and counts what comes to a port that is held, or is too long', async () => {
    const protocol = new Recorder()
    const fd = foreignSocket('127.0.0.1')
    const options = { held: true, maxPacketSize: 2 }
    const { port, number } = await cleanup.port(reactor.adoptDatagramPort(fd, 'INET', protocol, options))
    const dropped = (): unknown => (port as IListeningPort & IInspectable).describe().facts['dropped']
    const peer = createSocket('udp4')
    cleanup.add(() => peer.close())
    peer.send('aa', number, '127.0.0.1')
    await until(() => dropped() === 1)
    port.serve()
    peer.send('bbb', number, '127.0.0.1')
    peer.send('cc', number, '127.0.0.1')
    await until(() => protocol.texts.length > 0)
    expect([protocol.texts, dropped()]).toEqual([['cc'], 2])
  })

  it('RX-30 refuses families that it cannot use, and a socket of another one', async () => {
    const fd = foreignSocket('127.0.0.1')
    for (const family of ['INET6', 'UNIX', 'AX25'] as SocketFamily[]) {
      await expect(reactor.adoptDatagramPort(fd, family, new Recorder())).rejects.toMatchObject({
        code: 'ERR_SENNIT_ADDRESS_FAMILY',
      })
    }
    // It is still whose it was.
    closeSync(fd)
  })

  it('RX-30 refuses a socket for streams', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    cleanup.add(() => server.close())
    const { fd } = (server as unknown as { _handle: { fd: number } })._handle
    await expect(reactor.adoptDatagramPort(fd, 'INET', new Recorder())).rejects.toMatchObject({
      code: 'ERR_SENNIT_SOCKET_TYPE',
    })
  })

  it('RX-30 fault 50: refuses what is no open socket, or not bound', async () => {
    const file = openSync(import.meta.filename, 'r')
    cleanup.add(() => closeSync(file))
    for (const fd of [file, 9999, -1, 1.5, foreignSocket()]) {
      await expect(reactor.adoptDatagramPort(fd, 'INET', new Recorder())).rejects.toMatchObject({
        code: 'ERR_SENNIT_REACTOR_OPTION',
        option: 'fd',
      })
    }
    await expect(
      reactor.adoptDatagramPort(0, 'INET', new Recorder(), { maxPacketSize: 0 }),
    ).rejects.toMatchObject({ code: 'ERR_SENNIT_REACTOR_OPTION', option: 'maxPacketSize' })
  })

  it('RX-30 says what the system says of a socket that the loop has already', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1')
    await once(socket, 'listening')
    cleanup.add(() => socket.close())
    const state = Object.getOwnPropertySymbols(socket).find((key) => String(key).includes('state'))!
    const { fd } = (socket as unknown as Record<symbol, { handle: { fd: number } }>)[state]!.handle
    await expect(reactor.adoptDatagramPort(fd, 'INET', new Recorder())).rejects.toMatchObject({
      name: 'CannotListenError',
      code: 'EEXIST',
    })
  })
})
