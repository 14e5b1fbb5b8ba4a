import { describe, expect, it } from 'vitest'
import { IPv4Address, IPv6Address, UNIXAddress } from '../src/addresses.ts'
import { ConnectionDone } from '../src/connection-errors.ts'
import { Factory } from '../src/factory.ts'
import { LimitConnectionsByPeer } from '../src/limit-connections-by-peer.ts'
import { FakeTransport } from './fake-transport.ts'
import { RecordingProtocol } from './recording-protocol.ts'

const peer = (host: string, port = 1) => new IPv4Address('TCP', host, port)

function make(options?: ConstructorParameters<typeof LimitConnectionsByPeer>[1]) {
  const inner = Factory.forProtocol(RecordingProtocol)
  const factory = new LimitConnectionsByPeer(inner, options)
  const connect = (address: Parameters<typeof factory.buildProtocol>[0]) => {
    const wrapper = factory.buildProtocol(address)
    wrapper?.makeConnection(new FakeTransport())
    return wrapper
  }
  return { inner, factory, connect }
}

describe('LimitConnectionsByPeer', () => {
  it('refuses one more connection from a host that has five, whatever its ports, and from no other', () => {
    const { factory, connect } = make()
    const wrappers = [1, 2, 3, 4, 5].map((port) => connect(peer('192.0.2.1', port)))
    expect(wrappers.every(Boolean)).toBe(true)
    expect([connect(peer('192.0.2.1', 6)), factory.refused, factory.protocols.size]).toEqual([
      undefined,
      1,
      5,
    ])
    expect(connect(peer('192.0.2.2'))).toBeDefined()
    wrappers[2]!.connectionLost(new ConnectionDone())
    expect(connect(peer('192.0.2.1', 7))).toBeDefined()
    expect(connect(peer('192.0.2.1', 8))).toBeUndefined()
  })

  it('counts only connections that stand', () => {
    const { inner, factory, connect } = make({ maxConnectionsPerPeer: 1 })
    const { buildProtocol } = inner
    inner.buildProtocol = () => undefined
    for (let i = 0; i < 3; i++) expect(connect(peer('192.0.2.1'))).toBeUndefined()
    inner.buildProtocol = buildProtocol
    for (let i = 0; i < 3; i++) expect(factory.buildProtocol(peer('192.0.2.1'))).toBeDefined()
    const wrapper = connect(peer('192.0.2.1'))
    expect([wrapper !== undefined, connect(peer('192.0.2.1')), factory.refused]).toEqual([true, undefined, 1])
  })

  it('forgets a peer whose connections are gone, and can begin again', () => {
    const { factory, connect } = make({ maxConnectionsPerPeer: 1 })
    for (let i = 0; i < 3; i++) connect(peer('192.0.2.1'))!.connectionLost(new ConnectionDone())
    expect(factory.peerConnections.size).toBe(0)
    expect(connect(peer('192.0.2.1'))).toBeDefined()
  })

  it('has no limit for addresses without a host', () => {
    const { connect } = make({ maxConnectionsPerPeer: 0 })
    expect(connect(peer('192.0.2.1'))).toBeUndefined()
    for (const name of ['', '/run/x'])
      for (let i = 0; i < 3; i++) connect(new UNIXAddress(name))!.connectionLost(new ConnectionDone())
  })

  it('can be told who is one peer', () => {
    const { connect } = make({
      maxConnectionsPerPeer: 1,
      peerOf: (address) =>
        address instanceof IPv6Address ? address.host.split(':').slice(0, 4).join(':') : undefined,
    })
    expect(connect(new IPv6Address('TCP', '2001:db8:1:2::1', 1))).toBeDefined()
    expect(connect(new IPv6Address('TCP', '2001:db8:1:2::2', 1))).toBeUndefined()
    expect(connect(new IPv6Address('TCP', '2001:db8:1:3::1', 1))).toBeDefined()
    expect([connect(peer('192.0.2.1')), connect(peer('192.0.2.1'))].every(Boolean)).toBe(true)
  })

  it.each([
    [{ maxConnectionsPerPeer: -1 }, 'maxConnectionsPerPeer'],
    [{ maxConnectionsPerPeer: NaN }, 'maxConnectionsPerPeer'],
    [{ peerOf: 'host' as never }, 'peerOf'],
  ])('refuses %o', (options, option) => {
    expect(() => make(options)).toThrow(expect.objectContaining({ code: 'ERR_SENNIT_POLICY_OPTION', option }))
  })
})
