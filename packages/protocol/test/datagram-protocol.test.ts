import { describe, expect, it } from 'vitest'
import type { IUDPTransport } from '@sennit/interfaces'
import { IPv4Address } from '../src/addresses.ts'
import { DatagramProtocol } from '../src/datagram-protocol.ts'

const transport: IUDPTransport = {
  write: () => expect.unreachable(),
  connect: () => expect.unreachable(),
  stopListening: () => expect.unreachable(),
  getHost: () => new IPv4Address('UDP', '127.0.0.1', 1),
}

class Recording extends DatagramProtocol {
  readonly calls: string[] = []
  override startProtocol() {
    this.calls.push(`start ${this.transport.getHost().port}`)
  }
  override stopProtocol() {
    this.calls.push('stop')
  }
}

describe('DatagramProtocol', () => {
  it('starts with its first port, whose transport is there', () => {
    const protocol = new Recording()
    protocol.makeConnection(transport)
    protocol.makeConnection(transport)
    expect(protocol.calls).toEqual(['start 1'])
    expect(protocol.transport).toBe(transport)
  })

  it('stops with its last port, and ignores one stop too many', () => {
    const protocol = new Recording()
    protocol.makeConnection(transport)
    protocol.makeConnection(transport)
    protocol.doStop()
    expect(protocol.calls).toEqual(['start 1'])
    protocol.doStop()
    protocol.doStop()
    expect(protocol.calls).toEqual(['start 1', 'stop'])
  })

  it('starts also after one stop too many', () => {
    const protocol = new Recording()
    protocol.doStop()
    protocol.makeConnection(transport)
    expect(protocol.calls).toEqual(['start 1'])
  })

  it('is not in use when its start throws', () => {
    class Failing extends Recording {
      override startProtocol() {
        throw new Error('no')
      }
    }
    const protocol = new Failing()
    expect(() => protocol.makeConnection(transport)).toThrow('no')
    protocol.doStop()
    expect(protocol.calls).toEqual([])
  })

  it('lets a datagram and a refusal pass when nothing is overridden', () => {
    const protocol = new DatagramProtocol()
    expect(() => {
      protocol.makeConnection(transport)
      protocol.datagramReceived(Buffer.from('x'), transport.getHost())
      protocol.connectionRefused()
      protocol.doStop()
    }).not.toThrow()
  })
})
