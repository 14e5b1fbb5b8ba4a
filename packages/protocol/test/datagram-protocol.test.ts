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

describe('DatagramProtocol', () => {
  it('has a transport once it is started', () => {
    let port = 0
    class Starting extends DatagramProtocol {
      override startProtocol() {
        port = this.transport.getHost().port
      }
    }
    new Starting().makeConnection(transport)
    expect(port).toBe(1)
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
