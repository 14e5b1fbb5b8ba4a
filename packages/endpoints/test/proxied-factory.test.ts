import type {
  IHandshakeListener,
  IProtocol,
  IStopRequested,
  ITLSTransport,
  StartTLSOptions,
} from '@sennit/interfaces'
import { Factory, internetAddress } from '@sennit/protocol'
import { Clock, hasRole } from '@sennit/runtime'
import { MemoryLog, StringTransport } from '@sennit/testing'
import { describe, expect, it } from 'vitest'
import { ProxiedFactory, type ProxiedTLS } from '../src/proxied-factory.ts'
import { ProxyGate } from '../src/proxy-gate.ts'
import { TrustedNetworks } from '../src/trusted-networks.ts'
import { factoryOf, onMade, RecorderFactory } from './doubles.ts'

const proxy = internetAddress('TCP', '127.0.0.1', 40_000)
const HEADER = Buffer.from('PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n')

class Transport extends StringTransport implements ITLSTransport {
  readonly started: StartTLSOptions[] = []
  startTLS(options: StartTLSOptions): void {
    this.started.push(options)
  }
}

function behind(
  factory: RecorderFactory | ReturnType<typeof factoryOf> = new RecorderFactory(),
  tls?: ProxiedTLS,
) {
  const clock = new Clock()
  const log = new MemoryLog()
  const gate = new ProxyGate({ trusted: new TrustedNetworks(), headerTimeout: 5, clock, log })
  const outer = new ProxiedFactory(factory, gate, tls)
  const transport = new Transport({ peer: proxy })
  const protocol = outer.buildProtocol(proxy) as IProtocol & Partial<IStopRequested & IHandshakeListener>
  protocol.makeConnection(transport)
  return { clock, log, gate, outer, transport, protocol, factory: factory as RecorderFactory }
}

describe('ProxiedFactory', () => {
  it('EP-62 EP-63 builds the protocol after the header, with the addresses of the header, and delivers what follows', () => {
    const { protocol, factory, transport } = behind()
    protocol.dataReceived(HEADER.subarray(0, 9))
    expect(factory.built).toEqual([])
    protocol.dataReceived(Buffer.concat([HEADER.subarray(9), Buffer.from('hello')]))
    const [inner] = factory.built
    expect(inner!.events).toEqual(['made', 'hello'])
    expect(factory.addresses.map(String)).toEqual(['tcp:192.0.2.7:56324'])
    expect(inner!.transport).toBe(transport)
    expect(String(inner!.transport.getPeer())).toBe('tcp:192.0.2.7:56324')
    expect(String(inner!.transport.getHost())).toBe('tcp:192.0.2.1:443')
    protocol.dataReceived(Buffer.from('more'))
    protocol.connectionLost(new Error('gone'))
    expect(inner!.events).toEqual(['made', 'hello', 'more', 'lost'])
  })

  it('EP-63 keeps the real addresses when the header leaves them open', () => {
    const { protocol, factory, transport } = behind()
    const host = transport.getHost()
    protocol.dataReceived(Buffer.from('PROXY UNKNOWN\r\n'))
    expect(factory.addresses).toEqual([proxy])
    expect([factory.built[0]!.transport.getPeer(), factory.built[0]!.transport.getHost()]).toEqual([
      proxy,
      host,
    ])
  })

  it('EP-63 closes the connection, and delivers nothing, when it begins with something else', () => {
    const { protocol, factory, transport, gate } = behind()
    protocol.dataReceived(Buffer.from('GET / HTTP/1.1\r\n'))
    protocol.dataReceived(HEADER)
    protocol.connectionLost(new Error('gone'))
    expect(transport.abortReason).toMatchObject({ code: 'ERR_SENNIT_PROXY_HEADER' })
    expect(factory.built).toEqual([])
    expect(gate.invalid).toBe(1)
  })

  it('EP-63 closes the connection when the header does not come in time', () => {
    const { protocol, transport, clock } = behind()
    protocol.dataReceived(HEADER.subarray(0, 20))
    clock.advance(5)
    expect(transport.disconnected).toBe(true)
  })

  it('forgets the deadline when the connection is lost first', () => {
    const { protocol, clock } = behind()
    protocol.connectionLost(new Error('gone'))
    expect(clock.getDelayedCalls()).toEqual([])
  })

  it('EP-62 refuses whoever is not trusted', () => {
    const { outer, gate } = behind()
    expect(outer.buildProtocol(internetAddress('TCP', '192.0.2.66', 1))).toBeUndefined()
    expect(gate.untrusted).toBe(1)
  })

  it('closes the connection when it is told to stop before the header', () => {
    const { protocol, transport } = behind()
    protocol.stopRequested!()
    expect(transport.disconnecting).toBe(true)
  })

  it('tells the protocol to stop after the header, if it wants to know', () => {
    const stops: string[] = []
    const stopping = Object.assign(
      onMade(() => {}),
      { stopRequested: () => stops.push('stop') },
    )
    const { protocol } = behind(factoryOf(() => stopping))
    protocol.dataReceived(HEADER)
    protocol.stopRequested!()
    expect(stops).toEqual(['stop'])
    const other = behind().protocol
    other.dataReceived(HEADER)
    expect(hasRole<IStopRequested>(other, ['stopRequested'])).toBe(false)
  })

  it('delivers nothing to a protocol that has closed its connection', () => {
    const closing = onMade((transport) => transport.loseConnection())
    const { protocol } = behind(factoryOf(() => closing))
    protocol.dataReceived(Buffer.concat([HEADER, Buffer.from('late')]))
    expect(closing.events).toEqual([])
  })

  it('cuts the connection when the factory builds nothing, or throws', () => {
    const error = new Error('boom')
    for (const [factory, errors] of [
      [factoryOf(() => undefined), []],
      [
        factoryOf(() => {
          throw error
        }),
        [error],
      ],
    ] as const) {
      const { protocol, transport, log } = behind(factory)
      protocol.dataReceived(HEADER)
      expect(transport.disconnected).toBe(true)
      expect(log.errors()).toEqual(errors)
      protocol.dataReceived(Buffer.from('late'))
    }
  })

  it('passes the use of the factory on, and a drain, if the factory has one', () => {
    const { outer, factory } = behind()
    outer.doStart()
    outer.doStop()
    expect(factory.calls).toEqual(['doStart', 'doStop'])
    expect(outer.drain).toBeUndefined()
    const drains: number[] = []
    const draining = Object.assign(new Factory(), { drain: (timeout: number) => void drains.push(timeout) })
    const { gate } = behind()
    void new ProxiedFactory(draining, gate).drain!(5)
    expect(drains).toEqual([5])
  })
})

