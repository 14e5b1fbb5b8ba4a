import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { UNIXConnectOptions } from '@sennit/interfaces'
import { Clock } from '@sennit/runtime'
import { NodeReactor } from '../src/index.ts'
import { assertNothingLogged, Cleanup, RecordingFactory, TestLog, turns, until } from './kit.ts'
import { SocketFolder } from './socket-folder.ts'

const DEAF = `
const { parentPort, workerData } = require('node:worker_threads')
const { gate, path } = workerData
require('node:net').createServer((socket) => socket.end('in')).listen({ path, backlog: 1 }, () => {
  parentPort.postMessage('listening')
  setImmediate(() => Atomics.wait(gate, 0, 0))
})`

describe('UNIXAttempt', () => {
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

  /** A socket that lets nobody in until it is opened: its loop stands still, and the system's queue is full. */
  async function deafSocket(): Promise<() => void> {
    const gate = new Int32Array(new SharedArrayBuffer(4))
    const worker = new Worker(DEAF, { eval: true, workerData: { path, gate } })
    cleanup.add(() => worker.terminate())
    await once(worker, 'message')
    for (let isFull = false; !isFull;) {
      const socket = connect(path)
      cleanup.add(() => socket.destroy())
      isFull = await new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(false))
        socket.once('error', () => resolve(true))
      })
    }
    return () => {
      Atomics.store(gate, 0, 1)
      Atomics.notify(gate, 0)
    }
  }

  it('waits while too many others wait to be accepted', async () => {
    const open = await deafSocket()
    connectTo()
    await until(() => clock.getDelayedCalls().length === 2)
    clock.advance('10ms')
    await until(() => clock.getDelayedCalls().length === 2)
    expect(factory.reason).toBeUndefined()
    open()
    await until(() => {
      clock.advance('10ms')
      return factory.protocols[0]?.text === 'in'
    })
  })

  it('PR-08 waits no longer than its timeout', async () => {
    await deafSocket()
    connectTo({ timeout: '1s' })
    await until(() => clock.getDelayedCalls().length === 2)
    clock.advance('1s')
    expect(factory.reason?.name).toBe('ConnectionTimeoutError')
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('PR-07 gives the waiting up', async () => {
    await deafSocket()
    const connector = connectTo()
    await until(() => clock.getDelayedCalls().length === 2)
    connector.stopConnecting()
    expect(factory.reason?.name).toBe('UserError')
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('PR-07 tells nothing of what was given up, although it connects', async () => {
    let accepted = 0
    const server = createServer((socket) => {
      accepted++
      socket.resume().on('end', () => socket.end())
    }).listen(path)
    cleanup.add(() => server.close())
    await once(server, 'listening')
    connectTo().stopConnecting()
    await turns(50)
    expect(factory.events).toEqual(['doStart', 'startedConnecting', 'failed', 'doStop'])
    expect(accepted).toBeLessThanOrEqual(1)
  })

  it('PR-27 tells later, not inside the call, that the lock is not held', () => {
    connectTo({ checkPID: true })
    expect(factory.events).toEqual(['doStart', 'startedConnecting'])
    clock.advance(0)
    expect(factory.reason).toMatchObject({ name: 'BadFileError', address: path })
    expect(factory.reason?.message).toContain(`${path}.lock`)
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('PR-27 tells nothing of the lock when it is stopped before', () => {
    connectTo({ checkPID: true }).stopConnecting()
    clock.advance(1)
    expect(factory.events).toEqual(['doStart', 'startedConnecting', 'failed', 'doStop'])
    expect(factory.reason?.name).toBe('UserError')
  })

  it('ER-02 a file that is no socket cannot be connected to', async () => {
    await files.put(path, 'file')
    connectTo()
    await until(() => factory.reason)
    expect(factory.reason).toMatchObject({ code: 'ECONNREFUSED', address: path })
  })
})
