import dgram from 'node:dgram'
import { once } from 'node:events'
import fs from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { SocketFamily } from '@sennit/interfaces'
import { checkedSocket } from '../src/socket-facts.ts'
import { Cleanup } from './kit.ts'
import { SocketFolder } from './socket-folder.ts'

/** The descriptor of something of Node's. */
const fdOf = (source: object) => (source as { _handle: { fd: number } })._handle.fd

describe('checkedSocket', () => {
  let cleanup: Cleanup
  let files: SocketFolder

  beforeEach(() => {
    cleanup = new Cleanup()
    files = new SocketFolder()
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await cleanup.run()
    files.dispose()
  })

  async function listening(where: object): Promise<Server> {
    const server = createServer().listen(where)
    cleanup.add(() => server.close())
    await once(server, 'listening')
    return server
  }

  async function connected(server: Server): Promise<{ client: Socket; accepted: Socket }> {
    const client = connect(server.address() as { port: number })
    const [accepted] = (await once(server, 'connection')) as [Socket]
    cleanup.add(() => [client, accepted].forEach((socket) => socket.destroy()))
    if (client.connecting) await once(client, 'connect')
    return { client, accepted }
  }

  it.each([
    ['INET', { port: 0, host: '127.0.0.1' }],
    ['INET6', { port: 0, host: '::1' }],
    ['INET6', { port: 0, host: '::' }],
  ] as const)('RX-30 fault 50: knows a port of %s that listens', async (family, where) => {
    const server = await listening(where)
    expect(checkedSocket(fdOf(server), family, 'stream')).toEqual({
      family,
      type: 'stream',
      state: 'listening',
      path: '',
    })
  })

  it('RX-30 fault 50: knows a UNIX socket that listens, and its path', async () => {
    const path = `${files.path()} with  spaces `
    const server = await listening({ path })
    expect(checkedSocket(fdOf(server), 'UNIX', 'stream')).toEqual({
      family: 'UNIX',
      type: 'stream',
      state: 'listening',
      path,
    })
  })

  it('RX-30 fault 50: knows a connection from a port', async () => {
    const { client, accepted } = await connected(await listening({ port: 0, host: '127.0.0.1' }))
    for (const socket of [client, accepted]) {
      expect(checkedSocket(fdOf(socket), 'INET', 'stream')).toMatchObject({ state: 'connected' })
    }
  })

  it.each([
    ['INET', 'udp4'],
    ['INET6', 'udp6'],
  ] as const)('RX-30 fault 50: knows a UDP socket of %s', async (family, type) => {
    const socket = dgram.createSocket(type).bind(0)
    cleanup.add(() => socket.close())
    await once(socket, 'listening')
    const handles = Object.getOwnPropertySymbols(socket).map(
      (key) => (socket as unknown as Record<symbol, { handle?: { fd: number } }>)[key]?.handle?.fd,
    )
    const fd = handles.find((each) => each !== undefined)!
    expect(checkedSocket(fd, family, 'datagram')).toMatchObject({ family, type: 'datagram' })
    expect(() => checkedSocket(fd, family, 'stream')).toThrowError(
      expect.objectContaining({ code: 'ERR_SENNIT_SOCKET_TYPE' }),
    )
  })

  it('RX-30 fault 50: refuses what is of another family', async () => {
    const server = await listening({ port: 0, host: '127.0.0.1' })
    for (const family of ['INET6', 'UNIX'] as const) {
      expect(() => checkedSocket(fdOf(server), family, 'stream')).toThrowError(
        expect.objectContaining({ name: 'UnsupportedAddressFamily', code: 'ERR_SENNIT_ADDRESS_FAMILY' }),
      )
    }
  })

  it.each(['AX25', 'inet', undefined, 2])('RX-30 refuses the family %j', async (family) => {
    const server = await listening({ port: 0, host: '127.0.0.1' })
    expect(() => checkedSocket(fdOf(server), family as SocketFamily, 'stream')).toThrowError(
      expect.objectContaining({ code: 'ERR_SENNIT_ADDRESS_FAMILY' }),
    )
  })

  it('RX-30 fault 50: refuses what is no socket: files, pipes, and what Node has for itself', () => {
    const file = fs.openSync(import.meta.filename, 'r')
    cleanup.add(() => fs.closeSync(file))
    const isNodes = (fd: number) => {
      try {
        return !fs.fstatSync(fd).isSocket()
      } catch {
        return false
      }
    }
    const others = fs.readdirSync('/proc/self/fd').map(Number).filter(isNodes)
    expect(others.length).toBeGreaterThan(2)
    for (const fd of [file, ...others]) {
      expect(() => checkedSocket(fd, 'INET', 'stream')).toThrowError(
        expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION', option: 'fd' }),
      )
    }
  })

  it.each([-1, 1.5, 1_000_000, '3', undefined])('RX-30 refuses the descriptor %j', (fd) => {
    expect(() => checkedSocket(fd as number, 'INET', 'stream')).toThrowError(
      expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION', option: 'fd' }),
    )
  })

  it('RX-30 fault 50: refuses a socket that no table knows, as one that was never bound', async () => {
    const server = await listening({ port: 0, host: '127.0.0.1' })
    vi.spyOn(fs, 'readFileSync').mockReturnValue('  sl  local_address\n')
    expect(() => checkedSocket(fdOf(server), 'INET', 'stream')).toThrowError(
      expect.objectContaining({ code: 'ERR_SENNIT_REACTOR_OPTION', option: 'fd' }),
    )
  })

  it('RX-30 looks at the network of the process that has passed a socket, too', async () => {
    const server = await listening({ port: 0, host: '127.0.0.1' })
    const read = fs.readFileSync
    const asked: string[] = []
    vi.spyOn(fs, 'readFileSync').mockImplementation(((path: string, encoding: 'utf8') => {
      asked.push(path)
      if (path.startsWith('/proc/self/')) throw new Error('ENOENT')
      return read(path, encoding)
    }) as never)
    expect(checkedSocket(fdOf(server), 'INET', 'stream')).toMatchObject({ state: 'listening' })
    expect(asked.at(-1)).toBe(`/proc/${process.ppid}/net/tcp`)
  })

  it('RX-30 elsewhere, a socket is what the caller says', async () => {
    const server = await listening({ port: 0, host: '127.0.0.1' })
    const platform = Object.getOwnPropertyDescriptor(process, 'platform')!
    Object.defineProperty(process, 'platform', { ...platform, value: 'darwin' })
    cleanup.add(() => Object.defineProperty(process, 'platform', platform))
    expect(checkedSocket(fdOf(server), 'UNIX', 'stream')).toBeUndefined()
    expect(() => checkedSocket(1_000_000, 'UNIX', 'stream')).toThrowError(
      expect.objectContaining({ option: 'fd' }),
    )
  })
})
