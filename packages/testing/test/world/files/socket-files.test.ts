import { describe, expect, it } from 'vitest'
import { Machine } from '../../../src/world/network/machine.ts'
import type { Acceptor, PathReceiver } from '../../../src/world/network/network.ts'

const stream: Acceptor = { isOurs: true, accept() {} }
const datagram: PathReceiver = { receiveFrom() {} }
const failing = (code: string) => expect.objectContaining({ code, address: '/run/a' })

describe('SocketFiles', () => {
  it('PR-26 finds who is behind a path, of the right kind', () => {
    const { sockets, disk } = new Machine('a', 1, [])
    const release = sockets.bind('/run/a', 0o600, { stream })
    expect(disk.at('/run/a')?.mode).toBe(0o600)
    expect(sockets.acceptor('/run/a')).toBe(stream)
    expect(() => sockets.receiver('/run/a')).toThrow(failing('EPROTOTYPE'))
    release()
    expect(() => sockets.acceptor('/run/a')).toThrow(failing('ENOENT'))
    sockets.bind('/run/a', 0o600, { datagram })
    expect(sockets.receiver('/run/a')).toBe(datagram)
    expect(() => sockets.acceptor('/run/a')).toThrow(failing('EPROTOTYPE'))
  })

  it('PR-26 refuses a path that is taken, or has no folder, and takes over a stale file', () => {
    const { sockets, disk } = new Machine('a', 1, [])
    const release = sockets.bind('/run/a', 0o600, { stream })
    expect(() => sockets.bind('/run/a', 0o600, { datagram })).toThrow(failing('EADDRINUSE'))
    expect(() => sockets.bind('/nowhere/a', 0o600, { stream })).toThrow(
      expect.objectContaining({ code: 'ENOENT' }),
    )
    disk.put('/run/a', { kind: 'socket', mode: 0o777 })
    expect(() => sockets.acceptor('/run/a')).toThrow(failing('ECONNREFUSED'))
    sockets.bind('/run/a', 0o600, { datagram })
    release()
    expect(sockets.receiver('/run/a')).toBe(datagram)
  })
})