describe('ProxiedFactory with a handshake', () => {
  const tls: ProxiedTLS = { options: () => ({ key: 'KEY', cert: 'CERT' }), handshakeTimeout: 3 }

  it('EP-62 begins the handshake after the header, with what follows, and builds the protocol after that', () => {
    const { protocol, factory, transport } = behind(undefined, tls)
    protocol.dataReceived(Buffer.concat([HEADER, Buffer.from('ClientHello')]))
    expect(transport.started).toEqual([
      { isServer: true, key: 'KEY', cert: 'CERT', handshakeTimeout: 3, received: Buffer.from('ClientHello') },
    ])
    expect(factory.built).toEqual([])
    protocol.handshakeCompleted!()
    expect(factory.built[0]!.events).toEqual(['made'])
    expect(factory.addresses.map(String)).toEqual(['tcp:192.0.2.7:56324'])
    protocol.dataReceived(Buffer.from('private'))
    expect(factory.built[0]!.events).toEqual(['made', 'private'])
  })

  it('has nothing for the handshake when nothing follows', () => {
    const { protocol, transport } = behind(undefined, tls)
    protocol.dataReceived(HEADER)
    expect(transport.started[0]!.received).toBeUndefined()
  })

  it('builds nothing when the handshake fails', () => {
    const { protocol, factory } = behind(undefined, tls)
    protocol.dataReceived(HEADER)
    protocol.connectionLost(new Error('no shared cipher'))
    expect(factory.built).toEqual([])
  })

  it('tells the protocol of the handshake, if it wants to know', () => {
    const events: string[] = []
    const listener = Object.assign(
      onMade(() => events.push('made')),
      { handshakeCompleted: () => events.push('handshake') },
    )
    const { protocol } = behind(
      factoryOf(() => listener),
      tls,
    )
    protocol.dataReceived(HEADER)
    protocol.handshakeCompleted!()
    expect(events).toEqual(['made', 'handshake'])
  })
})
