import { describe, expect, it } from 'vitest'
import { IPv4Address } from '../src/addresses.ts'
import { ConnectionDone } from '../src/connection-errors.ts'
import { Factory } from '../src/factory.ts'
import {
  LimitTotalConnectionsFactory,
  type LimitTotalConnectionsOptions,
} from '../src/limit-total-connections-factory.ts'
import { FakeTransport } from './fake-transport.ts'
import { RecordingProtocol } from './recording-protocol.ts'

class Sorry extends RecordingProtocol {}

function make(options?: LimitTotalConnectionsOptions<Sorry>) {
  const inner = Factory.forProtocol(RecordingProtocol)
  const factory = new LimitTotalConnectionsFactory<RecordingProtocol, Sorry>(inner, options)
  const connect = () => {
    const wrapper = factory.buildProtocol(new IPv4Address('TCP', '192.0.2.1', 1))
    wrapper?.makeConnection(new FakeTransport())
    return wrapper
  }
  return { inner, factory, connect }
}

describe('LimitTotalConnectionsFactory', () => {
  it('refuses one more connection when there are as many as there may be', () => {
    const { factory, connect } = make({ connectionLimit: 2 })
    const first = connect()
    expect([first, connect()].every(Boolean)).toBe(true)
    expect([connect(), factory.connectionCount, factory.refused]).toEqual([undefined, 2, 1])
    first!.connectionLost(new ConnectionDone())
    expect(factory.connectionCount).toBe(1)
    expect(connect()).toBeDefined()
    expect(connect()).toBeUndefined()
  })

  it('has no limit when nothing is said, and refuses all when the limit is 0', () => {
    const { connect } = make()
    for (let i = 0; i < 100; i++) expect(connect()).toBeDefined()
    expect(make({ connectionLimit: 0 }).connect()).toBeUndefined()
  })

  it('has those that are too many served by another factory, and does not count them', () => {
    const overflowFactory = Factory.forProtocol(Sorry)
    const { factory, connect } = make({ connectionLimit: 1, overflowFactory })
    const served = connect()!
    const sorry = connect()!
    expect([served, sorry].map((wrapper) => wrapper.wrappedProtocol instanceof Sorry)).toEqual([false, true])
    expect([factory.connectionCount, factory.protocols.size, factory.refused]).toEqual([1, 2, 1])
    served.connectionLost(new ConnectionDone())
    expect(connect()!.wrappedProtocol).not.toBeInstanceOf(Sorry)
    sorry.connectionLost(new ConnectionDone())
    expect([factory.connectionCount, factory.protocols.size]).toEqual([1, 1])
    overflowFactory.buildProtocol = () => undefined
    expect(connect()).toBeUndefined()
  })

  it('starts and stops the other factory with itself', () => {
    const order: string[] = []
    class Told extends Factory<Sorry> {
      override startFactory() {
        order.push('starts')
      }
      override stopFactory() {
        order.push('stops')
      }
    }
    const { factory } = make({ overflowFactory: new Told() })
    factory.doStart()
    factory.doStop()
    expect(order).toEqual(['starts', 'stops'])
  })

  it.each([-1, 0.5, NaN])('refuses the limit %d', (connectionLimit) => {
    expect(() => make({ connectionLimit })).toThrow(
      expect.objectContaining({ code: 'ERR_SENNIT_POLICY_OPTION', option: 'connectionLimit' }),
    )
  })
})
