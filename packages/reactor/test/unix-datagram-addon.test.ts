import { createRequire } from 'node:module'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ConnectedDatagramProtocol, DatagramProtocol } from '@sennit/protocol'
import { systemError, systemErrorFrom } from '../src/unix-datagram-addon.ts'
import { FolderTree } from './file-tree.ts'
import { TestLog, until } from './kit.ts'

type Resolve = (request: string, ...rest: unknown[]) => string

describe('systemErrorFrom', () => {
  it.each([
    ['Address already in use', 'EADDRINUSE'],
    ['No such file or directory', 'ENOENT'],
    ['Connection refused', 'ECONNREFUSED'],
    ['Permission denied', 'EACCES'],
    ['Not a directory', 'ENOTDIR'],
    ['Message too long', 'EMSGSIZE'],
    ['Protocol wrong type for socket', 'EPROTOTYPE'],
    ['Invalid argument', 'EINVAL'],
    ['Too many open files', 'EMFILE'],
    ['Too many open files in system', 'ENFILE'],
    ['Too many levels of symbolic links', 'ELOOP'],
    ['No buffer space available', 'ENOBUFS'],
    ['Read-only file system', 'EROFS'],
    ['Cannot allocate memory', 'ENOMEM'],
    ['path to bind is too long', 'ENAMETOOLONG'],
  ])('knows %j', (text, code) => {
    const cause = Object.assign(new Error(text), { code: 'Unknown' })
    const error = systemErrorFrom(cause, 'bind', '/run/x')
    expect(error).toMatchObject({ code, syscall: 'bind', address: '/run/x', cause })
    expect(error.message).toBe(`bind ${code} /run/x`)
    expect(error.errno).toBeLessThan(0)
  })

  it('keeps a text that it does not know', () => {
    const error = systemErrorFrom(new Error('DgramSocket has been closed'), 'send', '/run/x')
    expect(error).toMatchObject({ code: 'UNKNOWN', errno: undefined, syscall: 'send' })
    expect(error.message).toBe('send UNKNOWN /run/x: DgramSocket has been closed')
  })
})

describe('systemError', () => {
  it('looks like an error of Node’s', () => {
    const error = systemError({ code: 'ENOENT', syscall: 'connect', path: '/run/x' })
    expect(error).toMatchObject({ message: 'connect ENOENT /run/x', code: 'ENOENT', address: '/run/x' })
    expect('cause' in error).toBe(false)
  })
})

describe('without the package', () => {
  const files = new FolderTree()

  beforeEach(() => {
    const loader = createRequire(import.meta.url)('node:module') as { _resolveFilename: Resolve }
    const original = loader._resolveFilename
    vi.spyOn(loader, '_resolveFilename').mockImplementation(function (request, ...rest) {
      if (request !== 'node-unix-socket') return original.call(loader, request, ...rest)
      throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' })
    })
    vi.resetModules()
  })
  afterEach(() => {
    vi.restoreAllMocks()
    vi.resetModules()
    files.dispose()
  })

  const missing = {
    code: 'ERR_SENNIT_MISSING_PEER',
    message: expect.stringContaining('npm install node-unix-socket') as string,
  }

  it('RX-29 listenUNIXDatagram rejects with what to install', async () => {
    const { NodeReactor } = await import('../src/index.ts')
    const protocol = new DatagramProtocol<never, never>()
    await expect(new NodeReactor().listenUNIXDatagram('/tmp/x', protocol)).rejects.toMatchObject({
      ...missing,
      name: 'MissingPeerError',
      package: 'node-unix-socket',
      cause: { code: 'MODULE_NOT_FOUND' },
    })
  })

  it('PR-32 connectUNIXDatagram tells the protocol what to install', async () => {
    const { NodeReactor } = await import('../src/index.ts')
    const log = new TestLog()
    const failures: Error[] = []
    class Client extends ConnectedDatagramProtocol {
      override connectionFailed(error: Error): void {
        failures.push(error)
      }
    }
    new NodeReactor({ log }).connectUNIXDatagram('/tmp/x', new Client())
    await until(() => failures.length > 0)
    expect(failures).toMatchObject([missing])
  })

  it('everything else of the reactor works', async () => {
    const { NodeReactor } = await import('../src/index.ts')
    const port = await new NodeReactor().listenUDP(0, new DatagramProtocol(), { interface: '127.0.0.1' })
    expect(port.getHost()).toMatchObject({ host: '127.0.0.1' })
    await port.stopListening()
  })
})
