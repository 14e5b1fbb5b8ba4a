import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UNIXConnectOptions } from '@sennit/interfaces'
import { UNIXAddress } from '@sennit/protocol'
import { Clock } from '@sennit/runtime'
import { NodeReactor } from '../src/index.ts'
import { assertNothingLogged, Cleanup, RecordingFactory, TestLog, until } from './kit.ts'
import { SocketFolder } from './socket-folder.ts'

describe('connectUNIX', () => {
  let cleanup: Cleanup
  let files: SocketFolder
  let path: string
  let log: TestLog
  let clock: Clock
  let reactor: NodeReactor
  let factory: RecordingFactory

  beforeEach(() => {
    cleanup = new Cleanup()
    files = new SocketFolder()
    path = files.path()
    log = new TestLog()
    clock = new Clock()
    reactor = new NodeReactor({ clock, log })
    factory = new RecordingFactory()
  })
  afterEach(async () => {
    await cleanup.run()
    files.dispose()
    assertNothingLogged(log)
  })

  function connectTo(options: UNIXConnectOptions = {}): ReturnType<NodeReactor['connectUNIX']> {
    const connector = reactor.connectUNIX(path, factory, options)
    cleanup.add(() => connector.disconnect())
    return connector
  }

  it('RX-28 gives a connector at once, which knows where it leads', async () => {
    const server = createServer((socket) => socket.end('hello')).listen(path)
    cleanup.add(() => server.close())
    await once(server, 'listening')
    const connector = connectTo()
    expect(connector.getDestination()).toEqual(new UNIXAddress(path))
    expect(connector.state).toBe('connecting')
    await until(() => factory.events.includes('doStop'))
    expect(factory.protocol.text).toBe('hello')
    expect(factory.protocol.peer).toEqual(new UNIXAddress(path))
    expect(factory.reason?.name).toBe('ConnectionDone')
    expect(connector.state).toBe('disconnected')
  })

  it('RX-20 is shut down: an attempt is given up, a connection closed for the reason', async () => {
    const server = createServer().listen(path)
    cleanup.add(() => server.close())
    await once(server, 'listening')
    const reason = new Error('the end')
    const connector = connectTo()
    void connector.shutDown(reason)
    expect(factory.reason?.name).toBe('UserError')
    factory = new RecordingFactory()
    const other = connectTo()
    await until(() => other.state === 'connected')
    void other.shutDown(reason)
    await until(() => factory.events.includes('doStop'))
    expect(factory.reason).toBe(reason)
    void other.shutDown(reason)
  })
})
