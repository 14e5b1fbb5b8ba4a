import { connect } from 'node:tls'
import type { Socket } from 'node:net'
import { handler } from '@sennit/protocol'
import { ConnectionSet } from '@sennit/protocol/internal'
import { Clock } from '@sennit/runtime'
import { afterEach, describe, expect, it } from 'vitest'
import { SSLIntake } from '../src/ssl-intake.ts'
import { TCPConnections } from '../src/tcp-transport.ts'
import { Cleanup, RecordingFactory, TestLog, until } from './kit.ts'
import { client, server, trust } from './tls-kit.ts'

const cleanup = new Cleanup()
afterEach(() => cleanup.run())

/** An intake, and a server whose sockets go through it. */
async function intakeFor(factory: ConstructorParameters<typeof ConnectionSet>[0]['handler']) {
  const log = new TestLog()
  const clock = new Clock()
  const connections = new ConnectionSet({ handler: factory, clock, log })
  const intake = new SSLIntake(server, 10)
  const serve = intake.serving(factory, new TCPConnections(), {
    connections,
    clock,
    log,
    idleTimeout: Infinity,
    receiveTimeout: Infinity,
  })
  const sockets: Socket[] = []
  const { number } = await cleanup.server((socket) => {
    sockets.push(socket)
    serve(socket)
  })
  return { clock, connections, intake, number, sockets }
}

function secure(socket: Socket): void {
  connect({ socket, host: '127.0.0.1', ...trust }).on('error', () => {})
}

describe('SSLIntake', () => {
  it('counts a connection as accepted when its handshake is done', async () => {
    const factory = new RecordingFactory()
    const { connections, intake, number } = await intakeFor(factory)
    const peer = await cleanup.client(number)
    await until(() => intake.facts().handshakes === 1)
    expect([connections.size, connections.accepted]).toEqual([1, 0])
    secure(peer.socket)
    await until(() => factory.protocols.length === 1)
    expect(intake.facts()).toEqual({ handshakes: 0, handshakeFailures: 0 })
    expect([connections.size, connections.accepted]).toEqual([1, 1])
  })

  it('counts one that fails as a failure only', async () => {
    const { clock, connections, intake, number } = await intakeFor(new RecordingFactory())
    await cleanup.client(number)
    await until(() => intake.facts().handshakes === 1)
    clock.advance(10)
    expect(intake.facts()).toEqual({ handshakes: 0, handshakeFailures: 1 })
    expect([connections.size, connections.accepted, connections.refused]).toEqual([0, 0, 0])
  })

  it('gives up who has said nothing when the port stops, and waits for who has', async () => {
    const { connections, intake, number, sockets } = await intakeFor(handler(async () => {}))
    const [silent, slow] = [await cleanup.client(number), await cleanup.client(number)]
    slow.socket.write(Buffer.from([0x16]))
    await until(() => intake.facts().handshakes === 2 && sockets.some(({ bytesRead }) => bytesRead > 0))
    let isDrained = false
    void connections.drain()!.then(() => (isDrained = true))
    await until(() => silent.ended || silent.closed)
    await until(() => intake.facts().handshakes === 1)
    expect([isDrained, slow.ended]).toEqual([false, false])
    slow.socket.destroy()
    await until(() => isDrained)
    expect(intake.facts()).toEqual({ handshakes: 0, handshakeFailures: 2 })
  })

  it('keeps the old options when the new ones cannot work', async () => {
    const factory = new RecordingFactory()
    const { intake, number } = await intakeFor(factory)
    expect(() => intake.setOptions({ ...server, key: client.key })).toThrow(
      "Cannot exchange credentials: 'key' must be",
    )
    secure((await cleanup.client(number)).socket)
    await until(() => factory.protocols.length === 1)
  })
})
