import { expect, it } from 'vitest'
import { NetstringReceiver } from '../src/netstring-receiver.ts'
import { FakeTransport } from './fake-transport.ts'

class Echo extends NetstringReceiver {
  override stringReceived(string: Buffer) {
    this.sendString(string)
  }
}

it('NetstringReceiver receives and sends netstrings', () => {
  const protocol = new Echo({ maxLength: 10 })
  const transport = new FakeTransport()
  protocol.makeConnection(transport)
  protocol.dataReceived(Buffer.from('5:hello,0:,'))
  expect([transport.text, protocol.maxLength]).toEqual(['5:hello,0:,', 10])
})
