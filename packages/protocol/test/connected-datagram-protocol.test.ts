import { describe, expect, it } from 'vitest'
import type { IUNIXDatagramConnectedTransport } from '@sennit/interfaces'
import { UNIXAddress } from '../src/addresses.ts'
import { ConnectedDatagramProtocol } from '../src/connected-datagram-protocol.ts'

const transport: IUNIXDatagramConnectedTransport = {
  write: () => expect.unreachable(),
  stopListening: () => expect.unreachable(),
  getHost: () => new UNIXAddress(''),
  getPeer: () => new UNIXAddress('/run/peer'),
}

describe('ConnectedDatagramProtocol', () => {
  it('PR-32 has a transport that knows its peer once it is started', () => {
    let peer = ''
    class Starting extends ConnectedDatagramProtocol {
      override startProtocol() {
        peer = this.transport.getPeer().path
      }
    }
    new Starting().makeConnection(transport)
    expect(peer).toBe('/run/peer')
  })

  it('lets a datagram and a failure pass when nothing is overridden', () => {
    const protocol = new ConnectedDatagramProtocol()
    expect(() => {
      protocol.makeConnection(transport)
      protocol.datagramReceived(Buffer.from('x'))
      protocol.connectionFailed(new Error('gone'))
      protocol.doStop()
    }).not.toThrow()
  })
})
