import type { IClosingTransport, ILog, IReactorTime } from '@sennit/interfaces'
import { systemClock } from '@sennit/runtime'
import { afterEach, describe, expect, it } from 'vitest'
import { NodeReactor } from '../src/node-reactor.ts'
import { Cleanup, LOCAL, RecordingFactory, TestLog, until } from './kit.ts'
import { server, TLSClient } from './tls-kit.ts'

const cleanup = new Cleanup()
afterEach(() => cleanup.run())

interface Situated extends IClosingTransport {
  readonly clock: IReactorTime
  readonly log: ILog
}

describe('a transport', () => {
  it('says what its port inherited', async () => {
    const log = new TestLog()
    const factory = new RecordingFactory()
    const context = { clock: systemClock, log }
    const { number } = await cleanup.port(new NodeReactor().listenTCP(0, factory, { ...LOCAL, context }))
    await cleanup.client(number)
    await until(() => factory.protocols.length === 1)
    const { clock, log: given } = factory.protocol.transport as unknown as Situated
    expect([clock === systemClock, given === log]).toEqual([true, true])
  })

  it.each(['loseConnection', 'abortConnection'] as const)(
    'says that it closes, after %s and after the loss',
    async (how) => {
      const factory = new RecordingFactory()
      const { number } = await cleanup.port(new NodeReactor().listenSSL(0, factory, server, LOCAL))
      const peer = new TLSClient({ port: number })
      cleanup.add(() => peer.socket.destroy())
      await until(() => factory.protocols.length === 1)
      const transport = factory.protocol.transport as unknown as Situated & typeof factory.protocol.transport
      expect(transport.disconnecting).toBe(false)
      transport.loseWriteConnection()
      expect(transport.disconnecting).toBe(false)
      transport[how]()
      expect(transport.disconnecting).toBe(true)
      peer.socket.end()
      await until(() => factory.protocol.reason)
      expect(transport.disconnecting).toBe(true)
    },
  )
})
