/** Random histories of a factory that connects again, in a service or without one: one attempt at most waits, and none when there is none to come. */
import type { IConnector } from '@sennit/interfaces'
import { ConnectionLost, ConnectionRefusedError, Protocol } from '@sennit/protocol'
import { MemoryLog, type RecordedConnector } from '@sennit/testing'
import { expect, it } from 'vitest'
import { ReconnectingClientFactory, TCPClient } from '../src/index.ts'
import { CallRecorder } from './doubles.ts'

/** A small generator that repeats. */
function generator(seed: number): (below: number) => number {
  let state = seed * 2 + 1
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

it.each(Array.from({ length: 80 }, (_, i) => i + 1))(
  'RF-01 RF-05 LG-12 connects again whenever it is to, and never else, in history %i',
  async (seed) => {
    const pick = generator(seed)
    const reactor = new CallRecorder()
    const log = new MemoryLog()
    let given: IConnector | undefined
    class Feed extends ReconnectingClientFactory {
      override protocol = Protocol
      override startedConnecting(connector: IConnector): void {
        given = connector
      }
      // Whatever a factory may do when it is told.
      override clientConnectionFailed(connector: IConnector, reason: Error): void {
        const what = pick(8)
        if (what === 0) connector.connect()
        else super.clientConnectionFailed(connector, reason)
        if (what === 1) this.stopTrying()
        if (what === 2) this.resetDelay()
      }
      override clientConnectionLost(connector: IConnector, reason: Error): void {
        const what = pick(8)
        if (what === 0) this.stopTrying()
        super.clientConnectionLost(connector, reason)
        if (what === 1) this.resetDelay()
        if (what === 2) connector.connect()
      }
    }
    const factory = new Feed({ maxRetries: 5 })
    const client = new TCPClient('carbon', 2003, factory, { reactor, log, random: () => pick(1000) / 1000 })
    const current = (): RecordedConnector | undefined => reactor.connectors.at(-1)
    const quietly = (f: () => void) => {
      try {
        f()
      } catch (error) {
        expect(error).toMatchObject({
          code: expect.stringMatching(
            /ERR_SENNIT_(?:CONNECT_IN_PROGRESS|NOT_CONNECTING|NO_CONNECTOR)/,
          ) as string,
        })
      }
    }
    for (let i = 0; i < 60; i++) {
      const connector = current()
      switch (pick(12)) {
        case 0:
        case 1:
          await client.startService()
          break
        case 2: {
          const stopped = client.stopService()
          if (connector?.state === 'connected') connector.lose(new ConnectionLost())
          await stopped
          break
        }
        case 3:
        case 4:
          if (connector?.state === 'connecting') connector.fail(new ConnectionRefusedError())
          break
        case 5:
          if (connector?.state === 'connecting') connector.succeed()
          break
        case 6:
          if (connector?.state === 'connected') connector.lose(new ConnectionLost())
          break
        case 7:
          if (pick(4) === 0) factory.stopTrying()
          break
        case 8:
          if (pick(2) === 0) factory.resetDelay()
          else quietly(() => factory.retry())
          break
        case 9:
          quietly(() => given?.connect())
          break
        default:
          // Nothing that was waited for may throw: that would be an error nobody can see.
          reactor.advance(pick(100))
      }
      const waiting = reactor.getDelayedCalls().length
      expect(waiting, 'one attempt at most').toBeLessThanOrEqual(1)
      if (!client.running) expect([waiting, current()?.state ?? 'disconnected']).toEqual([0, 'disconnected'])
      expect(factory.delay).toBeLessThanOrEqual(3600)
    }
    const connector = current()
    const stopped = client.stopService()
    if (connector?.state === 'connected') connector.lose(new ConnectionLost())
    await stopped
    expect(reactor.getDelayedCalls()).toEqual([])
    const { attempts } = connector ?? { attempts: 0 }
    given?.connect()
    factory.resetDelay()
    if (given !== undefined) factory.clientConnectionFailed(given, new ConnectionRefusedError())
    reactor.advance(10_000)
    expect(current()?.attempts ?? 0).toBe(attempts)
  },
)
