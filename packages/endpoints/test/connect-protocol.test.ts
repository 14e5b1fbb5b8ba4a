import { MemoryReactorClock } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { connectProtocol } from '../src/connect-protocol.ts'
import { TCP4ClientEndpoint } from '../src/tcp-client-endpoint.ts'
import { Recorder } from './doubles.ts'

describe('connectProtocol', () => {
  it('EP-42 connects this very protocol, and yields it', async () => {
    const reactor = new MemoryReactorClock()
    const protocol = new Recorder()
    const connecting = connectProtocol(new TCP4ClientEndpoint('192.0.2.7', 7, { reactor }), protocol)
    reactor.connectors[0]!.succeed()
    expect(await connecting).toBe(protocol)
    expect(protocol.events).toEqual(['made'])
    reactor.connectors[0]!.lose()
    expect(protocol.events).toEqual(['made', 'lost'])
  })

  it("EP-42 returns the endpoint's result as it is, and passes the options on", () => {
    const result = Promise.resolve(new Recorder())
    const options = { timeout: '5s' } as const
    const calls: unknown[] = []
    const endpoint = {
      connect: (_factory: unknown, given: unknown) => {
        calls.push(given)
        return result as Promise<never>
      },
    }
    expect(connectProtocol(endpoint, new Recorder(), options)).toBe(result)
    expect(calls).toEqual([options])
  })

  it('EP-43 does not set the factory of the protocol', async () => {
    const reactor = new MemoryReactorClock()
    const connecting = connectProtocol(new TCP4ClientEndpoint('192.0.2.7', 7, { reactor }), new Recorder())
    reactor.connectors[0]!.succeed()
    expect((await connecting).factory).toBeUndefined()
  })
})
