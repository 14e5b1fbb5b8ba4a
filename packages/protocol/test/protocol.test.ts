import { describe, expect, it } from 'vitest'
import { ConnectionDone } from '../src/connection-errors.ts'
import { Protocol } from '../src/protocol.ts'
import { FakeTransport } from './fake-transport.ts'

describe('Protocol', () => {
  it('PR-01 sets connected and transport, then calls connectionMade', () => {
    const seen: unknown[] = []
    class Watch extends Protocol {
      override connectionMade() {
        seen.push(this.connected, this.transport)
      }
    }
    const protocol = new Watch()
    const transport = new FakeTransport()
    expect(protocol.connected).toBe(false)
    protocol.makeConnection(transport)
    expect(seen).toEqual([true, transport])
  })

  it('is not connected after the loss', () => {
    const protocol = new Protocol()
    protocol.makeConnection(new FakeTransport())
    protocol.dataReceived(Buffer.from('ignored'))
    protocol.connectionLost(new ConnectionDone())
    expect(protocol.connected).toBe(false)
  })
})
