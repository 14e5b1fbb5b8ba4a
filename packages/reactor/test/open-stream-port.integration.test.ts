import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ConnectionHandler, TCPListenOptions } from '@sennit/interfaces'
import type { NodeReactor } from '../src/index.ts'
import { assertNothingLogged, Cleanup, LOCAL, logged, RecordingFactory, type TestLog } from './kit.ts'

describe('opening a port', () => {
  let cleanup: Cleanup
  let reactor: NodeReactor
  let log: TestLog

  beforeEach(() => {
    cleanup = new Cleanup()
    ;({ reactor, log } = logged())
  })
  afterEach(async () => {
    vi.restoreAllMocks()
    await cleanup.run()
    assertNothingLogged(log)
  })

  const listen = (handler_: ConnectionHandler, options: TCPListenOptions = {}) =>
    cleanup.port(reactor.listenTCP(0, handler_, { ...LOCAL, drainTimeout: 0.2, ...options }))

  it('refuses what is no handler', async () => {
    await expect(reactor.listenTCP(0, {} as never, LOCAL)).rejects.toMatchObject({
      code: 'ERR_SENNIT_HANDLER',
    })
  })

  it('a doStart that throws closes the port and rejects', async () => {
    const factory = new RecordingFactory()
    const error = new Error('broken')
    factory.doStart = () => {
      throw error
    }
    await expect(reactor.listenTCP(0, factory, LOCAL)).rejects.toBe(error)
    expect(reactor.describe().children).toEqual([])
  })

  it('a signal gives the bind up', async () => {
    const reason = new Error('no longer wanted')
    const factory = new RecordingFactory()
    await expect(reactor.listenTCP(0, factory, { ...LOCAL, signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    )
    const controller = new AbortController()
    const busy = createServer().listen(0, '127.0.0.1')
    await once(busy, 'listening')
    const { port } = busy.address() as AddressInfo
    busy.close()
    await once(busy, 'close')
    const opening = reactor.listenTCP(port, factory, { ...LOCAL, signal: controller.signal })
    controller.abort(reason)
    await expect(opening).rejects.toBe(reason)
    expect(factory.events).toEqual([])
    const { number } = await cleanup.port(reactor.listenTCP(port, factory, LOCAL))
    expect(number).toBe(port)
  })

  it('lets the process end when it is told to', async () => {
    const alive = () => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length
    const before = alive()
    await listen(new RecordingFactory(), { unref: true })
    expect(alive()).toBe(before)
    await listen(new RecordingFactory())
    expect(alive()).toBe(before + 1)
  })
})
